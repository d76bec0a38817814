/** Ports of the ingress gateway's pods: what the load balancer sends to, and what it asks for health. */
export const GATEWAY_PORTS = { http: 8080, https: 8443, status: 15021 } as const;

/** The gateway's readiness, as Istio's proxy serves it on its status port. */
export const GATEWAY_HEALTH_PATH = "/healthz/ready";
