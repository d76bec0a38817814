import { join } from "node:path";
import { createInterface } from "node:readline";
import { startDoubles } from "../doubles";
import { loadFleet } from "../infra/config/load";
import { spareSdkDiagnostics } from "../infra/sdkDiagnostics";
import { cloudOf } from "../rehearsal/run";

/**
 * The doubles in a process of their own, so that the program's time and memory are the program's. Says
 * where they are on the first line of stdout, then for every line of stdin the CPU time that they took
 * so far, ms; ends with stdin.
 */
async function main(): Promise<void> {
  spareSdkDiagnostics();
  const fleet = loadFleet(join(__dirname, ".."), "production");
  const { debugProviders } = await startDoubles(cloudOf(fleet), { real: new Set() });
  console.log(debugProviders);
  createInterface({ input: process.stdin })
    .on("line", () => {
      const { user, system } = process.cpuUsage();
      console.log((user + system) / 1000);
    })
    .on("close", () => process.exit(0));
}

void main();
