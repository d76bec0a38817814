import type { Catalogue } from "../definition";
import { acm } from "./acm";
import { backup } from "./backup";
import { cloudwatch } from "./cloudwatch";
import { commands } from "./commands";
import { eks } from "./eks";
import { elasticache } from "./elasticache";
import { eventBridge } from "./eventBridge";
import { iam } from "./iam";
import { kms } from "./kms";
import { kubernetes } from "./kubernetes";
import { launchTemplates } from "./launchTemplates";
import { loadBalancing } from "./loadBalancing";
import { random } from "./random";
import { rds } from "./rds";
import { rdsProxy } from "./rdsProxy";
import { route53 } from "./route53";
import { routes } from "./routes";
import { s3 } from "./s3";
import { secretsManager } from "./secretsManager";
import { securityGroups } from "./securityGroups";
import { sns } from "./sns";
import { sqs } from "./sqs";
import { vpc } from "./vpc";
import { vpcEndpoints } from "./vpcEndpoints";
import { vpcPeering } from "./vpcPeering";

export { invokes } from "./invokes";

/** Every resource type that the doubles know. */
export const catalogue: Catalogue = {
  ...acm,
  ...backup,
  ...cloudwatch,
  ...commands,
  ...eks,
  ...elasticache,
  ...eventBridge,
  ...iam,
  ...kms,
  ...kubernetes,
  ...launchTemplates,
  ...loadBalancing,
  ...random,
  ...rds,
  ...rdsProxy,
  ...route53,
  ...routes,
  ...s3,
  ...secretsManager,
  ...securityGroups,
  ...sns,
  ...sqs,
  ...vpc,
  ...vpcEndpoints,
  ...vpcPeering,
};
