import type { Context } from "mocha";
import {
  findControlPlane,
  missingPrograms,
  type ControlPlaneBinaries,
} from "../../rehearsal/tools/controlPlane";
import { ROOT } from "./engine";
import { leaveOut } from "./leaveOut";

/** A control plane's programs that are at hand: tests do not build them, which takes minutes. */
export async function controlPlaneOrSkip(test: Context): Promise<ControlPlaneBinaries> {
  const missing = missingPrograms(ROOT);
  if (missing.length === 0) return findControlPlane({ root: ROOT, say: () => undefined });
  return leaveOut(test, `${missing.join(", ")} not here (\`npm run tools\` builds them)`);
}
