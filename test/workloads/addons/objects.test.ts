import assert from "node:assert/strict";
import type { AddonContext, AddonObject } from "../../../workloads/addons/addon";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { targetGroupBindings } from "../../../workloads/addons/targetGroupBindings";
import { PROFILES } from "../../../infra/config/profile";
import { problemsOf } from "../chart/structural";
import { crdSchemas } from "./chartData";
import { context, resolved } from "./sample";

const crds = crdSchemas();

/** Problems of objects by the schemas of the pinned charts' CRDs; kinds of Kubernetes itself have none. */
function judge(objects: readonly AddonObject[]): string[] {
  const set = { kinds: Object.fromEntries(crds), definitions: {} };
  return objects.flatMap((object) =>
    object.apiVersion.includes(".") || crds.has(`${object.apiVersion}/${object.kind}`)
      ? problemsOf(object, set).map((problem) => `${object.kind} ${object.metadata.name}${problem}`)
      : [],
  );
}

function objectsOf(name: string, given: AddonContext = context): AddonObject[] {
  return ADDONS.find((addon) => addon.name === name)?.objects?.(given) ?? [];
}

interface NodePool extends AddonObject {
  spec: {
    template: {
      spec: {
        nodeClassRef: { name: string };
        taints?: unknown[];
        requirements: { key: string; values: string[] }[];
      };
    };
    limits: Record<string, string>;
    disruption: { consolidationPolicy: string };
  };
}

const nodePools = (given?: AddonContext): NodePool[] =>
  objectsOf("karpenter", given).filter(({ kind }) => kind === "NodePool") as NodePool[];

describe("objects of the add-ons", () => {
  for (const addon of ADDONS) {
    const { objects } = addon;
    if (objects === undefined) continue;
    it(`${addon.name}: fit the schemas of the pinned CRDs`, async function () {
      if (crds.size === 0) return this.skip();
      assert.deepEqual(judge(await resolved(() => objects(context))), []);
    });
  }

  it("judges by schemas that know a wrong field", function () {
    if (crds.size === 0) return this.skip();
    const wrong = {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name: "wrong" },
      spec: { serviceRef: { name: "x", port: 443 }, targetGroupArn: "misspelt" },
    };
    assert.deepEqual(judge([wrong]), [
      "TargetGroupBinding wrong.spec.targetGroupArn: unknown field",
    ]);
  });
});

describe("target group bindings", () => {
  const args = {
    namespace: "istio-ingress",
    service: "istio-ingress",
    ports: { https: 443, http: 80 },
  };

  it("bind the gateway's Service to both target groups, without rules for security groups", function () {
    const bindings = targetGroupBindings(context, args);
    assert.deepEqual(
      bindings.map(({ metadata, spec }) => ({ ...metadata, spec })),
      (["https", "http"] as const).map((protocol) => ({
        name: `istio-ingress-${protocol}`,
        namespace: "istio-ingress",
        spec: {
          serviceRef: { name: "istio-ingress", port: args.ports[protocol] },
          targetGroupARN: context.targetGroups[protocol],
          targetType: "ip",
          ipAddressType: "ipv4",
        },
      })),
    );
    if (crds.size > 0) assert.deepEqual(judge(bindings), []);
  });
});

describe("node pools", () => {
  it("are general, media and gpu; the last two tainted as the services tolerate", () => {
    const pools = nodePools().map(({ metadata, spec }) => [
      metadata.name,
      spec.template.spec.nodeClassRef.name,
      spec.template.spec.taints,
    ]);
    assert.deepEqual(pools, [
      ["general", "general", undefined],
      ["media", "media", [{ key: "workload", value: "media-processing", effect: "NoSchedule" }]],
      ["gpu", "gpu", [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }]],
    ]);
  });

  it("have their classes before them, so that they go before their classes", () => {
    const kinds = objectsOf("karpenter").map(({ kind }) => kind);
    assert.deepEqual(kinds, [
      ...["EC2NodeClass", "EC2NodeClass", "EC2NodeClass"],
      ...["NodePool", "NodePool", "NodePool"],
    ]);
  });

  it("grow with the stack's capacity, rounded up", () => {
    const limitsAt = (capacity: number) =>
      Object.fromEntries(
        nodePools({ ...context, capacity }).map(({ metadata, spec }) => [
          metadata.name,
          spec.limits,
        ]),
      );
    assert.deepEqual(limitsAt(1), {
      general: { cpu: "400", memory: "1600Gi" },
      media: { cpu: "160", memory: "640Gi" },
      gpu: { cpu: "192", memory: "768Gi", "nvidia.com/gpu": "24" },
    });
    assert.deepEqual(limitsAt(1.53).gpu, {
      cpu: "294",
      memory: "1176Gi",
      "nvidia.com/gpu": "37",
    });
  });

  it("of GPUs are of x86 machines, and empty nodes of theirs go", () => {
    const gpu = nodePools().find(({ metadata }) => metadata.name === "gpu");
    const requirement = (key: string) =>
      gpu?.spec.template.spec.requirements.find((each) => each.key === key)?.values;
    assert.deepEqual(requirement("kubernetes.io/arch"), ["amd64"]);
    assert.deepEqual(requirement("karpenter.k8s.aws/instance-family"), ["g5", "g6"]);
    assert.equal(gpu?.spec.disruption.consolidationPolicy, "WhenEmpty");
  });

  it("buy spot outside production only", () => {
    const capacityTypes = (given: AddonContext) =>
      new Set(
        nodePools(given).flatMap(({ spec }) =>
          spec.template.spec.requirements
            .filter(({ key }) => key === "karpenter.sh/capacity-type")
            .flatMap(({ values }) => values),
        ),
      );
    assert.deepEqual([...capacityTypes(context)], ["on-demand"]);
    const staging = { ...context, profile: PROFILES.staging };
    assert.deepEqual([...capacityTypes(staging)], ["spot", "on-demand"]);
  });

  it("make machines like the system nodes: encrypted, IMDSv2 out of the pods' reach", () => {
    for (const { spec } of objectsOf("karpenter").filter(({ kind }) => kind === "EC2NodeClass")) {
      const { metadataOptions, blockDeviceMappings, role } = spec as {
        role: string;
        metadataOptions: Record<string, unknown>;
        blockDeviceMappings: { ebs: { encrypted: boolean } }[];
      };
      assert.equal(role, "production-eu-west-1-node");
      assert.equal(metadataOptions["httpTokens"], "required");
      assert.equal(metadataOptions["httpPutResponseHopLimit"], 1);
      assert.deepEqual(
        blockDeviceMappings.map(({ ebs }) => ebs.encrypted),
        [true],
      );
    }
  });
});
