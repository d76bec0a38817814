import assert from "node:assert/strict";
import {
  accessEntries,
  checkApiCidrs,
  checkOperators,
  type Operator,
} from "../../../infra/components/cluster/accessEntries";

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

describe("checkOperators", () => {
  it("passes other roles than the caller's", () => {
    checkOperators([ADMIN, VIEWER]);
    checkOperators([ADMIN, VIEWER], "arn:aws:sts::111122223333:assumed-role/ci/session");
    checkOperators([ADMIN], "arn:aws:sts::444455556666:assumed-role/platform-operator/session");
    checkOperators([ADMIN], "arn:aws:iam::111122223333:user/platform-admin");
  });

  it("refuses the role that runs the program, by the session that it has", () => {
    assert.throws(
      () =>
        checkOperators(
          [VIEWER, ADMIN],
          "arn:aws:sts::111122223333:assumed-role/platform-operator/i-0123456789",
        ),
      {
        name: "OperatorError",
        message: [
          `fleet operators[1].roleArn is "${ADMIN.roleArn}"`,
          "  rule: the role that creates a cluster is its admin already, and EKS refuses a second entry",
          "  fix:  drop it from operators, or run Pulumi by another role",
        ].join("\n"),
      },
    );
  });

  it("compares a role with a path by its name, as STS does", () => {
    const caller = "arn:aws:sts::111122223333:assumed-role/platform-viewer/session";
    assert.throws(() => checkOperators([VIEWER], caller), /creates a cluster is its admin/);
  });

  it("refuses a role that stands twice", () => {
    assert.throws(() => checkOperators([ADMIN, { ...ADMIN, access: "view" }]), {
      name: "OperatorError",
      message: [
        `fleet operators[1].roleArn is "${ADMIN.roleArn}"`,
        "  rule: a role gets one EKS access entry",
        "  fix:  drop one of the two lines; `admin` includes `view`",
      ].join("\n"),
    });
  });

  it("reports all at once", () => {
    const caller = "arn:aws:sts::111122223333:assumed-role/platform-operator/session";
    assert.throws(
      () => checkOperators([ADMIN, VIEWER, VIEWER], caller),
      /operators\[0\][\s\S]*operators\[2\]/,
    );
  });
});

describe("checkApiCidrs", () => {
  it("passes networks", () => {
    checkApiCidrs(["203.0.113.0/24", "198.51.100.7/32"]);
  });

  it("refuses the whole internet", () => {
    assert.throws(() => checkApiCidrs(["203.0.113.0/24", "0.0.0.0/0"]), {
      name: "OperatorError",
      message: [
        'fleet apiAllowedCidrs is "0.0.0.0/0"',
        "  rule: the EKS API endpoint is never open to the whole internet",
        "  fix:  list the CIDRs of the operators' VPN and the CI runners",
      ].join("\n"),
    });
  });
});
