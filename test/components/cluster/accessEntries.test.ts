import assert from "node:assert/strict";
import { accessEntries, type Operator } from "../../../infra/components/cluster/accessEntries";

const ADMIN: Operator = {
  roleArn: "arn:aws:iam::111122223333:role/platform-operator",
  access: "admin",
};
const VIEWER: Operator = {
  roleArn: "arn:aws:iam::111122223333:role/teams/platform-viewer",
  access: "view",
};
const TAGS = { Project: "multi-region-eks" };

describe("accessEntries", () => {
  it("maps each access to its cluster-wide policy", () => {
    assert.deepEqual(accessEntries([ADMIN, VIEWER], TAGS), {
      "111122223333-platform-operator": {
        principalArn: ADMIN.roleArn,
        accessPolicies: {
          admin: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
        tags: TAGS,
      },
      "111122223333-platform-viewer": {
        principalArn: VIEWER.roleArn,
        accessPolicies: {
          view: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope: { type: "cluster" },
          },
        },
        tags: TAGS,
      },
    });
  });

  it("does not depend on the list's order", () => {
    assert.deepEqual(accessEntries([VIEWER, ADMIN], TAGS), accessEntries([ADMIN, VIEWER], TAGS));
  });

  it("keeps roles of one name in two accounts apart", () => {
    const other = { ...ADMIN, roleArn: ADMIN.roleArn.replace("111122223333", "444455556666") };
    assert.equal(Object.keys(accessEntries([ADMIN, other], TAGS)).length, 2);
  });
});
