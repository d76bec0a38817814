import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseDocument, type ScalarTag, type CollectionTag } from "yaml";
import { run } from "../../rehearsal/tools/run";

const DIRECTORY = join(__dirname, "..", "..", "tools", "state-backend");

describe("state backend", () => {
  describe("script", () => {
    let directory: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "state-backend-"));
      // An aws CLI that writes down what it is asked and answers outputs.
      writeFileSync(
        join(directory, "aws"),
        '#!/bin/sh\necho "$*" >> "$(dirname "$0")/calls"\ncase "$*" in *Backend*) echo s3://bucket;; *SecretsProvider*) echo awskms:///key;; esac\n',
      );
      chmodSync(join(directory, "aws"), 0o755);
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    const create = (...args: string[]) =>
      run(join(DIRECTORY, "create.sh"), args, {
        env: { ...process.env, PATH: `${directory}${delimiter}${process.env.PATH ?? ""}` },
      });

    it("deploys the template and says how to log in and create stacks", async () => {
      const { code, stdout } = await create("acme", "eu-central-1");
      assert.equal(code, 0);
      assert.match(stdout, /pulumi login 's3:\/\/bucket'/);
      assert.match(stdout, /pulumi stack init us-east-1 --secrets-provider 'awskms:\/\/\/key'/);
      const [deploy] = readFileSync(join(directory, "calls"), "utf8").split("\n");
      assert.equal(
        deploy,
        "cloudformation deploy --region eu-central-1 --stack-name pulumi-state --template-file " +
          "template.yaml --parameter-overrides Organisation=acme --no-fail-on-empty-changeset",
      );
    });

    for (const region of ["us-east-1", "eu-west-1", "ap-southeast-1"]) {
      it(`refuses ${region}, which a fleet runs in, before it calls AWS`, async () => {
        const { code, stderr } = await create("acme", region);
        assert.equal(code, 1);
        assert.match(stderr, /rule: the state is outside every region that can fail over/);
        assert.throws(() => readFileSync(join(directory, "calls")), /ENOENT/);
      });
    }

    it("says its usage when arguments are missing", async () => {
      const { code, stderr } = await create("acme");
      assert.equal(code, 2);
      assert.match(stderr, /create\.sh <organisation> <region>/);
    });
  });

  describe("template", () => {
    type Resource = { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> };
    const { Resources, Outputs } = parseTemplate() as {
      Resources: Record<string, Resource>;
      Outputs: Record<string, { Value: unknown }>;
    };

    it("keeps bucket and key when the stack is deleted", () => {
      assert.equal(Resources.Bucket?.DeletionPolicy, "Retain");
      assert.equal(Resources.Key?.DeletionPolicy, "Retain");
    });

    it("versions, encrypts and closes the bucket, and rotates the key", () => {
      const bucket = Resources.Bucket?.Properties;
      assert.deepEqual(bucket?.VersioningConfiguration, { Status: "Enabled" });
      assert.deepEqual(bucket?.PublicAccessBlockConfiguration, {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      assert.match(JSON.stringify(bucket?.BucketEncryption), /"SSEAlgorithm":"aws:kms"/);
      assert.equal(Resources.Key?.Properties.EnableKeyRotation, true);
      assert.match(JSON.stringify(Resources.BucketPolicy), /"aws:SecureTransport":"false"/);
    });

    it("hands out what the CLI takes", () => {
      assert.equal(Outputs.Backend?.Value, "s3://${Bucket}?region=${AWS::Region}&awssdk=v2");
      assert.equal(Outputs.SecretsProvider?.Value, "awskms:///${Key.Arn}?region=${AWS::Region}");
    });
  });
});

/** CloudFormation's short forms, taken as the text that they stand before. */
function parseTemplate(): unknown {
  const tags = ["!Ref", "!Sub", "!GetAtt"].map((tag): ScalarTag => ({
    tag,
    resolve: (text: string) => text,
  })) as (ScalarTag | CollectionTag)[];
  const text = readFileSync(join(DIRECTORY, "template.yaml"), "utf8");
  const document = parseDocument(text, { customTags: tags });
  assert.deepEqual([...document.errors, ...document.warnings], []);
  return document.toJS();
}
