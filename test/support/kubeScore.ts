import { join } from "node:path";
import { OperatorError } from "../../infra/config/errors";
import { findKubeScore } from "../../rehearsal/tools/kubeScore";
import { leaveOut } from "./leaveOut";

/** Path of a real kube-score; on a machine without it and without Go, marks the tests that follow as not run here. */
export async function kubeScoreOrSkip(context: Mocha.Context): Promise<string> {
  // The first run on a machine builds kube-score from its Go module.
  context.timeout(600_000);
  try {
    return (await findKubeScore({ root: join(__dirname, "..", ".."), say: () => undefined })).path;
  } catch (error) {
    if (error instanceof OperatorError)
      return leaveOut(context, "there is neither kube-score nor Go to build it with");
    throw error;
  }
}
