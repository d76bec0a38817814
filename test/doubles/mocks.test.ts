import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Cloud, createCloud } from "../../doubles";
import { MockEngine } from "../../doubles/mocks";

describe("MockEngine", function () {
  this.timeout(30_000);

  it("records inputs as given, state as answered, secrets and options", async () => {
    const run = await MockEngine.run({ region: "eu-west-1" }, () => {
      const queue = new aws.sqs.Queue("jobs", { name: "jobs" }, { protect: true });
      const version = new aws.secretsmanager.SecretVersion(
        "value",
        { secretId: "s", secretString: pulumi.secret("hidden") },
        { dependsOn: [queue], ignoreChanges: ["secretString"] },
      );
      return { url: queue.url, version };
    });
    const queue = run.one("aws:sqs/queue:Queue");
    assert.deepEqual(queue.inputs, { name: "jobs" });
    assert.equal(queue.state.arn, "arn:aws:sqs:eu-west-1:111122223333:jobs");
    assert.equal(queue.options.protect, true);
    const version = run.one("aws:secretsmanager/secretVersion:SecretVersion", "value");
    assert.deepEqual(version.secrets, ["secretString"]);
    assert.equal((version.inputs as { secretString: string }).secretString, "hidden");
    assert.deepEqual(version.options.dependsOn, [queue.urn]);
    assert.deepEqual(version.options.ignoreChanges, ["secretString"]);
    assert.match(await run.value(run.result.url), /^https:\/\/sqs\.eu-west-1\.amazonaws\.com/);
    assert.throws(() => run.one("aws:sqs/queue:Queue", "other"), /0 resources .* jobs/);
  });

  it("a preview makes nothing and runs no apply on what is not known", async () => {
    let applied = false;
    const run = await MockEngine.run({ preview: true }, () => {
      const queue = new aws.sqs.Queue("jobs", { name: "jobs" });
      queue.arn.apply(() => (applied = true));
      return queue;
    });
    assert.equal(applied, false);
    assert.equal(run.cloud.all().length, 0);
    assert.equal(await run.value(run.result.name), "jobs");
  });

  it("throws on unknown types and invokes, on refusals, and on what an apply throws", async () => {
    const unknown = (): void =>
      void new aws.sagemaker.App("a", { appName: "a", appType: "b", domainId: "d" });
    await assert.rejects(
      MockEngine.run({}, unknown),
      /do not know the resource type aws:sagemaker/,
    );
    const invoke = (): Promise<unknown> => aws.ec2.getAmi({ mostRecent: true });
    await assert.rejects(MockEngine.run({}, invoke), /do not know the invoke aws:ec2\/getAmi/);
    const refused = (): void => void new aws.ec2.Vpc("v", { cidrBlock: "10.0.0.1/16" });
    await assert.rejects(MockEngine.run({}, refused), /host bits/);
    const thrown = (): void => {
      new aws.sqs.Queue("q").arn.apply(() => {
        throw new Error("thrown in an apply");
      });
    };
    await assert.rejects(MockEngine.run({}, thrown), /thrown in an apply/);
  });

  it("takes dangling references to exist, unless a cloud is given", async () => {
    const program = (): void =>
      void new aws.ec2.Subnet("s", { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" });
    await MockEngine.run({}, program);
    await assert.rejects(MockEngine.run({ cloud: createCloud() }, program), /no aws:ec2\/vpc:Vpc/);
  });

  it("answers a StackReference from stackOutputs, by full name or its last part", async () => {
    const program = (): pulumi.Output<unknown> =>
      new pulumi.StackReference("organization/multi-region-eks/eu-west-1").getOutput("region");
    const outputs = { "eu-west-1": { region: { version: 1 } } };
    const run = await MockEngine.run({ stackOutputs: outputs }, program);
    assert.deepEqual(await run.value(run.result), { version: 1 });
    await assert.rejects(MockEngine.run({}, program), /unknown stack/);
  });

  it("keeps runs apart that go on at the same time", async () => {
    const regions = ["us-east-1", "eu-west-1", "ap-southeast-1"];
    const runs = await Promise.all(
      regions.map((region) =>
        MockEngine.run({ region, stack: region }, () => new aws.sqs.Queue("q", { name: "q" })),
      ),
    );
    assert.deepEqual(
      runs.map((run) => run.one("aws:sqs/queue:Queue").state.region),
      regions,
    );
  });
});

describe("Cloud", () => {
  it("survives a dump to JSON", async () => {
    const cloud = createCloud();
    await MockEngine.run({ cloud }, () => void new aws.sqs.Queue("q", { name: "q" }));
    cloud.failRegion("eu-west-1");
    const dumped = JSON.parse(JSON.stringify(cloud)) as ReturnType<typeof cloud.toJSON>;
    const restored = Cloud.restore(dumped);
    assert.deepEqual(restored.toJSON(), cloud.toJSON());
    assert.equal(restored.size, 1);
    assert.notEqual(restored.hex(8), "", "ids go on where they stopped");
  });
});
