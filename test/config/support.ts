import assert from "node:assert/strict";
import { OperatorError } from "../../infra/config/errors";
import { type PrepareArgs, type Prepared, prepare } from "../../infra/config/prepare";
import { SERVICES } from "../../workloads/catalogue";
import { type Edits, engineConfig, withCheckout } from "./checkout";

/** Prepares a stack over an edited checkout, with the config that the engine would read from it. */
export function prepareOver(
  stack: string,
  edits: Edits = {},
  placeholders: PrepareArgs["placeholders"] = "allow",
): Promise<Prepared> {
  return withCheckout(edits, (projectRoot) =>
    prepare({
      projectRoot,
      stack,
      config: engineConfig(projectRoot, stack),
      services: SERVICES,
      placeholders,
    }),
  );
}

/** The keys that an operator is told of, in order. */
export async function refusedKeys(prepared: Promise<unknown>): Promise<string[]> {
  try {
    await prepared;
  } catch (error) {
    assert.ok(error instanceof OperatorError);
    return error.problems.map(({ key }) => key);
  }
  return [];
}
