import assert from "node:assert/strict";
import { catalogue, invokes } from "../../doubles/catalogue";
import { schemaOf } from "../../doubles/schema";
import { UNKNOWN } from "../../doubles/values";
import { Bench } from "./fixtures";

describe("schemas of the installed packages", () => {
  const cluster = {
    engine: "aurora-postgresql",
    masterUsername: "u",
    manageMasterUserPassword: true,
  };

  it("refuse an input that the type does not have", () => {
    const bench = new Bench();
    const wrong = { ...cluster, backupRetentionPeriods: 7 };
    bench.refuses("aws:rds/cluster:Cluster", wrong, /unexpected property "backupRetentionPeriods"/);
    bench.make("aws:rds/cluster:Cluster", { ...cluster, backupRetentionPeriod: 7 });
  });

  it("refuse a nested one, with its path", () => {
    const wrong = { ...cluster, serverlessv2ScalingConfiguration: { minCapacity: 1, max: 2 } };
    new Bench().refuses(
      "aws:rds/cluster:Cluster",
      wrong,
      /unexpected property "serverlessv2ScalingConfiguration\.max"/,
    );
  });

  it("refuse a missing required input and a value of the wrong type; unknowns pass", () => {
    const { provider } = new Bench();
    const type = "aws:sqs/queuePolicy:QueuePolicy";
    const check = (inputs: object): unknown => provider.check(type, "it", {}, { ...inputs });
    assert.throws(() => check({ queueUrl: "q" }), /missing required property "policy"/);
    assert.throws(() => check({ queueUrl: ["q"], policy: UNKNOWN }), /"queueUrl" must be a string/);
    check({ queueUrl: UNKNOWN, policy: UNKNOWN });
  });

  it("know the types of Kubernetes, in all their depth", () => {
    const type = "kubernetes:apps/v1:Deployment";
    const pod = (container: object): object => ({
      spec: { selector: {}, template: { spec: { containers: [container] } } },
    });
    const { provider } = new Bench();
    provider.check(type, "it", {}, { ...pod({ name: "c", image: "i" }) });
    assert.throws(
      () => provider.check(type, "it", {}, { ...pod({ name: "c", imag: "i" }) }),
      /unexpected property "spec\.template\.spec\.containers\[0\]\.imag"/,
    );
  });

  it("declare every type and invoke of the catalogue, and every input that its rules name", () => {
    const wrong: string[] = [];
    for (const [type, definition] of Object.entries(catalogue)) {
      if (type === "kubernetes:*") continue;
      const schema = schemaOf(type);
      if (schema === undefined || schema.inputs.size === 0) wrong.push(type);
      const named = [
        ...(definition.forceNew ?? []),
        ...Object.keys(definition.defaults ?? {}),
        ...(definition.references ?? []).map(({ path }) => path),
        ...(definition.autoName ? [definition.autoName.property] : []),
      ];
      for (const path of named) {
        const [top = ""] = path.split(/[.[]/);
        if (!schema?.inputs.has(top)) wrong.push(`${type} ${path}`);
      }
      for (const reference of definition.references ?? []) {
        if (catalogue[reference.type] === undefined) wrong.push(`${type} -> ${reference.type}`);
      }
    }
    wrong.push(...Object.keys(invokes).filter((token) => schemaOf(token) === undefined));
    assert.deepEqual(wrong, []);
  });
});
