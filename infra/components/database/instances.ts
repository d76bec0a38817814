import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ENGINE } from "./engine";

/** Seconds between enhanced-monitoring samples. */
const MONITORING_INTERVAL = 60;

/** Days; 7 is the period without a charge. */
const PERFORMANCE_INSIGHTS_DAYS = 7;

/** Aurora knows promotion tiers 0 to 15; the lowest becomes the writer first. */
const MAX_PROMOTION_TIER = 15;

export interface DatabaseInstancesArgs {
  clusterIdentifier: pulumi.Input<string>;
  instanceClass: string;
  count: number;
  /** Zones that the instances go round, in order. */
  zones: readonly string[];
  parameterGroupName: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  /** IAM role of enhanced monitoring; IAM names are account-wide. */
  monitoringRoleName: string;
  tags: Record<string, string>;
}

/** The instances of a region's cluster, spread over the zones. Which one writes is Aurora's business. */
export class DatabaseInstances extends pulumi.ComponentResource {
  readonly instances: readonly aws.rds.ClusterInstance[];

  constructor(name: string, args: DatabaseInstancesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:DatabaseInstances", name, {}, opts);

    const monitoring = this.createMonitoringRole(name, args);
    this.instances = Array.from({ length: args.count }, (_, index) =>
      this.createInstance(name, args, index, monitoring),
    );

    this.registerOutputs({ instances: this.instances.map(({ id }) => id) });
  }

  private createMonitoringRole(name: string, args: DatabaseInstancesArgs) {
    const role = new aws.iam.Role(
      `${name}-monitoring`,
      {
        name: args.monitoringRoleName,
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
          Service: "monitoring.rds.amazonaws.com",
        }),
        tags: args.tags,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicyAttachment(
      `${name}-monitoring`,
      { role: role.name, policyArn: aws.iam.ManagedPolicy.AmazonRDSEnhancedMonitoringRole },
      { parent: this },
    );
    return { role, policy };
  }

  private createInstance(
    name: string,
    args: DatabaseInstancesArgs,
    index: number,
    monitoring: { role: aws.iam.Role; policy: aws.iam.RolePolicyAttachment },
  ): aws.rds.ClusterInstance {
    return new aws.rds.ClusterInstance(
      `${name}-${index}`,
      {
        clusterIdentifier: args.clusterIdentifier,
        engine: ENGINE,
        // No engineVersion: an instance takes its cluster's, also after an upgrade of the Global Database.
        instanceClass: args.instanceClass,
        availabilityZone: args.zones[index % args.zones.length],
        promotionTier: Math.min(index, MAX_PROMOTION_TIER),
        dbParameterGroupName: args.parameterGroupName,
        publiclyAccessible: false,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: args.kmsKeyArn,
        performanceInsightsRetentionPeriod: PERFORMANCE_INSIGHTS_DAYS,
        monitoringInterval: MONITORING_INTERVAL,
        monitoringRoleArn: monitoring.role.arn,
        // Members of a Global Database run one version; a single region must not run ahead.
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        applyImmediately: true,
        tags: args.tags,
      },
      { parent: this, dependsOn: [monitoring.policy] },
    );
  }
}
