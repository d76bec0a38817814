import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addRegion } from "../../cli/addRegion";
import { isUsageError } from "../../cli/command";
import { planStack, prepareStack } from "../../cli/stackPlan";
import { OperatorError } from "../../infra/config/errors";
import { outputOf } from "../support/command";
import { ProjectCopy } from "../support/project";

const FLEET = `# Facts of the fleet.
environment: production
organisation: example # ours
domain: example.com
zone:
  source: existing
  id: Z0EXAMPLE0EXAMPLE0
hosts: [ api, media ]
dataHome: us-east-1
regions:
  # The home of the data.
  us-east-1: { cidr: 10.16.0.0/16, zones: [us-east-1a, us-east-1b, us-east-1c] }
  eu-west-1:
    cidr: 10.17.0.0/16
    zones: [eu-west-1a, eu-west-1b, eu-west-1c] # pinned
# Where the homed services live.
homes:
  chat-generation: us-east-1
  text-editor-chat: us-east-1
  feed-copy-generation: us-east-1
  ai-inference: eu-west-1
  ai-training: eu-west-1
operators:
  - roleArn: arn:aws:iam::111122223333:role/platform-operator
    access: admin
apiAllowedCidrs: [203.0.113.0/24]
alarmEmails: []
`;

const MODEL = `encryptionsalt: v1:abc
config:
  # Ireland.
  aws:region: eu-west-1
  multi-region-eks:capacity: 1.5 # while us-east-1 is drained
  multi-region-eks:takeover: [us-east-1]
  multi-region-eks:database:
    role: primary
    instanceClass: db.r6g.xlarge # more sessions
`;

const GLOBAL = `config:
  aws:region: eu-west-1
  multi-region-eks:regions:
    us-east-1:
      traffic: drained # until noon
    eu-west-1:
      traffic: active
  multi-region-eks:whenRegionMissing: error
`;

const SECONDARY = `config:
  aws:region: us-east-1
  multi-region-eks:database:
    role: secondary
`;

/** Every file of a project with its text, to see what changed. */
function snapshot(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]),
  );
}

