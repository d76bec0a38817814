import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

export interface DatabasePromotionArgs {
  region: string;
  /** Identifier of the Aurora Global Database. */
  globalCluster: string;
  /** Identifier of the region's own cluster. */
  cluster: string;
  onPromotion: "switchover" | "allow-data-loss";
  /** Replication lag, seconds, above which the promotion is refused. */
  maxLagSeconds: number;
  /**
   * Region of the writer, as this region's RDS tells it now; undefined where it does not (before the
   * first `up`). The command runs again exactly when it is another region, whatever the last run left
   * in the state: a region that was lost and comes back has to be promoted anew.
   */
  writer: string | undefined;
}

/**
 * Makes this region the Aurora writer: a command, because a switchover is an API call and no property
 * of a resource. A stack has it while its file says `database.role: primary`; taking it out runs nothing.
 * Credentials are those of the environment that Pulumi runs in.
 */
export class DatabasePromotion extends pulumi.ComponentResource {
  constructor(name: string, args: DatabasePromotionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:DatabasePromotion", name, {}, opts);

    const here = args.writer === args.region;
    new command.local.Command(
      `${name}-command`,
      {
        create: commandLine(args),
        triggers: here ? [] : [`writer ${args.writer ?? "unknown"} at ${new Date().toISOString()}`],
      },
      // A region that is the writer has nothing to run, whatever was edited.
      { parent: this, ignoreChanges: here ? ["triggers", "create"] : [] },
    );
    this.registerOutputs();
  }
}

/** The command as a preview shows it and an operator may run it, in the project's directory. */
export function commandLine(args: Omit<DatabasePromotionArgs, "writer">): string {
  return [
    "node -r ts-node/register cli/promote.ts",
    `--region ${args.region}`,
    `--global-cluster ${args.globalCluster}`,
    `--cluster ${args.cluster}`,
    `--max-lag-seconds ${args.maxLagSeconds}`,
    ...(args.onPromotion === "allow-data-loss" ? ["--allow-data-loss"] : []),
  ].join(" ");
}

/**
 * The region of a Global Database's writer, by the RDS endpoint of the stack's region; undefined when
 * there is no such database yet.
 */
export async function findWriter(globalCluster: string): Promise<string | undefined> {
  try {
    const { members } = await aws.rds.getGlobalCluster({ identifier: globalCluster });
    return members.find(({ isWriter }) => isWriter)?.dbClusterArn.split(":")[3];
  } catch (error) {
    if (error instanceof Error && /not ?found|no matching|empty result/i.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
