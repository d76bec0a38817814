import type { Addon } from "./addon";
import { argoCd } from "./argoCd";
import { awsLoadBalancerController } from "./awsLoadBalancerController";
import { awsLoadBalancerControllerCrds } from "./awsLoadBalancerControllerCrds";
import { certManager } from "./certManager";
import { externalSecrets } from "./externalSecrets";
import { karpenter } from "./karpenter";
import { karpenterCrd } from "./karpenterCrd";
import { keda } from "./keda";
import { kuberayOperator } from "./kuberayOperator";
import { kuberayOperatorCrds } from "./kuberayOperatorCrds";
import { metricsServer } from "./metricsServer";
import { nvidiaDevicePlugin } from "./nvidiaDevicePlugin";
import { reloader } from "./reloader";
import { verticalPodAutoscaler } from "./verticalPodAutoscaler";
import { verticalPodAutoscalerCrds } from "./verticalPodAutoscalerCrds";

/** Every add-on, in no order of weight: `installOrder` finds that from what each depends on. */
export const ADDONS: readonly Addon[] = [
  argoCd,
  awsLoadBalancerController,
  awsLoadBalancerControllerCrds,
  certManager,
  externalSecrets,
  karpenter,
  karpenterCrd,
  keda,
  kuberayOperator,
  kuberayOperatorCrds,
  metricsServer,
  nvidiaDevicePlugin,
  reloader,
  verticalPodAutoscaler,
  verticalPodAutoscalerCrds,
];
