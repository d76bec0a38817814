import assert from "node:assert/strict";
import type { Values } from "../../../workloads/layers";
import { helmOrSkip } from "../../support/helm";
import { render } from "./committed";

/** Unknown keys, one for each section of the values: [what stands there, where Helm says it is]. */
const UNKNOWN: [Values, string][] = [
  [{ replica: {} }, "additional properties 'replica' not allowed"],
  [{ global: { zone: "a" } }, "at '/global': additional properties 'zone'"],
  [{ image: { name: "x" } }, "at '/image': additional properties 'name'"],
  [
    { secrets: { x: { source: "common", key: "k" } } },
    "at '/secrets/x': additional properties 'key'",
  ],
  [
    { secretEnv: { X: { name: "x", key: "y", ref: "z" } } },
    "at '/secretEnv/X': additional properties",
  ],
  [{ secretStore: { region: "x" } }, "at '/secretStore': additional properties 'region'"],
  [{ serviceAccount: { create: true } }, "at '/serviceAccount': additional properties 'create'"],
  [{ queue: { arn: "x" } }, "at '/queue': additional properties 'arn'"],
  [{ resources: { request: {} } }, "at '/resources': additional properties 'request'"],
  [
    { resources: { requests: { memroy: "1Gi" } } },
    "at '/resources/requests': additional properties 'memroy'",
  ],
  [{ persistence: { class: "x" } }, "at '/persistence': additional properties 'class'"],
  [{ tolerations: [{ keys: "x" }] }, "at '/tolerations/0': additional properties 'keys'"],
  [{ spread: { hosts: "x" } }, "at '/spread': additional properties 'hosts'"],
  [{ replicas: { minimum: 1 } }, "at '/replicas': additional properties 'minimum'"],
  [{ autoscaling: { enabled: true } }, "at '/autoscaling': additional properties 'enabled'"],
  [{ vpa: { enabled: true } }, "at '/vpa': additional properties 'enabled'"],
  [{ pdb: { maxUnavailable: 1 } }, "at '/pdb': additional properties 'maxUnavailable'"],
  [{ rollout: { strategy: "x" } }, "at '/rollout': additional properties 'strategy'"],
  [{ service: { type: "x" } }, "at '/service': additional properties 'type'"],
  [{ probes: { health: {} } }, "at '/probes': additional properties 'health'"],
  [{ probes: { startup: { port: 1 } } }, "at '/probes/startup': additional properties 'port'"],
  [{ metrics: { label: "x" } }, "at '/metrics': additional properties 'label'"],
  [{ callers: { x: { ns: "y" } } }, "at '/callers/x': additional properties 'ns'"],
  [{ egress: { x: { tcp: [1], ns: "y" } } }, "at '/egress/x': additional properties 'ns'"],
  [{ networkPolicy: { deny: true } }, "at '/networkPolicy': additional properties 'deny'"],
  [{ network: { cidr: "x" } }, "at '/network': additional properties 'cidr'"],
  [{ mesh: { host: "x" } }, "at '/mesh': additional properties 'host'"],
  [
    { mesh: { connectionPool: { max: 1 } } },
    "at '/mesh/connectionPool': additional properties 'max'",
  ],
  [
    { mesh: { sessionAffinity: { name: "x" } } },
    "at '/mesh/sessionAffinity': additional properties",
  ],
  [{ ray: { workers: 1 } }, "at '/ray': additional properties 'workers'"],
  [{ ray: { head: { cpu: 1 } } }, "at '/ray/head': additional properties 'cpu'"],
];

/** Values of a wrong kind. */
const WRONG: [string, Values, string][] = [
  [
    "a number in env",
    { env: { DATABASE_PORT: 5432 } },
    "at '/env/DATABASE_PORT': got number, want string",
  ],
  ["capacity below 1", { capacity: 0.5 }, "at '/capacity': minimum: got 0.5, want 1"],
  ["the tag latest", { image: { tag: "latest" } }, "at '/image/tag': 'not' failed"],
  ["an unquoted off", { vpa: { mode: false } }, "at '/vpa/mode': value must be one of"],
  ["a kind it does not make", { kind: "DaemonSet" }, "at '/kind': value must be one of"],
  ["a region that is none", { global: { region: "mars" } }, "at '/global/region'"],
  [
    "egress without a port",
    { egress: { x: { network: "any" } } },
    "at '/egress/x': 'anyOf' failed",
  ],
];

/** What templates/checks.yaml refuses. */
const CHECKS: [string, Values, string][] = [
  [
    "a floor above the ceiling",
    { replicas: { min: 9, max: 8 } },
    "replicas.min is 9, above replicas.max 8",
  ],
  [
    "an HPA from zero",
    { replicas: { min: 0 }, pdb: { minAvailable: 0 } },
    "cannot scale from zero",
  ],
  [
    "a PDB as high as the floor",
    { pdb: { minAvailable: 5 } },
    "with a floor of 5 pods: no node could be drained",
  ],
  ["queue scaling without a queue", { autoscaling: { mode: "queue" } }, "queue.url is empty"],
  ["VPA auto beside the HPA", { vpa: { mode: "auto" } }, "both would act on CPU and memory"],
  ["an HPA on Ray", { kind: "RayCluster" }, "scales by Ray's own autoscaler"],
  [
    "Ray in the mesh",
    { kind: "RayCluster", autoscaling: { mode: "none" }, vpa: { mode: "off" } },
    "kind RayCluster cannot be in the mesh",
  ],
  [
    "Ray without its version",
    {
      kind: "RayCluster",
      autoscaling: { mode: "none" },
      vpa: { mode: "off" },
      mesh: { enabled: false },
    },
    "ray.version is empty",
  ],
  [
    "no time after preStop",
    { rollout: { preStopSleepSeconds: 60 } },
    "the container gets no SIGTERM",
  ],
  ["a secret from nowhere", { secrets: { x: { source: "vault" } } }, 'secrets.x.source is "vault"'],
  ["a host that nobody may call", { callers: null }, "the gateway itself must be a caller"],
  [
    "an unwired VPC",
    { network: { vpcCidr: "" } },
    "egress.cache.network is vpc and network.vpcCidr is empty",
  ],
  [
    "an unwired fleet",
    { network: { fleetCidrs: [] } },
    "egress.database.network is fleet and network.fleetCidrs",
  ],
  [
    "the placeholder in another image",
    { image: { repository: "example/api" } },
    "set placeholder to false",
  ],
];

describe("The chart refuses", () => {
  let helm: string;
  before("needs Helm", async function () {
    helm = await helmOrSkip(this);
  });

  const refused = async (overrides: Values, message: string) =>
    assert.rejects(render(helm, "us-east-1", "api", { overrides }), (error: Error) => {
      assert.ok(error.message.includes(message), error.message);
      return true;
    });

  for (const [overrides, message] of UNKNOWN) {
    it(`an unknown key: ${JSON.stringify(overrides)}`, () => refused(overrides, message));
  }
  for (const [word, overrides, message] of [...WRONG, ...CHECKS]) {
    it(word, () => refused(overrides, message));
  }
});
