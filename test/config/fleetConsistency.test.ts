import assert from "node:assert/strict";
import { prepare } from "../../infra/config/prepare";
import { SERVICES } from "../../workloads/catalogue";
import { type Edits, remove, replace, withCheckout, write } from "./checkout";
import { prepareOver, refusedKeys } from "./support";

const STACKS = ["us-east-1", "eu-west-1", "ap-southeast-1", "global", "backbone"] as const;
type Stack = (typeof STACKS)[number];

const EU = "Pulumi.eu-west-1.yaml";
const GLOBAL = "Pulumi.global.yaml";
const DATABASE = "multi-region-eks:database:\n    role: secondary";

interface Case {
  title: string;
  edits: Edits;
  key: string;
  /** Stacks that must not be changed; the others are warned. */
  stops: Stack[];
  /** Stacks whose own config this is: told of it elsewhere, see wrongConfigs.ts. */
  except?: Stack[];
}

const CASES: Case[] = [
  {
    title: "a region's file that is no YAML",
    edits: { [EU]: replace("role: secondary", "role: [secondary") },
    key: `${EU}: line 5, column 1`,
    stops: ["backbone"],
    // The CLI does not get as far as the program.
    except: ["eu-west-1"],
  },
  {
    title: "a region's file with a misspelt key",
    edits: { [EU]: replace("database:", "databases:") },
    key: `${EU}: databases`,
    stops: ["eu-west-1", "backbone"],
  },
  {
    title: "a region's file with a secret",
    edits: {
      [EU]: replace(DATABASE, `${DATABASE}\n  multi-region-eks:capacity: { secure: v1:x }`),
    },
    key: `${EU}: capacity`,
    stops: ["eu-west-1", "backbone"],
  },
  {
    title: "the global stack's file with a misspelt word",
    edits: { [GLOBAL]: replace("active", "activ") },
    key: `${GLOBAL}: regions.us-east-1.traffic`,
    stops: ["global", "backbone"],
  },
  {
    title: "a region without a file",
    edits: { [EU]: remove },
    key: "fleet/production.yaml: regions.eu-west-1",
    stops: ["backbone"],
    except: ["eu-west-1"],
  },
  {
    title: "a file without a region",
    edits: {
      "Pulumi.sa-east-1.yaml": write(
        `config:\n  aws:region: sa-east-1\n  ${DATABASE.replace("secondary", "primary")}\n`,
      ),
    },
    key: "Pulumi.sa-east-1.yaml: the stack's region",
    stops: ["backbone"],
  },
  {
    title: "aws:region of another region",
    edits: { [EU]: replace("aws:region: eu-west-1", "aws:region: eu-north-1") },
    key: `${EU}: aws:region`,
    stops: ["eu-west-1", "backbone"],
  },
  {
    title: "a wrong takeover",
    edits: { [EU]: replace(DATABASE, `${DATABASE}\n  multi-region-eks:takeover: [sa-east-1]`) },
    key: `${EU}: takeover[0]`,
    stops: ["eu-west-1", "backbone"],
  },
  {
    title: "two primaries",
    edits: { [EU]: replace("secondary", "primary") },
    key: `${EU} and Pulumi.us-east-1.yaml: database.role`,
    stops: ["us-east-1", "eu-west-1", "ap-southeast-1", "backbone"],
  },
  {
    title: "no primary",
    edits: { "Pulumi.us-east-1.yaml": replace("primary", "secondary") },
    key: `Pulumi.ap-southeast-1.yaml, ${EU} and Pulumi.us-east-1.yaml: database.role`,
    stops: ["us-east-1", "eu-west-1", "ap-southeast-1", "backbone"],
  },
  {
    title: "a region that the global stack leaves out",
    edits: { [GLOBAL]: replace("    us-east-1:\n      traffic: active\n", "") },
    key: `${GLOBAL}: regions.us-east-1.traffic`,
    stops: ["global", "backbone"],
  },
  {
    title: "every region drained",
    edits: { [GLOBAL]: (text) => text.replaceAll("active", "drained") },
    key: `${GLOBAL}: traffic of us-east-1, eu-west-1 and ap-southeast-1`,
    stops: ["global", "backbone"],
  },
];

describe("checks across the stack files", () => {
  for (const { title, edits, key, stops, except = [] } of CASES) {
    for (const stack of STACKS.filter((name) => !except.includes(name))) {
      const stopped = stops.includes(stack);
      it(`${title} ${stopped ? "stops" : "is mentioned to"} ${stack}`, async () => {
        if (stopped) {
          assert.deepEqual(await refusedKeys(prepareOver(stack, edits)), [key]);
          return;
        }
        const { warnings } = await prepareOver(stack, edits);
        assert.equal(warnings.length, 1);
        assert.ok(warnings[0]?.startsWith(key), warnings[0]);
      });
    }
  }

  it("takes an unreadable region to be the primary, perhaps", async () => {
    const { warnings } = await prepareOver("eu-west-1", {
      "Pulumi.us-east-1.yaml": replace("role: primary", "role: primary\n    proxi: true"),
    });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^Pulumi\.us-east-1\.yaml: database\.proxi is true\n/);
  });

  it("takes the stack's config from the engine, not from its file", async () => {
    const refused = await withCheckout({}, (projectRoot) =>
      refusedKeys(
        Promise.resolve().then(() =>
          prepare({
            projectRoot,
            stack: "eu-west-1",
            config: {
              "aws:region": "eu-west-1",
              "multi-region-eks:database": '{"role":"primary"}',
            },
            services: SERVICES,
            placeholders: "allow",
          }),
        ),
      ),
    );
    assert.deepEqual(refused, [`${EU} and Pulumi.us-east-1.yaml: database.role`]);
  });

  it("leaves other environments' files and strangers' alone", async () => {
    const edits = {
      "Pulumi.staging-eu-west-1.yaml": write("config: ["),
      "Pulumi.sandbox.yaml": write("config: ["),
    };
    assert.deepEqual((await prepareOver("global", edits)).warnings, []);
  });
});
