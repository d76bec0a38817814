import type { Addon } from "./addon";
import { argoCd } from "./argoCd";
import { awsForFluentBit } from "./awsForFluentBit";
import { awsLoadBalancerController } from "./awsLoadBalancerController";
import { awsLoadBalancerControllerCrds } from "./awsLoadBalancerControllerCrds";
import { certManager } from "./certManager";
import { cloudWatchMetrics } from "./cloudWatchMetrics";
import { externalSecrets } from "./externalSecrets";
import { istioBase } from "./istioBase";
import { istioCni } from "./istioCni";
import { istiod } from "./istiod";
import { istioGateway } from "./istioGateway";
import { karpenter } from "./karpenter";
import { karpenterCrd } from "./karpenterCrd";
import { keda } from "./keda";
import { kubePrometheusStack } from "./kubePrometheusStack";
import { kuberayOperator } from "./kuberayOperator";
import { kuberayOperatorCrds } from "./kuberayOperatorCrds";
import { metricsServer } from "./metricsServer";
import { nvidiaDevicePlugin } from "./nvidiaDevicePlugin";
import { openTelemetryCollector } from "./openTelemetryCollector";
import { reloader } from "./reloader";
import { thanos } from "./thanos";
import { thanosCompactor } from "./thanosCompactor";
import { thanosGlobal } from "./thanosGlobal";
import { verticalPodAutoscaler } from "./verticalPodAutoscaler";
import { verticalPodAutoscalerCrds } from "./verticalPodAutoscalerCrds";

/** Every add-on, in no order of weight: `installOrder` finds that from what each depends on. */
export const ADDONS: readonly Addon[] = [
  argoCd,
  awsForFluentBit,
  awsLoadBalancerController,
  awsLoadBalancerControllerCrds,
  certManager,
  cloudWatchMetrics,
  externalSecrets,
  istioBase,
  istioCni,
  istiod,
  istioGateway,
  karpenter,
  karpenterCrd,
  keda,
  kubePrometheusStack,
  kuberayOperator,
  kuberayOperatorCrds,
  metricsServer,
  nvidiaDevicePlugin,
  openTelemetryCollector,
  reloader,
  thanos,
  thanosCompactor,
  thanosGlobal,
  verticalPodAutoscaler,
  verticalPodAutoscalerCrds,
];
