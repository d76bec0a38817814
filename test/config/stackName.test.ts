import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatorError } from "../../infra/config/errors";
import {
  ENVIRONMENTS,
  parseStackName,
  type StackIdentity,
  stackName,
} from "../../infra/config/stackName";

/** Codes of the shape that AWS gives regions, such as `us-gov-west-1`. */
const region = fc
  .tuple(
    fc.stringMatching(/^[a-z]{2}$/),
    fc.array(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 1, maxLength: 2 }),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([area, words, number]) => [area, ...words, number].join("-"));

const environment = fc.constantFrom(...ENVIRONMENTS);

const identity: fc.Arbitrary<StackIdentity> = fc.oneof(
  fc
    .tuple(environment, region)
    .map(([of, code]): StackIdentity => ({ environment: of, kind: "regional", region: code })),
  environment.map((of): StackIdentity => ({ environment: of, kind: "global" })),
  environment.map((of): StackIdentity => ({ environment: of, kind: "backbone" })),
);

describe("stack names", () => {
  it("say the whole identity, and only one", () => {
    fc.assert(
      fc.property(identity, (one) => {
        assert.deepEqual(parseStackName(stackName(one)), one);
      }),
    );
  });

  it("carry production's bare and every other environment's prefix", () => {
    fc.assert(
      fc.property(identity, (one) => {
        const bare = one.kind === "regional" ? one.region : one.kind;
        const prefix = one.environment === "production" ? "" : `${one.environment}-`;
        assert.equal(stackName(one), `${prefix}${bare}`);
      }),
    );
  });

  it("that are none are refused", () => {
    const names = [
      "",
      "prod",
      "production-us-east-1",
      "us-east",
      "us_east_1",
      "staging-",
      "Global",
    ];
    for (const name of names) assert.throws(() => parseStackName(name), OperatorError, name);
  });
});
