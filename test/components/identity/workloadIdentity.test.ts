import assert from "node:assert/strict";
import { MockEngine, type Registered } from "../../../doubles/mocks";
import {
  WorkloadIdentity,
  type WorkloadIdentityArgs,
} from "../../../infra/components/identity/workloadIdentity";

const TAGS = { Project: "multi-region-eks" };

const ARGS: WorkloadIdentityArgs = {
  roleName: "production-eu-west-1-api",
  clusterName: "production-eu-west-1",
  namespace: "services",
  serviceAccount: "api",
  statements: [
    {
      Sid: "ReadData",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::data/*"],
    },
  ],
  tags: TAGS,
};

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const run = (args: WorkloadIdentityArgs = ARGS) =>
  MockEngine.run({ region: "eu-west-1" }, () => new WorkloadIdentity("api", args));

const json = (resource: Registered, property: string): unknown =>
  JSON.parse(String(resource.inputs[property]));

describe("WorkloadIdentity", () => {
  it("makes a role that one service account of one cluster can assume", async () => {
    const mocks = await run();
    const role = mocks.one(ROLE);
    assert.equal(role.name, "api-role");
    assert.equal(role.inputs["name"], "production-eu-west-1-api");
    assert.deepEqual(role.inputs["tags"], TAGS);
    assert.deepEqual(json(role, "assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:RequestTag/eks-cluster-name": "production-eu-west-1",
              "aws:RequestTag/kubernetes-namespace": "services",
              "aws:RequestTag/kubernetes-service-account": "api",
            },
          },
        },
      ],
    });
    assert.equal(
      await mocks.value(mocks.result.roleArn),
      "arn:aws:iam::111122223333:role/production-eu-west-1-api",
    );
  });

  it("grants the statements, inline and nothing else", async () => {
    const mocks = await run();
    const policy = mocks.one(POLICY);
    assert.deepEqual(json(policy, "policy"), {
      Version: "2012-10-17",
      Statement: ARGS.statements,
    });
    assert.equal(policy.inputs["role"], "production-eu-west-1-api");
    assert.equal(mocks.of(ATTACHMENT).length, 0);
  });

  it("associates the role after its permissions are there", async () => {
    const mocks = await run();
    const association = mocks.one(ASSOCIATION);
    assert.deepEqual(association.inputs, {
      clusterName: "production-eu-west-1",
      namespace: "services",
      serviceAccount: "api",
      roleArn: await mocks.value(mocks.result.roleArn),
      tags: TAGS,
    });
    assert.ok(association.options.dependsOn.includes(mocks.one(POLICY).urn));
    assert.equal(await mocks.value(mocks.result.association.urn), association.urn);
  });

  it("attaches managed policies, and no empty inline one", async () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
    const mocks = await run({ ...ARGS, statements: [], managedPolicyArns: [policyArn] });
    assert.deepEqual(mocks.one(ATTACHMENT).inputs, {
      role: "production-eu-west-1-api",
      policyArn,
    });
    assert.equal(mocks.one(ATTACHMENT).name, "api-AmazonEKS_CNI_Policy");
    assert.equal(mocks.of(POLICY).length, 0);
    assert.ok(mocks.one(ASSOCIATION).options.dependsOn.includes(mocks.one(ATTACHMENT).urn));
  });

  it("parents everything, and makes no OIDC provider", async () => {
    const mocks = await run();
    const component = mocks.one("multi-region-eks:identity:WorkloadIdentity");
    const children = mocks.resources.filter(({ custom }) => custom);
    assert.deepEqual(children.map(({ type }) => type).sort(), [ASSOCIATION, ROLE, POLICY].sort());
    assert.ok(children.every(({ parent }) => parent === component.urn));
  });
});
