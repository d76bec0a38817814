import assert from "node:assert/strict";
import { PROFILES } from "../../infra/config/profile";
import { replace, write } from "./checkout";
import { prepareOver, refusedKeys } from "./support";

const COMMITTED = [
  ...["us-east-1", "eu-west-1", "ap-southeast-1", "global", "backbone"],
  ...["staging-us-east-1", "staging-eu-west-1", "staging-global", "staging-backbone"],
  ...["development-us-east-1", "development-global", "development-backbone"],
];

const EU = "Pulumi.eu-west-1.yaml";
const FLEET = "fleet/production.yaml";

/** What "Make it yours" asks for. */
const REAL = (text: string): string =>
  text
    .replace("organisation: example", "organisation: acme")
    .replace("domain: example.com", "domain: acme.io")
    .replace("Z0EXAMPLE0EXAMPLE0", "Z0123456789ABCDEFGHIJ")
    .replaceAll("111122223333", "210987654321")
    .replace("203.0.113.0/24", "198.18.7.0/24");

describe("prepare", () => {
  for (const stack of COMMITTED) {
    it(`finds nothing to say about the committed ${stack}`, async () => {
      assert.deepEqual((await prepareOver(stack)).warnings, []);
    });
  }

  it("gives a regional stack its identity, its config with defaults and its environment's profile", async () => {
    const { kind, context } = await prepareOver("staging-eu-west-1");
    assert.equal(kind, "regional");
    assert.deepEqual(context.identity, {
      environment: "staging",
      kind: "regional",
      region: "eu-west-1",
    });
    assert.equal(context.fleet.domain, "staging.example.com");
    assert.deepEqual(context.config, {
      database: {
        role: "secondary",
        onPromotion: "switchover",
        maxLagSeconds: 10,
        promoteDrained: false,
      },
      takeover: [],
      capacity: 1,
      cluster: { oidcProvider: false },
      edge: {},
    });
    assert.deepEqual("profile" in context && context.profile, PROFILES.staging);
  });

  it("puts a region's own figures in place of the environment's, and no others", async () => {
    const own = `config:
  aws:region: eu-west-1
  multi-region-eks:database: { role: secondary, instanceClass: db.r8g.xlarge, instances: 3, proxy: false }
  multi-region-eks:network: { nat: single }
  multi-region-eks:cluster: { systemNodes: { instanceTypes: [m8g.large], min: 1, max: 2 } }
  multi-region-eks:cache: { nodeType: cache.r7g.xlarge }
  multi-region-eks:backup: { enabled: false }
  multi-region-eks:addons: { reloader: { enabled: false } }
  multi-region-eks:deletionProtection: "false"
`;
    const { context } = await prepareOver("eu-west-1", { [EU]: write(own) });
    const { production } = PROFILES;
    assert.deepEqual("profile" in context && context.profile, {
      network: { nat: "single", interfaceEndpoints: true },
      logRetentionDays: 365,
      cluster: { systemNodes: { instanceTypes: ["m8g.large"], min: 1, max: 2 } },
      database: {
        ...production.database,
        instanceClass: "db.r8g.xlarge",
        instances: 3,
        proxy: false,
      },
      cache: { ...production.cache, nodeType: "cache.r7g.xlarge" },
      backup: { enabled: false, retentionDays: 35 },
      nodePools: production.nodePools,
      addons: { reloader: { enabled: false } },
      delivery: "pulumi",
      deletionProtection: false,
    });
  });

  it("refuses Argo CD without a repository to read, and a placeholder for one", async () => {
    const argocd = (text: string) => `${text}  multi-region-eks:delivery: argocd\n`;
    const keys = await refusedKeys(prepareOver("eu-west-1", { [EU]: argocd }));
    assert.deepEqual(keys, [`${FLEET}: delivery`]);
    const repository = "https://github.com/acme/platform.git";
    const delivery = (url: string) => (text: string) =>
      `${text}delivery: { repository: "${url}", revision: main }\n`;
    const { context } = await prepareOver("eu-west-1", {
      [EU]: argocd,
      [FLEET]: delivery(repository),
    });
    assert.deepEqual(context.fleet.delivery, { repository, revision: "main" });
    assert.equal("profile" in context && context.profile.delivery, "argocd");
    const example = delivery("git@github.com:example/multi-region-eks.git");
    const edits = { [FLEET]: (text: string) => example(REAL(text)) };
    assert.deepEqual(await refusedKeys(prepareOver("global", edits, "refuse")), [
      `${FLEET}: delivery.repository`,
    ]);
  });

  it("lets a failed-over fleet be: the data home need not be the primary", async () => {
    const failedOver = {
      "Pulumi.us-east-1.yaml": replace("primary", "secondary"),
      [EU]: (text: string) =>
        `${replace("secondary", "primary")(text)}  multi-region-eks:capacity: 2.7\n`,
      "Pulumi.global.yaml": replace("traffic: active", "traffic: drained"),
    };
    for (const stack of ["eu-west-1", "ap-southeast-1", "global", "backbone"]) {
      assert.deepEqual((await prepareOver(stack, failedOver)).warnings, [], stack);
    }
  });

  it("lets global create a zone that has no id yet", async () => {
    const created = { [FLEET]: replace("existing\n  id: Z0EXAMPLE0EXAMPLE0", "create") };
    const { context } = await prepareOver("global", created);
    assert.deepEqual(context.fleet.zone, { source: "create" });
  });
});

