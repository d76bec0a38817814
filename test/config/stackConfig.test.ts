import assert from "node:assert/strict";
import { commonTags } from "../../infra/config/tags";
import { readStackConfig } from "../../infra/config/stackConfig";
import type { Fleet } from "../../infra/config/fleet";

const FILE = "Pulumi.eu-west-1.yaml";

describe("readStackConfig", () => {
  const wanted = {
    database: {
      role: "primary",
      instances: 3,
      proxy: false,
      onPromotion: "switchover",
      maxLagSeconds: 10,
      promoteDrained: false,
    },
    takeover: ["us-east-1"],
    capacity: 1.5,
    cluster: { oidcProvider: false },
    edge: {},
    deletionProtection: false,
  };

  it("reads a stack file's block", () => {
    const { config, awsRegion } = readStackConfig("regional", FILE, {
      "aws:region": "eu-west-1",
      "multi-region-eks:database": { role: "primary", instances: 3, proxy: false },
      "multi-region-eks:takeover": ["us-east-1"],
      "multi-region-eks:capacity": 1.5,
      "multi-region-eks:deletionProtection": false,
    });
    assert.deepEqual(config, wanted);
    assert.equal(awsRegion, "eu-west-1");
  });

  it("reads the same from the engine, where all is text", () => {
    const { config } = readStackConfig("regional", FILE, {
      "aws:region": "eu-west-1",
      "multi-region-eks:database": '{"instances":3,"proxy":false,"role":"primary"}',
      "multi-region-eks:takeover": '["us-east-1"]',
      "multi-region-eks:capacity": "1.5",
      "multi-region-eks:deletionProtection": "false",
    });
    assert.deepEqual(config, wanted);
  });

  it("takes a key without a namespace to be the project's, as the CLI does", () => {
    const { config } = readStackConfig("regional", FILE, {
      database: { role: "primary" },
      capacity: "2",
    });
    assert.equal(config.capacity, 2);
  });

  it("leaves other namespaces alone, secrets too", () => {
    const { config } = readStackConfig("backbone", "Pulumi.backbone.yaml", {
      "aws:accessKey": { secure: "v1:abc" },
      "pulumi:tags": "{}",
    });
    assert.deepEqual(config, { whenRegionMissing: "error", replication: { timeControl: false } });
  });

  it("never quotes a value that is encrypted, however deep", () => {
    assert.throws(
      () =>
        readStackConfig("regional", FILE, {
          "multi-region-eks:database": { role: [{ secure: "v1:ciphertext" }] },
        }),
      (error: Error) => {
        assert.doesNotMatch(error.message, /ciphertext/);
        assert.match(error.message, /database\n {2}rule: no key of this project is a secret/);
        return true;
      },
    );
  });

  it("names what is no JSON", () => {
    assert.throws(
      () => readStackConfig("regional", FILE, { "multi-region-eks:database": '{"role": primary}' }),
      {
        message: [
          `${FILE}: database is "{\\"role\\": primary}"`,
          "  rule: must be a map with role, instanceClass, instances, proxy, onPromotion, maxLagSeconds and promoteDrained",
          "  fix:  write role, instanceClass, instances, proxy, onPromotion, maxLagSeconds and promoteDrained under it, indented",
        ].join("\n"),
      },
    );
  });
});

describe("commonTags", () => {
  it("say whose a resource is", () => {
    assert.deepEqual(commonTags({ environment: "staging" } as Fleet, "staging-us-east-1"), {
      Project: "multi-region-eks",
      Environment: "staging",
      ManagedBy: "pulumi",
      Stack: "staging-us-east-1",
    });
  });
});
