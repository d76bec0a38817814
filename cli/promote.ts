import { parseArgs } from "node:util";
import { promote, type PromotionArgs } from "../infra/failover/promotion";
import { rdsGlobalDatabase } from "../infra/failover/rdsGlobalDatabase";
import { type Command, runCommand, UsageError } from "./command";

const USAGE = `node -r ts-node/register cli/promote.ts --region <r> --global-cluster <id> --cluster <id>
    --max-lag-seconds <n> [--allow-data-loss] [--timeout-seconds <n>]

Makes a region the writer of its Aurora Global Database and waits until it is. A regional stack whose
file says database.role: primary runs it; run by hand it does the same. Does nothing when the region
is the writer already. Asks this region's endpoints only; credentials come from the environment.

  --allow-data-loss      fail over without the old writer, instead of switching over
  --timeout-seconds <n>  default 900
`;

/** The command; AWS as given, for tests. */
export function promoteCommand(apiOf = rdsGlobalDatabase): Command {
  return async (argv, terminal) => {
    const args = readArguments(argv);
    const clock = {
      now: () => Date.now(),
      sleep: (milliseconds: number) =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, milliseconds);
        }),
    };
    const outcome = await promote(args, apiOf(args.region), clock, terminal.say);
    terminal.out(`${args.region} ${outcome}\n`);
  };
}

function readArguments(argv: readonly string[]): PromotionArgs {
  const { values: flags } = parseArgs({
    args: [...argv],
    options: {
      region: { type: "string" },
      "global-cluster": { type: "string" },
      cluster: { type: "string" },
      "max-lag-seconds": { type: "string" },
      "allow-data-loss": { type: "boolean", default: false },
      "timeout-seconds": { type: "string", default: "900" },
    },
  });
  const { region, cluster, "global-cluster": globalCluster } = flags;
  if (region === undefined || cluster === undefined || globalCluster === undefined) {
    throw new UsageError("name the region, the global cluster and the region's cluster");
  }
  return {
    region,
    globalCluster,
    cluster,
    mode: flags["allow-data-loss"] ? "allow-data-loss" : "switchover",
    maxLagSeconds: seconds("--max-lag-seconds", flags["max-lag-seconds"]),
    timeoutSeconds: seconds("--timeout-seconds", flags["timeout-seconds"]),
  };
}

function seconds(flag: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || !(value > 0)) throw new UsageError(`${flag} is a number of seconds`);
  return value;
}

if (require.main === module) void runCommand(USAGE, promoteCommand());
