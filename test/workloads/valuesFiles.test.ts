import assert from "node:assert/strict";
import { join } from "node:path";
import { OperatorError } from "../../infra/config/errors";
import { loadFleet } from "../../infra/config/load";
import { ENVIRONMENTS } from "../../infra/config/stackName";
import { SERVICES } from "../../workloads/catalogue";
import { effectiveKeys, mergeLayers } from "../../workloads/layers";
import {
  checkValuesTree,
  layerFiles,
  listValuesFiles,
  readLayers,
} from "../../workloads/valuesFiles";
import { ProjectCopy } from "../support/project";

const CHECKOUT = join(__dirname, "..", "..");
const services = SERVICES.map(({ name }) => name);
const scope = { services, regions: { production: ["us-east-1"], staging: ["us-east-1"] } };

describe("values files", () => {
  it("layers shared under own, base under environment under region", () => {
    const place = { service: "api", environment: "staging", region: "eu-west-1" } as const;
    assert.deepEqual(layerFiles(place), [
      "workloads/values/_shared/base.yaml",
      "workloads/values/api/base.yaml",
      "workloads/values/_shared/staging/global.yaml",
      "workloads/values/api/staging/global.yaml",
      "workloads/values/_shared/staging/eu-west-1.yaml",
      "workloads/values/api/staging/eu-west-1.yaml",
    ]);
  });

  it("reads the files that are there, lowest first", () => {
    const copy = new ProjectCopy();
    try {
      copy.write(
        "workloads/values/_shared/base.yaml",
        "a: shared\nb: shared\nc: shared\nd: shared\n",
      );
      copy.write("workloads/values/api/base.yaml", "b: own\nc: own\nd: own\n");
      copy.write(
        "workloads/values/_shared/staging/global.yaml",
        "c: environment\nd: environment\n",
      );
      copy.write("workloads/values/api/staging/global.yaml", "{}\n");
      copy.write("workloads/values/api/staging/eu-west-1.yaml", "# why\nd: region\n");
      const layers = readLayers({
        projectRoot: copy.root,
        service: "api",
        environment: "staging",
        region: "eu-west-1",
      });
      const seen = effectiveKeys(mergeLayers(layers)).map(
        ({ path, value, origin }) =>
          `${path.join()}=${String(value)} ${origin.file}:${origin.line}`,
      );
      assert.deepEqual(seen, [
        "a=shared workloads/values/_shared/base.yaml:1",
        "b=own workloads/values/api/base.yaml:1",
        "c=environment workloads/values/_shared/staging/global.yaml:1",
        "d=region workloads/values/api/staging/eu-west-1.yaml:2",
      ]);
    } finally {
      copy.remove();
    }
  });

  it("refuses a service without base values", () => {
    assert.throws(
      () =>
        readLayers({
          projectRoot: "/nowhere",
          service: "api",
          environment: "staging",
          region: "x",
        }),
      {
        name: "OperatorError",
        message:
          "workloads/values/api/base.yaml\n" +
          "  rule: the service api of the catalogue needs its base values\n" +
          "  fix:  write workloads/values/api/base.yaml, or take api out of workloads/catalogue.ts",
      },
    );
  });

  it("accepts the committed tree", () => {
    checkValuesTree(listValuesFiles(CHECKOUT), scopeOfCheckout());
  });

  const refused: [file: string, rule: RegExp][] = [
    [
      "apii/base.yaml",
      /^a folder of values belongs to a service of the catalogue \(api, media, .*\) or is _shared$/,
    ],
    ["notes.md", /^a folder of values belongs to a service/],
    ["api/prod/global.yaml", /^an environment is one of development, staging, production$/],
    [
      "api/production/eu-west-9.yaml",
      /^a region's values belong to a region of fleet\/production.yaml \(us-east-1\)$/,
    ],
    [
      "_shared/staging/eu-west-1.yaml",
      /^a region's values belong to a region of fleet\/staging.yaml \(us-east-1\)$/,
    ],
    ["api/production/us-east-1.yml", /^a values file is base.yaml, <environment>\/global.yaml or/],
    ["api/values.yaml", /^a values file is base.yaml/],
    ["api/production/us-east-1/values.yaml", /^a values file is base.yaml/],
  ];
  for (const [file, rule] of refused) {
    it(`refuses workloads/values/${file}`, () => {
      assert.throws(
        () => checkValuesTree(["api/base.yaml", file], scope),
        (error) => {
          assert.ok(error instanceof OperatorError);
          assert.equal(error.problems.length, 1);
          assert.equal(error.details.key, `workloads/values/${file}`);
          assert.match(error.details.rule, rule);
          return true;
        },
      );
    });
  }

  it("does not judge the regions of an environment whose fleet it was not given", () => {
    checkValuesTree(["api/development/eu-west-9.yaml"], scope);
  });
});

function scopeOfCheckout() {
  const regions = ENVIRONMENTS.map((environment): [string, string[]] => [
    environment,
    Object.keys(loadFleet(CHECKOUT, environment).regions),
  ]);
  return { services, regions: Object.fromEntries(regions) };
}
