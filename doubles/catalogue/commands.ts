import type { Thing } from "../cloud";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { text } from "../values";
import { membersOf } from "./rds";

/**
 * Commands that a stack runs on the operator's machine. The double runs none: it does to the cloud what
 * the commands that it knows would have done, and refuses the others.
 */
export const commands: Catalogue = {
  "command:local:Command": {
    scope: "global",
    forceNew: ["triggers"],
    validate: (inputs) => {
      const create = text(inputs, "create");
      if (create !== undefined && promotionOf(create) === undefined) {
        refuse(`the doubles do not know the command ${create}`, "create");
      }
    },
    id: (_inputs, { cloud }) => `command-${cloud.hex(12)}`,
    outputs: () => ({ stdout: "", stderr: "" }),
    admit: (inputs, call) => {
      const promotion = promotionOf(text(inputs, "create") ?? "");
      if (call.self === undefined && promotion !== undefined) admitPromotion(promotion, call);
    },
    created: ({ inputs }, call) => {
      const promotion = promotionOf(text(inputs, "create") ?? "");
      if (promotion !== undefined) moveWriter(promotion, call);
    },
  },
};

interface Promotion {
  region: string;
  globalCluster: string;
  cluster: string;
  allowDataLoss: boolean;
}

/** What `cli/promote.ts` is asked; undefined for any other command. */
function promotionOf(create: string): Promotion | undefined {
  if (!create.startsWith("node -r ts-node/register cli/promote.ts ")) return undefined;
  const flag = (name: string): string => new RegExp(`--${name} (\\S+)`).exec(create)?.[1] ?? "";
  return {
    region: flag("region"),
    globalCluster: flag("global-cluster"),
    cluster: flag("cluster"),
    allowDataLoss: create.includes(" --allow-data-loss"),
  };
}

/** What RDS refuses of a switchover or failover, by the endpoint of the promoted region. */
function admitPromotion(promotion: Promotion, { cloud }: Pick<Call, "cloud">): void {
  const { region, globalCluster, cluster, allowDataLoss } = promotion;
  cloud.call(region, "rds DescribeGlobalClusters");
  const members = membersOf({ cloud }, globalCluster);
  if (cloud.assumeExisting && members.length === 0) return;
  if (!members.some((member) => isOf(promotion, member))) {
    refuse(`DBClusterNotFoundFault: ${cluster} (${region}) is no member of ${globalCluster}`);
  }
  const writer = members.find(({ state }) => state.globalRole === "primary");
  // A switchover synchronises with the old writer first, so that has to answer.
  if (writer !== undefined && !allowDataLoss) {
    cloud.call(writer.region, "rds SwitchoverGlobalCluster");
  }
}

function moveWriter(promotion: Promotion, { cloud }: Pick<Call, "cloud">): void {
  for (const member of membersOf({ cloud }, promotion.globalCluster)) {
    member.state.globalRole = isOf(promotion, member) ? "primary" : "secondary";
  }
}

function isOf({ region, cluster }: Promotion, member: Thing): boolean {
  return member.region === region && member.id === cluster;
}
