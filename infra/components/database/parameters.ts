import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../config/errors";
import { PARAMETER_FAMILY } from "./engine";

/** Aurora takes no smaller cap for `rds.global_db_rpo` (Aurora guide, managing RPOs). */
const MIN_GLOBAL_RPO_SECONDS = 20;

interface Parameter {
  name: string;
  value: string;
  applyMethod: "immediate" | "pending-reboot";
}

export interface DatabaseParametersArgs {
  /** See {@link clusterParameters}. */
  globalRpoSeconds?: number;
  tags: Record<string, string>;
}

/** Parameter groups of one region. A member inherits none of them from the primary, so each declares its own. */
export class DatabaseParameters extends pulumi.ComponentResource {
  readonly clusterGroupName: pulumi.Output<string>;
  readonly instanceGroupName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseParametersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:DatabaseParameters", name, {}, opts);
    const parent = { parent: this };
    const common = { family: PARAMETER_FAMILY, tags: args.tags };

    const cluster = new aws.rds.ClusterParameterGroup(
      `${name}-cluster`,
      { ...common, parameters: clusterParameters(args.globalRpoSeconds) },
      parent,
    );
    const instance = new aws.rds.ParameterGroup(
      `${name}-instance`,
      { ...common, parameters: INSTANCE_PARAMETERS },
      parent,
    );

    this.clusterGroupName = cluster.name;
    this.instanceGroupName = instance.name;
    this.registerOutputs({
      clusterGroupName: this.clusterGroupName,
      instanceGroupName: this.instanceGroupName,
    });
  }
}

/**
 * TLS for every client, and schema changes in the log. That TLS is forced is Aurora 17's default; RDS
 * records no apply method for a value that is the default and answers `pending-reboot`, so that any other
 * would show as a change for ever (provider guide, ClusterParameterGroup).
 *
 * @param globalRpoSeconds caps the data that a failover may lose: while every secondary lags by more,
 *   the primary holds commits back. Needs a secondary, costs availability when all are out of reach;
 *   Aurora's default is no cap.
 * @throws OperatorError below 20 seconds, which Aurora refuses.
 */
export function clusterParameters(globalRpoSeconds?: number): Parameter[] {
  const always = [
    parameter("rds.force_ssl", "1", "pending-reboot"),
    parameter("log_statement", "ddl"),
  ];
  if (globalRpoSeconds === undefined) return always;
  if (!Number.isInteger(globalRpoSeconds) || globalRpoSeconds < MIN_GLOBAL_RPO_SECONDS) {
    throw new OperatorError({
      key: "database.globalRpoSeconds",
      value: globalRpoSeconds,
      rule: `Aurora caps a Global Database's data loss at ${MIN_GLOBAL_RPO_SECONDS} whole seconds or more`,
      fix: `set ${MIN_GLOBAL_RPO_SECONDS} or more, or leave it out for no cap`,
    });
  }
  return [...always, parameter("rds.global_db_rpo", String(globalRpoSeconds))];
}

/** What makes slow and blocked statements visible; milliseconds. */
const INSTANCE_PARAMETERS = [
  parameter("log_min_duration_statement", "1000"),
  parameter("log_lock_waits", "1"),
];

/** All are dynamic parameters: no reboot. */
function parameter(
  name: string,
  value: string,
  applyMethod: Parameter["applyMethod"] = "immediate",
): Parameter {
  return { name, value, applyMethod };
}