describe("placeholders", () => {
  const keys = [
    "organisation",
    "domain",
    "zone.id",
    "operators[0].roleArn",
    "operators[1].roleArn",
    "apiAllowedCidrs[0]",
  ];

  it("are refused in a real update of any stack, all in one message", async () => {
    for (const stack of ["us-east-1", "global", "backbone"]) {
      assert.deepEqual(
        await refusedKeys(prepareOver(stack, {}, "refuse")),
        keys.map((key) => `${FLEET}: ${key}`),
      );
    }
  });

  it("are one warning in a preview", async () => {
    const { warnings } = await prepareOver("us-east-1", {}, "warn");
    assert.equal(warnings.length, 1);
    assert.deepEqual(warnings[0]?.split("\n"), [
      "placeholders stand for your own values; a real update refuses them:",
      '  fleet/production.yaml: organisation is "example"',
      '  fleet/production.yaml: domain is "example.com"',
      '  fleet/production.yaml: zone.id is "Z0EXAMPLE0EXAMPLE0"',
      '  fleet/production.yaml: operators[0].roleArn is "arn:aws:iam::111122223333:role/platform-operator"',
      '  fleet/production.yaml: operators[1].roleArn is "arn:aws:iam::111122223333:role/platform-viewer"',
      '  fleet/production.yaml: apiAllowedCidrs[0] is "203.0.113.0/24"',
    ]);
  });

  it("are gone once every real value stands", async () => {
    for (const placeholders of ["refuse", "warn"] as const) {
      const { warnings } = await prepareOver("us-east-1", { [FLEET]: REAL }, placeholders);
      assert.deepEqual(warnings, []);
    }
  });

  it("are found one by one", async () => {
    const left: [string, string, string][] = [
      ["domain: acme.io", "domain: shop.example.com", "domain"],
      ["domain: acme.io", "domain: acme.example", "domain"],
      ["198.18.7.0/24", "192.0.2.128/25", "apiAllowedCidrs[0]"],
      ["198.18.7.0/24", "198.18.7.0/24, 198.51.100.7/32", "apiAllowedCidrs[1]"],
    ];
    for (const [real, placeholder, key] of left) {
      const edit = (text: string): string => replace(real, placeholder)(REAL(text)) ?? "";
      const refused = await refusedKeys(prepareOver("global", { [FLEET]: edit }, "refuse"));
      assert.deepEqual(refused, [`${FLEET}: ${key}`]);
    }
  });
});
