import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatorError } from "../../../infra/config/errors";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { ADDON_NAMES } from "../../../workloads/addons/names";
import { installOrder, type Ordered } from "../../../workloads/addons/order";
import { enabledAddons } from "../../../workloads/addons/selection";

const FILE = "Pulumi.eu-west-1.yaml";
const names = (addons: readonly Ordered[]): string[] => addons.map(({ name }) => name);
const node = (name: string, ...dependsOn: string[]): Ordered => ({ name, dependsOn });

/** Names of what an add-on waits for, directly or through others. */
function before(name: string): Set<string> {
  const direct = ADDONS.find((addon) => addon.name === name)?.dependsOn ?? [];
  return new Set(direct.flatMap((other) => [other, ...before(other)]));
}

describe("installOrder", () => {
  it("puts each after all that it depends on, the alphabet deciding among the rest", () => {
    const addons = [node("d"), node("c", "a"), node("b", "c", "d"), node("a")];
    assert.deepEqual(names(installOrder(addons)), ["a", "c", "d", "b"]);
  });

  it("gives the catalogue one order, however it is declared", () => {
    const expected = names(installOrder(ADDONS));
    const shuffled = fc.shuffledSubarray([...ADDONS], {
      minLength: ADDONS.length,
      maxLength: ADDONS.length,
    });
    fc.assert(
      fc.property(shuffled, (addons) => {
        assert.deepEqual(names(installOrder(addons)), expected);
      }),
    );
    for (const [index, name] of expected.entries()) {
      for (const other of before(name))
        assert.ok(expected.indexOf(other) < index, `${other} ${name}`);
    }
  });

  it("says what is missing, for every dependency of the catalogue", () => {
    for (const addon of ADDONS) {
      for (const missing of addon.dependsOn) {
        const rest = ADDONS.filter(({ name }) => name !== missing);
        assert.throws(
          () => installOrder(rest),
          (error) =>
            error instanceof OperatorError &&
            error.details.key === `addons.${missing}.enabled` &&
            error.details.rule.endsWith(` needs ${missing}`),
        );
      }
    }
    assert.throws(() => installOrder([node("keda", "metrics-server")]), {
      message: `addons.metrics-server.enabled is false
  rule: the add-on keda needs metrics-server
  fix:  turn metrics-server on, or keda off as well (addons.keda.enabled: false)`,
    });
  });

  it("refuses a circle and a name that stands twice", () => {
    const circle = [node("a", "b"), node("b", "c"), node("c", "a"), node("free")];
    assert.throws(() => installOrder(circle), { message: "add-ons wait for each other: a, b, c" });
    assert.throws(() => installOrder([node("a"), node("a")]), {
      message: "an add-on stands twice: a, a",
    });
  });
});

describe("the catalogue of add-ons", () => {
  it("has a file for every name", () => {
    assert.deepEqual(names(ADDONS).sort(), [...ADDON_NAMES].sort());
  });

  it("starts with the load balancer controller: everything else waits for it", () => {
    const first = ["aws-load-balancer-controller-crds", "aws-load-balancer-controller"];
    assert.deepEqual(names(installOrder(ADDONS)).slice(0, 2), first);
    for (const { name } of ADDONS) {
      if (!first.includes(name)) assert.ok(before(name).has("aws-load-balancer-controller"), name);
    }
  });

  it("pins exact versions", () => {
    for (const { name, chart } of ADDONS) {
      if ("path" in chart) continue;
      assert.match(chart.version, /^v?\d+\.\d+\.\d+$/, name);
      assert.equal(chart.repository === undefined, chart.chart.startsWith("oci://"), name);
    }
  });
});

describe("enabledAddons", () => {
  it("leaves out what is off, and nothing else", () => {
    const enabled = enabledAddons(ADDONS, { reloader: { enabled: false } }, FILE);
    assert.deepEqual(
      names(enabled),
      names(ADDONS).filter((name) => name !== "reloader"),
    );
    assert.deepEqual(enabledAddons(ADDONS, { keda: { enabled: true } }, FILE), ADDONS);
  });

  it("names every add-on that needs one that is off", () => {
    const karpenterOff = { "karpenter-crd": { enabled: false } };
    assert.throws(() => enabledAddons(ADDONS, karpenterOff, FILE), {
      message: `Pulumi.eu-west-1.yaml: addons.karpenter-crd.enabled is false
  rule: the add-on karpenter needs it
  fix:  turn it on again, or turn off what needs it`,
    });
  });
});
