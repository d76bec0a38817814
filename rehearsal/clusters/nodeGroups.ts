import type { Cloud, Thing } from "../../doubles";
import { text, texts, at, isProps, number } from "../../doubles/values";
import { machine, type NodeGroup, type Taint } from "./nodes";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const SUBNET = "aws:ec2/subnet:Subnet";

/** EKS's word for a taint's effect, and Kubernetes'. */
const EFFECTS: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** The managed node groups that a region's stack has made so far, as nodes would join from them. */
export function nodeGroupsIn(cloud: Cloud, region: string): NodeGroup[] {
  return cloud.all(NODE_GROUP, region).flatMap((group) => {
    const [instanceType] = texts(group.inputs, "instanceTypes[]");
    if (instanceType === undefined) return [];
    const { arch } = machine(instanceType);
    const name = text(group.state, "nodeGroupName") ?? group.id;
    const { labels } = group.inputs;
    return {
      name,
      instanceType,
      arch,
      zones: zonesOf(cloud, group),
      count: number(group.inputs, "scalingConfig.desiredSize") ?? 1,
      labels: {
        "eks.amazonaws.com/nodegroup": name,
        ...(isProps(labels) ? (labels as Record<string, string>) : {}),
      },
      taints: taintsOf(group),
    };
  });
}

function zonesOf(cloud: Cloud, { inputs, region }: Thing): string[] {
  return texts(inputs, "subnetIds[]").flatMap((id) => {
    const subnet = cloud.get(SUBNET, region, id);
    return (subnet && text(subnet.inputs, "availabilityZone")) ?? [];
  });
}

function taintsOf({ inputs }: Thing): Taint[] {
  return at(inputs, "taints[]").flatMap((taint) => {
    if (!isProps(taint)) return [];
    const effect = EFFECTS[text(taint, "effect") ?? ""] ?? "NoSchedule";
    return { key: text(taint, "key") ?? "", value: text(taint, "value"), effect };
  });
}
