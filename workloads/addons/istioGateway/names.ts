/** Namespace, release and so service account of the gateway, which the services' values name as a caller. */
export const GATEWAY_NAMESPACE = "istio-ingress";
export const GATEWAY_RELEASE = "istio-ingress";

/** The Istio Gateway that VirtualServices bind to (`mesh.gateway` of workloads/charts/service). */
export const PUBLIC_GATEWAY = "public";
