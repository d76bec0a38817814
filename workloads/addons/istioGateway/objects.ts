import { GATEWAY_PORTS } from "../../../infra/components/edge/gateway";
import { SERVICES_NAMESPACE } from "../../catalogue";
import type { AddonContext, AddonObject } from "../addon";
import { waitFor } from "../kubernetesObjects";
import { targetGroupBindings } from "../targetGroupBindings";
import { GATEWAY_NAMESPACE as namespace, GATEWAY_RELEASE, PUBLIC_GATEWAY } from "./names";

/** The internal certificate, and the Secret that has it. */
const CERTIFICATE = "gateway-internal";

type Labels = Readonly<Record<string, string>>;

/** What makes the gateway's pods the region's way in, each after those it refers to. */
export function publicGatewayObjects(context: AddonContext, pods: Labels): AddonObject[] {
  const hosts = publicHosts(context);
  return [
    selfSignedIssuer(),
    internalCertificate(context),
    gateway(hosts, pods),
    onlyOurHosts(hosts, pods),
    failuresLogged(pods),
    ...targetGroupBindings(context, {
      namespace,
      service: GATEWAY_RELEASE,
      ports: { https: GATEWAY_PORTS.https, http: GATEWAY_PORTS.http },
    }),
  ];
}

/** The public hosts and the region's own, which Route 53's endpoint check asks. */
function publicHosts({ fleet, names }: AddonContext): string[] {
  return [...fleet.hosts.map((host) => `${host}.${fleet.domain}`), names.host];
}

function selfSignedIssuer(): AddonObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Issuer",
    metadata: { name: CERTIFICATE, namespace, annotations: waitFor("condition=Ready") },
    spec: { selfSigned: {} },
  };
}

/**
 * Encrypts the way from the load balancer to the gateway. Self-signed is enough: the load balancer does not
 * validate its targets' certificates (NLB guide, "Target groups", TLS). RSA, which it takes in every policy.
 */
function internalCertificate({ names }: AddonContext): AddonObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: CERTIFICATE, namespace, annotations: waitFor("condition=Ready") },
    spec: {
      secretName: CERTIFICATE,
      dnsNames: [names.host],
      duration: "2160h",
      renewBefore: "720h",
      privateKey: { algorithm: "RSA", size: 2048, rotationPolicy: "Always" },
      issuerRef: { kind: "Issuer", name: CERTIFICATE },
    },
  };
}

/**
 * HTTPS takes any name, from VirtualServices of ours alone: the load balancer sends no SNI, so a server with
 * named hosts would match no connection (Istio, "Network problems", configuring SNI routing;
 * istio/istio#22795). Who may be asked for is {@link onlyOurHosts}'s. HTTP answers with a redirect.
 */
function gateway(hosts: readonly string[], selector: Labels): AddonObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: PUBLIC_GATEWAY, namespace },
    spec: {
      selector: { ...selector },
      servers: [
        {
          port: { name: "https", number: GATEWAY_PORTS.https, protocol: "HTTPS" },
          hosts: [`${SERVICES_NAMESPACE}/*`],
          tls: { mode: "SIMPLE", credentialName: CERTIFICATE, minProtocolVersion: "TLSV1_2" },
        },
        {
          port: { name: "http", number: GATEWAY_PORTS.http, protocol: "HTTP" },
          hosts: [...hosts],
          tls: { httpsRedirect: true },
        },
      ],
    },
  };
}

/** With a port too, for that is part of the Host header where a client names one. */
function onlyOurHosts(hosts: readonly string[], pods: Labels): AddonObject {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: "our-hosts", namespace },
    spec: {
      selector: { matchLabels: { ...pods } },
      action: "ALLOW",
      rules: [{ to: [{ operation: { hosts: hosts.flatMap((host) => [host, `${host}:*`]) } }] }],
    },
  };
}

/** What was refused or failed, a line each; what went well is in the metrics. */
function failuresLogged(pods: Labels): AddonObject {
  return {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    metadata: { name: "failures", namespace },
    spec: {
      selector: { matchLabels: { ...pods } },
      accessLogging: [
        { providers: [{ name: "envoy" }], filter: { expression: "response.code >= 400" } },
      ],
    },
  };
}
