import type { Addon } from "./addon";
import { onSystemNodes } from "./placement";

const REQUESTS = { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "256Mi" } };

/** Certificates inside the cluster: of webhooks, and of the ingress gateway, to which the edge re-encrypts. */
export const certManager: Addon = {
  name: "cert-manager",
  namespace: { name: "cert-manager", podSecurity: "restricted" },
  chart: { chart: "oci://quay.io/jetstack/charts/cert-manager", version: "v1.21.1" },
  crds: { by: "templates", value: "crds.enabled" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => {
    const { nodeSelector, tolerations } = onSystemNodes();
    return {
      crds: { enabled: true, keep: true },
      // Its own namespace, so that its role needs nothing in kube-system.
      global: { leaderElection: { namespace: "cert-manager" }, nodeSelector },
      replicaCount: 2,
      podDisruptionBudget: { enabled: true },
      resources: REQUESTS,
      tolerations,
      webhook: {
        replicaCount: 2,
        podDisruptionBudget: { enabled: true },
        resources: REQUESTS,
        tolerations,
      },
      cainjector: { replicaCount: 2, resources: REQUESTS, tolerations },
      // The job that Helm waits for: it passes when the webhook answers.
      startupapicheck: { enabled: true, tolerations },
    };
  },
};
