/** Of the controller's chart and of the chart of its CRDs, which go together. */
// renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter
export const KARPENTER_VERSION = "1.14.1";
