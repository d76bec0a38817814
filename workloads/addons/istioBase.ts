import type { Addon, OwnNamespace } from "./addon";
import { ISTIO_REPOSITORY, ISTIO_VERSION } from "./istioVersion";

/** Istio's root namespace: a policy here without a selector holds for the whole mesh. */
export const ISTIO_NAMESPACE: OwnNamespace = { name: "istio-system", podSecurity: "restricted" };

/** Istio's CRDs, which the chart renders as templates (kept when the release goes), and its reader's role. */
export const istioBase: Addon = {
  name: "istio-base",
  namespace: ISTIO_NAMESPACE,
  chart: { chart: "base", version: ISTIO_VERSION, repository: ISTIO_REPOSITORY },
  crds: { by: "templates", value: "base.enableCRDTemplates" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    base: { enableCRDTemplates: true },
    // For clusters that read each other's endpoints; each region's mesh is its own.
    global: { enableReaderRBAC: false },
  }),
};
