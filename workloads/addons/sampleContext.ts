import { PROFILES } from "../../infra/config/profile";
import type { Fleet } from "../../infra/config/fleet";
import { podLogGroup, regionNames } from "../../infra/config/names";
import { commonTags } from "../../infra/config/tags";
import type { Service } from "../catalogue";
import type { AddonContext } from "./addon";
import { isAskedByGlobalRegion } from "./observability";

/** No AWS account has this id; it marks an ARN as a sample. */
const SAMPLE_ACCOUNT = "000000000000";

/**
 * A context for a region of which no cloud is asked: names and figures from config are the real ones,
 * ids and ARNs have AWS's shape with the account {@link SAMPLE_ACCOUNT}. The same on every machine.
 */
export function sampleContext(
  fleet: Fleet,
  region: string,
  services: readonly Service[],
): AddonContext {
  const names = regionNames(fleet, region);
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${region}:${SAMPLE_ACCOUNT}:${rest}`;
  const consumers = services.filter(({ queue }) => queue !== undefined);
  const targetGroup = (name: string) =>
    arn("elasticloadbalancing", `targetgroup/edge-${name}/0123456789abcdef`);
  return {
    fleet,
    region,
    names,
    profile: PROFILES[fleet.environment],
    capacity: 1,
    accountId: SAMPLE_ACCOUNT,
    vpcId: "vpc-0123456789abcdef0",
    clusterSecurityGroupId: "sg-0123456789abcdef0",
    nodeRole: {
      name: `${names.cluster}-node`,
      arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:role/${names.cluster}-node`,
    },
    interruptionQueue: {
      name: names.queue("karpenter"),
      arn: arn("sqs", names.queue("karpenter")),
    },
    targetGroups: { https: targetGroup("https"), http: targetGroup("http") },
    queues: Object.fromEntries(
      consumers.map(({ name }) => [name, { arn: arn("sqs", names.queue(name)) }]),
    ),
    metricsBucket: { name: names.metricsBucket, arn: `arn:aws:s3:::${names.metricsBucket}` },
    ...(isAskedByGlobalRegion(fleet, region) && {
      metricsEntry: { grpc: targetGroup("metrics-grpc"), http: targetGroup("metrics-http") },
    }),
    podLogs: { name: podLogGroup(names), arn: arn("logs", `log-group:${podLogGroup(names)}`) },
    storageKeyArn: arn("kms", "key/01234567-89ab-4cde-8f01-23456789abcd"),
    tags: commonTags(fleet, region),
  };
}
