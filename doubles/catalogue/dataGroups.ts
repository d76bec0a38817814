import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { text, texts } from "../values";
import { SUBNET } from "./vpc";

export const parameterGroup = (arnKind: string, service: string): Catalogue[string] => ({
  autoName: { property: "name", max: 255, lower: true },
  forceNew: [
    "name",
    ...(service === "rds" ? ["namePrefix"] : []),
    "family",
    "description",
    "region",
  ],
  defaults: { description: "Managed by Pulumi" },
  validate: (inputs) => {
    const family = text(inputs, "family");
    const known =
      service === "rds"
        ? /^aurora-(postgresql1[3-7]|mysql\d\.\d)$/
        : /^(valkey[78]|redis[67](\.x)?|memcached1\.[56])$/;
    if (family !== undefined && !known.test(family))
      refuse(`parameter group family ${family} is unknown`, "family");
    const name = text(inputs, "name");
    if (name !== undefined && name !== name.toLowerCase())
      refuse(`name "${name}" must be lower case`, "name");
  },
  unique: { of: (inputs) => text(inputs, "name") },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (_inputs, { cloud, region, id }) => ({
    arn: cloud.arn(service, region, `${arnKind}:${id}`),
  }),
});

export function subnetGroup(arnKind: string, service: string): Catalogue[string] {
  return {
    autoName: { property: "name", max: 255, lower: true },
    forceNew: ["name", ...(service === "rds" ? ["namePrefix"] : []), "region"],
    defaults: { description: "Managed by Pulumi" },
    references: [{ path: "subnetIds[]", type: SUBNET }],
    admit: (inputs, { cloud, region }) => {
      const zones = new Set(
        texts(inputs, "subnetIds[]").map((id) => {
          const subnet = cloud.get(SUBNET, region, id);
          return subnet === undefined ? id : subnet.state.availabilityZone;
        }),
      );
      if (service === "rds" && zones.size < 2) {
        refuse("DBSubnetGroupDoesNotCoverEnoughAZs: at least 2 availability zones", "subnetIds");
      }
      const name = text(inputs, "name");
      if (name !== undefined && name !== name.toLowerCase())
        refuse(`name "${name}" must be lower case`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs) => text(inputs, "name") ?? "",
    outputs: (inputs, { cloud, region, id }) => {
      const [first] = texts(inputs, "subnetIds[]");
      const vpcId = cloud.get(SUBNET, region, first ?? "")?.inputs.vpcId;
      return {
        arn: cloud.arn(service, region, `${arnKind}:${id}`),
        vpcId,
        supportedNetworkTypes: ["IPV4"],
      };
    },
  };
}
