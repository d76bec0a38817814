import { parseArgs } from "node:util";
import { OperatorError } from "../infra/config/errors";
import { ENVIRONMENTS, parseStackName, type Environment } from "../infra/config/stackName";
import { ENGINE_CHOICES, type EngineChoice } from "./engine/findEngine";
import { REAL_PROVIDERS, type RealProvider } from "./plugins";

/** What `npm run rehearse -- …` was asked for. */
export interface RehearseArguments {
  /** `rehearse`: up, preview again, destroy; `preview`: what an `up` would do. */
  mode: "rehearse" | "preview";
  environment: Environment;
  /** Stacks asked for; empty for all of the environment. */
  stacks: string[];
  /** Region whose evacuation and return is drilled, planned and unplanned. */
  drill?: string;
  keep: boolean;
  json: boolean;
  /** File that a preview's Markdown is written to. */
  markdown?: string;
  /** Checkout whose stacks a preview starts from, instead of from nothing. */
  from?: string;
  engine?: EngineChoice;
  real: RealProvider[];
  /** A real Kubernetes control plane a region behind the doubles. */
  clusters?: boolean;
  /** Breaks the clusters on the way, and demands that they recover; needs `clusters`. */
  chaos?: boolean;
  /** Folder of third-party charts' data, for their CRDs. */
  charts?: string;
  /** File that the report is written to as HTML. */
  report?: string;
  help: boolean;
}

const DEFAULT_REPORT = "out/rehearsal.html";

export const USAGE = `npm run rehearse -- [preview] [stack …] [options]

Runs the stacks on the real Pulumi engine over provider doubles: no cloud account, no network.
Without "preview": brings them up in order, previews each again and demands no change, destroys
them and demands that nothing is left. With --drill, evacuates a region and brings it back instead.

  stack, --stack <name>     these stacks (and what they need); all of the environment by default
  --environment <name>      ${ENVIRONMENTS.join(", ")}; production by default
  --engine <which>          path (PULUMI_CLI or PATH), launcher (npm, downloads), go (builds), or
                            mock (no engine: the plan that the SDK's mock runtime computes)
  --real <names>            ${REAL_PROVIDERS.join(",")}: run these plugins for real, over the aws double
  --clusters                a real Kubernetes control plane a region (etcd, kube-apiserver, controllers,
                            scheduler; kwok for nodes): objects are applied, releases installed by Helm
  --chaos                   with --clusters: kill an API server in an up, a Helm upgrade and etcd on the
                            way, and demand that all recover
  --charts <folder>         with --clusters: data of third-party charts (<chart>/crds/*.yaml);
                            ../shared/charts by default, where it is there
  --report <file>           write the report as one HTML page; out/rehearsal.html with --clusters
  --drill <region>          planned evacuation and return, then the same with the region's APIs failing:
                            every step may change only what it should; says who is served from where
  --keep                    keep the state after bring-up and say how to look at it; nothing is destroyed
  --json                    the report as JSON on stdout; progress goes to stderr
  --from <checkout>         preview only: start from that checkout's stacks, so the preview shows what changed
  --markdown <file>         preview only: write it there for a pull-request comment
`;

/**
 * Reads the command line.
 *
 * @throws OperatorError for an unknown flag or value, or stacks of two environments.
 */
export function parseRehearseArguments(argv: readonly string[]): RehearseArguments {
  const { values, positionals } = parse(argv);
  const [first] = positionals;
  const mode = first === "preview" ? "preview" : "rehearse";
  const stacks = [
    ...(first === "preview" ? positionals.slice(1) : positionals),
    ...(values.stack ?? []),
  ];
  if (mode === "rehearse" && (values.markdown ?? values.from) !== undefined) {
    refuse(
      "--markdown, --from",
      undefined,
      "these belong to a preview",
      "write `npm run rehearse -- preview …`",
    );
  }
  if (values.clusters !== true && (values.chaos === true || values.charts !== undefined)) {
    refuse("--chaos, --charts", undefined, "these belong to --clusters", "add --clusters");
  }
  if (values.drill !== undefined && (mode === "preview" || stacks.length > 0)) {
    refuse(
      "--drill",
      values.drill,
      "a drill runs all stacks of the environment, and brings them up",
      "leave out `preview` and the stacks",
    );
  }
  if (values.drill !== undefined && (values.clusters === true || values.engine === "mock")) {
    refuse(
      "--drill",
      values.drill,
      "a drill runs on the engine over doubles of all providers",
      "leave out --clusters and --engine mock",
    );
  }
  return {
    mode,
    environment: environmentOf(values.environment, stacks),
    stacks: [...new Set(stacks)],
    drill: values.drill,
    keep: values.keep ?? false,
    json: values.json ?? false,
    markdown: values.markdown,
    from: values.from,
    engine:
      values.engine === undefined ? undefined : member("--engine", values.engine, ENGINE_CHOICES),
    real: (values.real ?? [])
      .flatMap((names) => names.split(","))
      .map((name) => member("--real", name.trim(), REAL_PROVIDERS)),
    clusters: values.clusters,
    chaos: values.chaos,
    charts: values.charts,
    report: values.report ?? (values.clusters === true ? DEFAULT_REPORT : undefined),
    help: values.help ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        stack: { type: "string", multiple: true, short: "s" },
        environment: { type: "string", short: "e" },
        engine: { type: "string" },
        real: { type: "string", multiple: true },
        clusters: { type: "boolean" },
        chaos: { type: "boolean" },
        charts: { type: "string" },
        report: { type: "string" },
        drill: { type: "string" },
        keep: { type: "boolean" },
        json: { type: "boolean" },
        from: { type: "string" },
        markdown: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    return refuse(
      "command line",
      argv.join(" "),
      error instanceof Error ? error.message : String(error),
      "`npm run rehearse -- --help` lists the flags",
    );
  }
}

function environmentOf(flag: string | undefined, stacks: readonly string[]): Environment {
  const named = [...new Set(stacks.map((stack) => parseStackName(stack).environment))];
  const asked = flag === undefined ? named[0] : member("--environment", flag, ENVIRONMENTS);
  const odd = named.find((environment) => environment !== asked);
  if (odd !== undefined) {
    refuse(
      "stacks",
      stacks,
      "a run is of one environment",
      `run ${odd} and ${asked ?? ""} one after the other`,
    );
  }
  return asked ?? "production";
}

function member<T extends string>(key: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  return found ?? refuse(key, value, `is one of ${allowed.join(", ")}`, "choose one of these");
}

function refuse(key: string, value: unknown, rule: string, fix: string): never {
  throw new OperatorError({ key, value, rule, fix });
}
