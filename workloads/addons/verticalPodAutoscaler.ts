import type { Addon } from "./addon";
import { RESTRICTED_CONTAINER } from "./kubernetesObjects";
import { onSystemNodes } from "./placement";

/** Says, and where a service wants it sets, what pods should request. */
export const verticalPodAutoscaler: Addon = {
  name: "vertical-pod-autoscaler",
  namespace: { name: "vertical-pod-autoscaler", podSecurity: "restricted" },
  chart: {
    chart: "vertical-pod-autoscaler",
    version: "0.11.0",
    repository: "https://kubernetes.github.io/autoscaler",
  },
  crds: { by: "addon", addon: "vertical-pod-autoscaler-crds" },
  dependsOn: ["vertical-pod-autoscaler-crds", "metrics-server", "cert-manager"],
  values: () => ({
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: RESTRICTED_CONTAINER,
    admissionController: {
      // cert-manager renews it; the chart's own job makes one that nobody does.
      certGen: { enabled: false },
      certManager: { enabled: true, createSelfSignedIssuer: { enabled: true } },
      // Under the keys that cert-manager gives a Secret.
      volumes: [
        {
          name: "tls-certs",
          secret: {
            secretName: "vpa-tls-certs",
            items: [
              { key: "ca.crt", path: "caCert.pem" },
              { key: "tls.crt", path: "serverCert.pem" },
              { key: "tls.key", path: "serverKey.pem" },
            ],
          },
        },
      ],
      ...sized("64Mi"),
    },
    recommender: sized("256Mi"),
    updater: sized("128Mi"),
  }),
};

function sized(memory: string) {
  return {
    replicas: 2,
    resources: { requests: { cpu: "25m", memory }, limits: { memory: "512Mi" } },
    ...onSystemNodes(),
  };
}