describe("add-region", () => {
  let copy: ProjectCopy;
  const add = (...argv: string[]) => outputOf(addRegion(copy.root), ...argv);
  const read = (file: string) => readFileSync(join(copy.root, file), "utf8");

  beforeEach(() => {
    copy = new ProjectCopy();
    rmSync(join(copy.root, "Pulumi.ap-southeast-1.yaml"));
    for (const file of [...snapshot(join(copy.root, "workloads/values")).keys()]) {
      if (/\/production\/(?!global)/.test(file)) rmSync(join(copy.root, "workloads/values", file));
    }
    copy.write("fleet/production.yaml", FLEET);
    copy.write("Pulumi.eu-west-1.yaml", MODEL);
    copy.write("Pulumi.us-east-1.yaml", SECONDARY);
    copy.write("Pulumi.global.yaml", GLOBAL);
    copy.write(
      "workloads/values/api/production/eu-west-1.yaml",
      "# eu-west-1's floor\nreplicas: { min: 3 }\n",
    );
    copy.write("workloads/values/_shared/production/eu-west-1.yaml", "partOf: shop-eu-west-1\n");
    copy.write("workloads/values/api/staging/eu-west-1.yaml", "replicas: { min: 1 }\n");
  });
  afterEach(() => copy.remove());

  it("writes the fleet, the stack, the traffic and the model's overrides, and leaves all else as it was", async () => {
    const before = snapshot(copy.root);
    await add("eu-central-1", "--like", "eu-west-1");
    const after = snapshot(copy.root);
    const changed = [...after.keys()].filter((file) => after.get(file) !== before.get(file)).sort();
    assert.deepEqual(changed, [
      "Pulumi.eu-central-1.yaml",
      "Pulumi.global.yaml",
      "fleet/production.yaml",
      "workloads/values/_shared/production/eu-central-1.yaml",
      "workloads/values/api/production/eu-central-1.yaml",
    ]);
    assert.equal(after.size, before.size + 3);
    assert.equal(
      read("fleet/production.yaml"),
      FLEET.replace(
        "# Where the homed",
        "  eu-central-1:\n    cidr: 10.18.0.0/16\n    zones: [eu-central-1a, eu-central-1b, eu-central-1c]\n# Where the homed",
      ),
    );
    assert.equal(
      read("Pulumi.global.yaml"),
      GLOBAL.replace(
        "  multi-region-eks:when",
        "    eu-central-1:\n      traffic: drained\n  multi-region-eks:when",
      ),
    );
    assert.equal(
      read("workloads/values/api/production/eu-central-1.yaml"),
      "# eu-central-1's floor\nreplicas: { min: 3 }\n",
    );
    assert.equal(
      read("workloads/values/_shared/production/eu-central-1.yaml"),
      "partOf: shop-eu-central-1\n",
    );
  });

  it("makes the region a secondary without the model's emergency settings and secrets", async () => {
    await add("eu-central-1", "--like", "eu-west-1");
    assert.equal(
      read("Pulumi.eu-central-1.yaml"),
      "config:\n  # Ireland.\n  aws:region: eu-central-1\n  multi-region-eks:database:\n" +
        "    role: secondary\n    instanceClass: db.r6g.xlarge # more sessions\n",
    );
  });

  it("leaves a project that its programs accept and that installs services in the region", async () => {
    await add("eu-central-1", "--like", "eu-west-1", "--zones", "a,b,eu-central-1c");
    for (const stack of ["us-east-1", "eu-west-1", "eu-central-1", "global", "backbone"]) {
      prepareStack(copy.root, stack);
    }
    const { context, releases } = planStack(copy.root, "eu-central-1");
    assert.equal(context.fleet.regions["eu-central-1"]?.cidr, "10.18.0.0/16");
    assert.ok(releases.some(({ service }) => service.name === "api"));
    assert.ok(releases.every(({ because }) => because === "everywhere"));
  });

  it("says what to review and what to run, in order", async () => {
    const text = await add("eu-central-1", "--like", "eu-west-1");
    const commands = [...text.matchAll(/^ {2}(npm run|pulumi) .*$/gm)].map(([line]) =>
      line.replace(/ *#.*/, "").trim(),
    );
    assert.deepEqual(commands, [
      "npm run rehearse",
      "pulumi up -s us-east-1",
      "pulumi stack init eu-central-1",
      "pulumi up -s eu-central-1",
      "pulumi up -s eu-west-1",
      "pulumi up -s global",
      "pulumi up -s backbone",
      "pulumi up -s global",
    ]);
    assert.match(text, /10\.18\.0\.0\/16: no network/);
    assert.match(text, /npm run values -- eu-central-1 --diff eu-west-1/);
  });

  it("takes a block that no environment uses, after the fleet's own", async () => {
    const staging = readFileSync(join(copy.root, "fleet/staging.yaml"), "utf8");
    copy.write("fleet/staging.yaml", staging.replaceAll(/10\.\d+\.0\.0\/16/g, "10.18.0.0/16"));
    await add("eu-central-1", "--like", "eu-west-1");
    assert.match(read("fleet/production.yaml"), /eu-central-1:\n {4}cidr: 10\.19\.0\.0\/16/);
  });

  it("adds to another environment under its stacks' prefix", async () => {
    await add(
      "ca-central-1",
      "--like",
      "us-east-1",
      "--environment",
      "staging",
      "--zones",
      "a,b,d",
    );
    assert.match(read("Pulumi.staging-ca-central-1.yaml"), /aws:region: ca-central-1/);
    assert.match(read("Pulumi.staging-global.yaml"), / {4}ca-central-1:\n {6}traffic: drained\n$/);
    assert.match(
      read("fleet/staging.yaml"),
      /zones: \[ca-central-1a, ca-central-1b, ca-central-1d\]/,
    );
  });

  const refused: [why: string, argv: string[], message: RegExp][] = [
    [
      "a region that is there",
      ["eu-west-1", "--like", "us-east-1"],
      /^region is "eu-west-1"\n {2}rule: a new region is not yet in fleet\/production.yaml/,
    ],
    [
      "a region that AWS does not have",
      ["eu-centrall-1", "--like", "eu-west-1"],
      /did you mean eu-central-1\?$/,
    ],
    ["another partition", ["us-gov-west-1", "--like", "eu-west-1"], /one AWS partition/],
    [
      "a model outside the fleet",
      ["eu-central-1", "--like", "eu-west-3"],
      /^--like is "eu-west-3"\n.*\(us-east-1, eu-west-1\)/,
    ],
    ["two zones", ["eu-central-1", "--like", "eu-west-1", "--zones", "a,b"], /^--zones is "a,b"/],
    [
      "a zone twice",
      ["eu-central-1", "--like", "eu-west-1", "--zones", "a,b,b"],
      /three different zones/,
    ],
    [
      "another region's zone",
      ["eu-central-1", "--like", "eu-west-1", "--zones", "a,b,eu-west-1c"],
      /zones of eu-central-1/,
    ],
  ];
  for (const [why, argv, message] of refused) {
    it(`refuses ${why} and writes nothing`, async () => {
      const before = snapshot(copy.root);
      await assert.rejects(add(...argv), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(snapshot(copy.root), before);
    });
  }

  it("writes nothing when the result would not pass the programs' checks", async () => {
    copy.write("workloads/values/api/production/eu-west-1.yaml", "replicas: [\n");
    const before = snapshot(copy.root);
    await assert.rejects(
      add("eu-central-1", "--like", "eu-west-1"),
      /^OperatorError: workloads\/values\/api\/production\/eu-central-1.yaml:2\n {2}rule: a values file is valid YAML/,
    );
    assert.deepEqual(snapshot(copy.root), before);
  });

  for (const argv of [
    [],
    ["eu-central-1"],
    ["a", "b", "--like", "c"],
    ["eu-central-1", "--like", "eu-west-1", "--environment", "prod"],
    ["--force"],
  ]) {
    it(`calls ${JSON.stringify(argv.join(" "))} wrong usage`, async () => {
      await assert.rejects(add(...argv), isUsageError);
    });
  }
});
