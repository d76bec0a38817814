/** What several services' manifests have in common, as the tests expect it. */
import { only } from "./committed";
import type { Rendered } from "./committed";

/** Labels that select a service's pods. */
export const selector = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": name,
});

export const SECURITY = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

export const CONTAINER_SECURITY = {
  ...SECURITY,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ["ALL"] },
};

export const BEHAVIOR = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Min",
    policies: [
      { type: "Percent", value: 50, periodSeconds: 60 },
      { type: "Pods", value: 10, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
  },
};

export const to = (peer: object, ...ports: [number, string][]) => ({
  to: [peer].flat(),
  ports: ports.map(([port, protocol]) => ({ port, protocol })),
});
export const from = (peer: object, ...ports: number[]) => ({
  from: [peer],
  ports: ports.map((port) => ({ port, protocol: "TCP" })),
});
export const block = (...cidrs: string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
export const pods = (labels: object, namespace?: string) => ({
  podSelector: { matchLabels: labels },
  ...(namespace && {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  }),
});
export const named = (name: string) => pods({ "app.kubernetes.io/name": name });

export const FLEET = block("10.16.0.0/16", "10.17.0.0/16", "10.18.0.0/16");
export const AWS = to(block("0.0.0.0/0"), [443, "TCP"]);
export const DATABASE = to(FLEET, [5432, "TCP"]);
export const DNS = to(pods({ "k8s-app": "kube-dns" }, "kube-system"), [53, "TCP"], [53, "UDP"]);
export const ISTIOD = to(pods({ app: "istiod" }, "istio-system"), [15012, "TCP"]);
export const TRACES = to(
  pods({ "app.kubernetes.io/name": "opentelemetry-collector" }, "monitoring"),
  [4317, "TCP"],
);
export const POD_IDENTITY = to(block("169.254.170.23/32", "fd00:ec2::23/128"), [80, "TCP"]);
export const GATEWAY = pods({ istio: "ingress" }, "istio-ingress");
export const PROMETHEUS = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
};

/** `<kind>/<name>` of each object. */
export const ids = (objects: readonly Rendered[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();

export const specOf = (objects: readonly Rendered[], kind: string, name?: string) =>
  only(objects, kind, name).spec;
