import type { Addon } from "./addon";
import { onSystemNodes } from "./placement";

/** Namespace of Argo CD and of the Applications. */
export const ARGO_CD_NAMESPACE = "argocd";

const sized = (cpu: string, memory: string, limit: string) => ({
  resources: { requests: { cpu, memory }, limits: { memory: limit } },
});

/**
 * Keeps the services as the repository has them, where an environment's `delivery` is `argocd`. Without
 * single sign-on, notifications and ApplicationSets: one Application per service comes from the stack.
 */
export const argoCd: Addon = {
  name: "argo-cd",
  namespace: { name: ARGO_CD_NAMESPACE, podSecurity: "restricted" },
  chart: {
    chart: "argo-cd",
    version: "10.1.1",
    repository: "https://argoproj.github.io/argo-helm",
  },
  crds: { by: "templates", value: "crds.install" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    crds: { install: true, keep: true },
    global: onSystemNodes(),
    configs: {
      cm: {
        // Nobody signs in: operators use `argocd --core` with their cluster access.
        "admin.enabled": "false",
        "application.resourceTrackingMethod": "annotation",
      },
    },
    dex: { enabled: false },
    notifications: { enabled: false },
    applicationSet: { replicas: 0 },
    controller: sized("250m", "512Mi", "2Gi"),
    repoServer: {
      replicas: 2,
      ...sized("100m", "256Mi", "1Gi"),
      pdb: { enabled: true, maxUnavailable: 1 },
    },
    server: { replicas: 1, ...sized("50m", "128Mi", "512Mi") },
    redis: sized("50m", "64Mi", "256Mi"),
  }),
};
