import assert from "node:assert/strict";
import type { KubeObject } from "../../../rehearsal/clusters/api";
import { groupsOfNodePool, machine, nodesOf } from "../../../rehearsal/clusters/nodes";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

describe("nodes that a stack's pools would give", () => {
  it("knows EC2's sizes", () => {
    assert.deepEqual(machine("m7g.large"), {
      ...{ type: "m7g.large", arch: "arm64", cpu: 2, memoryGiB: 8, gpus: 0 },
    });
    assert.equal(machine("c7i.4xlarge").memoryGiB, 32);
    assert.equal(machine("g6.12xlarge").gpus, 4);
    assert.throws(() => machine("huge"), /does not know the size of huge/);
  });

  it("makes nodes in each zone in turn, with the group's labels and taints", () => {
    const taints = [{ key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" }];
    const group = {
      ...{ name: "system", instanceType: "m7g.large", arch: "arm64" as const, count: 4 },
      ...{ zones: ZONES, labels: { pool: "system" }, taints },
    };
    const nodes = nodesOf(group, "eu-west-1");
    const zone = "topology.kubernetes.io/zone";
    assert.deepEqual(
      nodes.map(({ metadata }) => metadata.labels?.[zone]),
      [...ZONES, "eu-west-1a"],
    );
    assert.equal(nodes[0]?.metadata.labels?.pool, "system");
    assert.deepEqual(nodes[0]?.spec, { taints });
  });

  it("takes machines that meet a NodePool's requirements, up to its limits", () => {
    const requirements = [
      { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
      { key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["g5", "g6"] },
    ];
    const [group, ...others] = groupsOfNodePool(pool(requirements, { cpu: "80" }), ZONES);
    assert.equal(others.length, 0);
    assert.equal(group?.instanceType, "g6.4xlarge");
    assert.equal(group?.count, 5);
    assert.equal(group?.labels["karpenter.sh/nodepool"], "gpu");
    const fewer = groupsOfNodePool(pool(requirements, { cpu: "80", "nvidia.com/gpu": "2" }), ZONES);
    assert.equal(fewer[0]?.count, 2);
  });

  it("divides the limits among the processors that are allowed", () => {
    const recent = { key: "karpenter.k8s.aws/instance-generation", operator: "Gt", values: ["6"] };
    const category = {
      ...{ key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["m"] },
    };
    const groups = groupsOfNodePool(pool([recent, category], { cpu: "64" }), ZONES);
    assert.deepEqual(groups.map(({ instanceType, count }) => `${count} ${instanceType}`).sort(), [
      "2 m7g.4xlarge",
      "2 m7i.4xlarge",
    ]);
  });
});

function pool(requirements: object[], limits: Record<string, string>): KubeObject {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "gpu" },
    spec: { template: { spec: { requirements } }, limits },
  };
}
