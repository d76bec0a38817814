import type { Catalogue } from "../definition";
import { text } from "../values";
import { SECURITY_GROUP } from "./vpc";

export const launchTemplates: Catalogue = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    autoName: { property: "name", max: 128 },
    forceNew: ["name", "namePrefix", "region"],
    references: [{ path: "vpcSecurityGroupIds[]", type: SECURITY_GROUP }],
    unique: { of: (inputs) => text(inputs, "name") },
    id: (_inputs, { cloud }) => `lt-0${cloud.hex(16)}`,
    outputs: (_inputs, { cloud, region, id, old }) => ({
      arn: cloud.arn("ec2", region, `launch-template/${id}`),
      defaultVersion: 1,
      latestVersion: (typeof old?.latestVersion === "number" ? old.latestVersion : 0) + 1,
    }),
    volatile: ["latestVersion"],
  },
};
