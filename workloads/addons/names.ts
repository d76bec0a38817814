/**
 * Every add-on of the platform: what a cluster needs before our services are of use. A new one is a
 * name here, a file of its own and a line in `catalogue.ts`. Config turns them on and off by name.
 */
export const ADDON_NAMES = [
  "aws-load-balancer-controller-crds",
  "aws-load-balancer-controller",
  "metrics-server",
  "cert-manager",
  "external-secrets",
  "karpenter-crd",
  "karpenter",
  "reloader",
  "keda",
  "vertical-pod-autoscaler-crds",
  "vertical-pod-autoscaler",
  "nvidia-device-plugin",
  "kuberay-operator-crds",
  "kuberay-operator",
  "argo-cd",
  "istio-base",
  "istio-cni",
  "istiod",
  "istio-gateway",
  "kube-prometheus-stack",
  "thanos",
  "thanos-compactor",
  "thanos-global",
  "cloudwatch-metrics",
  "aws-for-fluent-bit",
  "opentelemetry-collector",
] as const;

export type AddonName = (typeof ADDON_NAMES)[number];
