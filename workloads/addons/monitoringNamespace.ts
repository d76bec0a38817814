import type { OwnNamespace } from "./addon";

/** Prometheus, Grafana, Thanos and what feeds them; the services' network policies let its pods in. */
export const MONITORING: OwnNamespace = { name: "monitoring", podSecurity: "restricted" };
