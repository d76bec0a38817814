import { join } from "node:path";
import { ENGINE_REMEDIES, findEngine } from "../rehearsal/engine/findEngine";
import { findControlPlane } from "../rehearsal/tools/controlPlane";
import { findHelm } from "../rehearsal/tools/helm";
import { findKubeScore } from "../rehearsal/tools/kubeScore";

/** Finds, downloads or builds the command-line tools, so that later commands need not. */
async function main(): Promise<void> {
  const options = { root: join(__dirname, ".."), say: (line: string) => console.log(line) };
  const { tool, refusals } = await findEngine(options);
  if (tool === undefined) {
    console.error(["No Pulumi CLI:", ...refusals, "Either:", ...ENGINE_REMEDIES].join("\n  "));
    process.exitCode = 1;
  }
  await findHelm(options);
  await findKubeScore(options);
  await findControlPlane(options);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
