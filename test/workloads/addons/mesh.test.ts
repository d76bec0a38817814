import assert from "node:assert/strict";
import { GATEWAY_PORTS } from "../../../infra/components/edge/gateway";
import type { AddonContext, AddonObject } from "../../../workloads/addons/addon";
import { istioGateway } from "../../../workloads/addons/istioGateway";
import { istiod } from "../../../workloads/addons/istiod";
import { context } from "./sample";

const objects = istioGateway.objects?.(context) ?? [];
const only = (kind: string, from: readonly AddonObject[] = objects): AddonObject => {
  const [found, ...others] = from.filter((object) => object.kind === kind);
  assert.ok(found !== undefined && others.length === 0, kind);
  return found;
};

interface GatewayValues {
  service: { type: string; ports: { name: string; port: number; targetPort: number }[] };
  autoscaling: { minReplicas: number; maxReplicas: number };
  lifecycle: { preStop: { sleep: { seconds: number } } };
  terminationGracePeriodSeconds: number;
}

const values = (changed: Partial<AddonContext> = {}): GatewayValues =>
  istioGateway.values({ ...context, ...changed }) as unknown as GatewayValues;

describe("Mesh", () => {
  it("takes mutual TLS only, and denies what no policy allows", () => {
    const own = istiod.objects?.(context) ?? [];
    assert.deepEqual(
      own.map(({ kind, metadata: { namespace }, spec }) => [kind, namespace, spec]),
      [
        ["PeerAuthentication", "istio-system", { mtls: { mode: "STRICT" } }],
        ["AuthorizationPolicy", "istio-system", {}],
      ],
    );
  });
});

describe("Ingress gateway", () => {
  it("is what the services' values name: release, account and labels", () => {
    assert.equal(istioGateway.releaseName, "istio-ingress");
    const { name, namespace } = only("Gateway").metadata;
    assert.equal(`${namespace}/${name}`, "istio-ingress/public");
    assert.deepEqual((only("Gateway").spec as { selector: object }).selector, { istio: "ingress" });
  });

  it("serves TLS to a client that sends no SNI, and redirects HTTP", () => {
    const hosts = ["api.example.com", "media.example.com", "eu-west-1.example.com"];
    const { servers } = only("Gateway").spec as { servers: unknown[] };
    assert.deepEqual(servers, [
      {
        port: { name: "https", number: 8443, protocol: "HTTPS" },
        hosts: ["services/*"],
        tls: {
          mode: "SIMPLE",
          credentialName: "gateway-internal",
          minProtocolVersion: "TLSV1_2",
        },
      },
      {
        port: { name: "http", number: 8080, protocol: "HTTP" },
        hosts,
        tls: { httpsRedirect: true },
      },
    ]);
  });

  it("answers for our hosts and the region's own alone, with and without a port", () => {
    assert.deepEqual(only("AuthorizationPolicy").spec, {
      selector: { matchLabels: { istio: "ingress" } },
      action: "ALLOW",
      rules: [
        {
          to: [
            {
              operation: {
                hosts: [
                  ...["api.example.com", "api.example.com:*"],
                  ...["media.example.com", "media.example.com:*"],
                  ...["eu-west-1.example.com", "eu-west-1.example.com:*"],
                ],
              },
            },
          ],
        },
      ],
    });
  });

  it("has its certificate before the Gateway that uses it", () => {
    const kinds = objects.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("Issuer") < kinds.indexOf("Certificate"));
    assert.ok(kinds.indexOf("Certificate") < kinds.indexOf("Gateway"));
    const { secretName } = only("Certificate").spec as { secretName: string };
    assert.equal(secretName, "gateway-internal");
  });

  it("is registered on the ports that the load balancer sends to, by a Service of no other kind", () => {
    const { type, ports } = values().service;
    assert.equal(type, "ClusterIP");
    assert.deepEqual(
      ports.map(({ port, targetPort }) => [port, targetPort]),
      [GATEWAY_PORTS.status, GATEWAY_PORTS.http, GATEWAY_PORTS.https].map((port) => [port, port]),
    );
    const bound = objects
      .filter(({ kind }) => kind === "TargetGroupBinding")
      .map(({ spec }) => (spec as { serviceRef: object }).serviceRef);
    assert.deepEqual(bound, [
      { name: "istio-ingress", port: 8443 },
      { name: "istio-ingress", port: 8080 },
    ]);
  });

  it("has a pod per zone at least, more before a drain, and leaves in peace", () => {
    const figures = ({ minReplicas, maxReplicas }: GatewayValues["autoscaling"]) => [
      minReplicas,
      maxReplicas,
    ];
    assert.deepEqual(figures(values().autoscaling), [3, 30]);
    assert.deepEqual(figures(values({ capacity: 1.5 }).autoscaling), [5, 45]);
    const { lifecycle, terminationGracePeriodSeconds } = values();
    assert.ok(lifecycle.preStop.sleep.seconds < terminationGracePeriodSeconds);
  });
});
