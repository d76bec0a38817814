import type { AddonContext, AddonObject } from "./addon";

export interface TargetGroupBindingsArgs {
  /** Namespace of the ingress gateway. */
  namespace: string;
  /** Its Service; of type ClusterIP. */
  service: string;
  /** Port names or numbers of that Service. */
  ports: { https: string | number; http: string | number };
}

/**
 * Binds a Service's pods to the target groups of the region's load balancer. Without `networking`: the
 * security group rules are the program's (infra/components/edge/security.ts), so the controller needs
 * no right to change any.
 */
export function targetGroupBindings(
  { targetGroups }: Pick<AddonContext, "targetGroups">,
  { namespace, service, ports }: TargetGroupBindingsArgs,
): AddonObject[] {
  return (["https", "http"] as const).map((protocol) => ({
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name: `${service}-${protocol}`, namespace },
    spec: {
      serviceRef: { name: service, port: ports[protocol] },
      targetGroupARN: targetGroups[protocol],
      targetType: "ip",
      ipAddressType: "ipv4",
    },
  }));
}
