import type { StackChanges } from "../../infra/failover/resources";
import type { Step } from "../engine/stackRunner";
import type { EditKind } from "./words";

const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
/** The provider comes and goes with the only command; it is no thing of the cloud. */
const COMMAND = new Set(["command:local:Command", "pulumi:providers:command"]);
const RELEASE = "kubernetes:helm.sh/v3:Release";
const NODE_POOL = /^kubernetes:karpenter\.sh\/v1:NodePool$/;

/** Components change nothing anywhere; these are the only ones that an edit brings or takes. */
const COMPONENTS: Readonly<Record<string, EditKind>> = {
  "multi-region-eks:database:DatabasePromotion": "role",
  "multi-region-eks:workloads:ServiceRelease": "takeover",
};

export interface Expectation {
  /** What was edited since the stack last ran. */
  kinds: ReadonlySet<EditKind>;
  /** What the model of a failover says becomes of the stack. */
  changes: Pick<StackChanges, "create" | "update" | "delete">;
}

/**
 * What of an operation's steps is not what the edits should do, a line each. A traffic edit is one
 * update in place of one gate's threshold; a role edit brings or takes the promotion's command; a
 * takeover brings or takes releases of services, a capacity updates them and the node pools. Releases
 * of services are held to the model one by one.
 */
export function judge(steps: readonly Step[], { kinds, changes }: Expectation): string[] {
  const odd = steps.filter((step) => ![...kinds].some((kind) => allows(kind, step)));
  return [
    ...odd.map((step) => `is none of ${[...kinds].join(", ") || "nothing"}: ${words(step)}`),
    ...demandCount(kinds.has("traffic") ? 1 : 0, steps),
    ...demandReleases("create", changes.create, steps),
    ...demandReleases("delete", changes.delete, steps),
    ...demandReleases("update", changes.update, steps),
  ];
}

function allows(kind: EditKind, { op, type, custom, diffs }: Step): boolean {
  if (!custom) return COMPONENTS[type] === kind && (op === "create" || op === "delete");
  switch (kind) {
    case "traffic":
      return type === HEALTH_CHECK && op === "update" && diffs.join() === "childHealthThreshold";
    case "role":
      return COMMAND.has(type);
    case "takeover":
      return type === RELEASE && (op === "create" || op === "delete");
    case "capacity":
      return (type === RELEASE || NODE_POOL.test(type)) && op === "update";
  }
}

function demandCount(wanted: number, steps: readonly Step[]): string[] {
  const found = steps.filter(({ type }) => type === HEALTH_CHECK);
  if (found.length === wanted) return [];
  return [`changes ${found.length} health checks, not ${wanted}: ${found.map(words).join("; ")}`];
}

/** The model calls a service's release `release <service>`. */
function demandReleases(
  op: "create" | "update" | "delete",
  modelled: readonly string[],
  steps: readonly Step[],
): string[] {
  const wanted = modelled.flatMap((name) => /^release (.+)$/.exec(name)?.[1] ?? []);
  const releases = steps.filter((step) => step.type === RELEASE && step.op === op).map(nameOf);
  const missing = wanted.filter((service) => !releases.some((name) => isOf(name, service)));
  const extra = releases.filter(
    // A node pool may stand in a release of its own; the kinds judge those.
    (name) => op !== "update" && !wanted.some((service) => isOf(name, service)),
  );
  return [
    ...missing.map((service) => `does not ${op} the release of ${service}`),
    ...extra.map((name) => `has to ${op} no release ${name}`),
  ];
}

const nameOf = ({ urn }: Step): string => urn.split("::").at(-1) ?? urn;
const isOf = (name: string, service: string): boolean =>
  name === service || name.endsWith(`-${service}`) || name.endsWith(`-${service}-release`);

function words(step: Step): string {
  const paths = step.diffs.length > 0 ? ` [${step.diffs.join(", ")}]` : "";
  return `${step.op} ${step.type} ${nameOf(step)}${paths}`;
}
