import { join } from "node:path";
import { OperatorError } from "../../infra/config/errors";
import { findHelm } from "../../rehearsal/tools/helm";
import { leaveOut } from "./leaveOut";

let found: Promise<string | undefined> | undefined;

/** Path of a real Helm, or undefined on a machine that has neither Helm nor Go. Asked once per run. */
export function helmPath(): Promise<string | undefined> {
  found ??= findHelm({ root: join(__dirname, "..", ".."), say: () => undefined }).then(
    (tool) => tool.path,
    (error: unknown) => {
      if (error instanceof OperatorError) return undefined;
      throw error;
    },
  );
  return found;
}

/** Path of a real Helm; without one, marks the tests that follow as not run here. */
export async function helmOrSkip(context: Mocha.Context): Promise<string> {
  // The first run on a machine builds Helm from its Go module.
  context.timeout(600_000);
  return (await helmPath()) ?? leaveOut(context, "there is neither Helm nor Go to build it with");
}
