import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createCloud, startDoubles, type Cloud } from "../doubles";
import type { Fleet } from "../infra/config/fleet";
import { loadFleet } from "../infra/config/load";
import type { RehearseArguments } from "./arguments";
import { ClusterRun } from "./clusters/run";
import { Drill } from "./drill/drill";
import { tellStories } from "./drill/stories";
import { htmlReport, type HtmlReportParts } from "./htmlReport";
import { ENGINE_REMEDIES, findEngine } from "./engine/findEngine";
import { mockPlan } from "./mockPlan";
import { withNeeded } from "./order";
import { demandPlugins } from "./plugins";
import { ownProgram, programOf } from "./program";
import { Progress } from "./progress";
import { Rehearsal, type StackProgram } from "./rehearse";
import { previewMarkdown, type Report } from "./report";
import { routesOf, type HostRoutes } from "./routes";
import type { Tool } from "./tools/find";

export interface RunContext {
  /** The checkout. */
  root: string;
  say: (line: string) => void;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
  /** The stacks' program; the product's own when left out. */
  program?: StackProgram;
  /** Environment in which the engine is looked for; the process's when left out. */
  env?: NodeJS.ProcessEnv;
}

/** A run's facts, gathered before its first step. */
interface Run extends RunContext {
  args: RehearseArguments;
  fleet: Fleet;
  /** In bring-up order, with what the chosen ones need. */
  stacks: readonly string[];
  cloud: Cloud;
  program: StackProgram;
}

type Found = Pick<Report, "ok" | "engine" | "stacks" | "routes" | "drill" | "surprises"> & {
  page?: HtmlReportParts;
};

/**
 * Runs what was asked for, cleans up whatever happens, and reports.
 *
 * @throws OperatorError for what the operator has to mend first; the signal's reason when interrupted.
 */
export async function run(args: RehearseArguments, context: RunContext): Promise<Report> {
  const started = performance.now();
  const { root, say, signal } = context;
  const fleet = loadFleet(root, args.environment);
  const stacks = withNeeded(fleet, args.stacks);
  const needed = stacks.filter((stack) => args.stacks.length > 0 && !args.stacks.includes(stack));
  if (needed.length > 0) say(`as well, because these need them: ${needed.join(", ")}`);
  demandPlugins(root, args.real);

  const program = context.program ?? ownProgram;
  const facts: Run = { ...context, args, fleet, stacks, cloud: cloudOf(fleet), program };
  const { tool, refusals } = await findEngine({ root, say, signal, env: context.env }, args.engine);
  const { page = { timeline: [] }, ...found } =
    tool === undefined ? await planOnly(facts, refusals) : await onEngine(facts, tool);
  const seconds = (performance.now() - started) / 1000;
  const report = { ...found, environment: fleet.environment, seconds };
  if (args.report !== undefined) {
    const file = resolve(root, args.report);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, htmlReport(report, page));
    say(`report: ${file}`);
  }
  return report;
}

/** A cloud with what stands outside every stack: the hosted zone, where it exists beforehand. */
export function cloudOf(fleet: Pick<Fleet, "domain" | "zone">): Cloud {
  const cloud = createCloud();
  const { source, id } = fleet.zone;
  if (source === "existing" && id !== undefined) cloud.addZone(fleet.domain, id);
  return cloud;
}

async function onEngine(facts: Run, engine: Tool): Promise<Found> {
  const { args } = facts;
  const clusters = args.clusters === true ? await ClusterRun.start(facts) : undefined;
  try {
    return await overDoubles(facts, engine, clusters);
  } finally {
    await clusters?.stop();
  }
}

async function overDoubles(facts: Run, engine: Tool, clusters?: ClusterRun): Promise<Found> {
  const { args, cloud, root, say, signal, stacks } = facts;
  const real = new Set(args.real);
  const doubles = await startDoubles(cloud, { real, clusters: clusters?.clusters });
  try {
    const rehearsal = await Rehearsal.open({
      root: args.from === undefined ? root : resolve(args.from),
      engine,
      doubles: { debugProviders: doubles.debugProviders, cloud },
      realPlugins: args.real.length > 0,
      progress: new Progress(say, Math.max(...stacks.map(({ length }) => length))),
      signal,
    });
    if (clusters !== undefined) clusters.clusters.projectRoot = rehearsal.sandbox.projectRoot;
    try {
      const step = args.mode === "preview" ? previewed : rehearsed;
      const routes = await step(facts, rehearsal, clusters);
      await clusters?.stopSampling();
      const page: HtmlReportParts = { timeline: rehearsal.timeline, ...clusters?.findings() };
      return {
        page,
        ok: rehearsal.surprises.length === 0,
        engine: `Pulumi CLI ${engine.version} (${engine.source})`,
        stacks: stacks.flatMap((stack) => rehearsal.reports.get(stack) ?? []),
        routes,
        drill: rehearsal.drill,
        surprises: rehearsal.surprises,
      };
    } finally {
      if (args.keep && !signal.aborted) explainKept(rehearsal, say);
      else rehearsal.sandbox.remove();
    }
  } finally {
    await doubles.stop();
  }
}

async function rehearsed(
  facts: Run,
  rehearsal: Rehearsal,
  clusters?: ClusterRun,
): Promise<HostRoutes[]> {
  const { args, cloud, stacks } = facts;
  const drill =
    args.drill === undefined
      ? undefined
      : new Drill(rehearsal, cloud, args.environment, args.drill);
  await rehearsal.useStacks(facts.stacks, facts.program);
  if (!(await rehearsal.bringUp())) return [];
  await clusters?.demandSettled(rehearsal);
  if (facts.args.chaos === true) await clusters?.chaos(rehearsal);
  const routes = routesOf(facts.cloud, facts.fleet);
  if (drill !== undefined) {
    rehearsal.drill = { region: drill.region, stories: await tellStories(drill, stacks) };
    return routes;
  }
  await rehearsal.demandNoChanges();
  if (!facts.args.keep) {
    const destroyed = await rehearsal.destroy();
    if (destroyed) await clusters?.demandEmpty(rehearsal);
  }
  return routes;
}

async function previewed(facts: Run, rehearsal: Rehearsal): Promise<HostRoutes[]> {
  const { args, cloud, fleet, program, root, stacks } = facts;
  if (args.from !== undefined) {
    const from = resolve(args.from);
    const before = withNeeded(loadFleet(from, args.environment), []);
    await rehearsal.useStacks(before, programOf(from));
    if (!(await rehearsal.bringUp())) return [];
    rehearsal.replaceFiles(root);
  }
  await rehearsal.useStacks(stacks, program);
  const shown = new Set(args.stacks.length > 0 ? args.stacks : stacks);
  const results = await rehearsal.preview(shown, args.from === undefined);
  if (args.markdown !== undefined) {
    writeFileSync(args.markdown, results.map(previewMarkdown).join("\n"));
  }
  return routesOf(cloud, fleet);
}

async function planOnly(facts: Run, refusals: readonly string[]): Promise<Found> {
  const { args, cloud, fleet, program, root, say, stacks } = facts;
  const wanted = args.engine === "mock";
  const surprises = wanted ? [] : [noEngine(refusals)];
  for (const surprise of surprises) say(surprise);
  const planned = await mockPlan({ projectRoot: root, stacks, cloud, program, say });
  const engine = "none: planned by the SDK's mock runtime";
  return { ok: wanted, engine, stacks: planned, routes: routesOf(cloud, fleet), surprises };
}

/** Loud, because what follows is a plan and no rehearsal. */
function noEngine(refusals: readonly string[]): string {
  return [
    "THERE IS NO PULUMI CLI HERE, AND NO WAY TO GET ONE, so nothing can be rehearsed.",
    ...refusals.map((refusal) => `  ${refusal}`),
    "To mend that, do one of these and run again:",
    ...ENGINE_REMEDIES.map((remedy, index) => `  ${index + 1}. ${remedy}`),
    "What follows is only the plan that the SDK's mock runtime computes.",
  ].join("\n");
}

function explainKept(rehearsal: Rehearsal, say: (line: string) => void): void {
  say(`kept ${rehearsal.sandbox.directory}; delete it when you have seen enough. To look:`);
  for (const command of rehearsal.lookCommands()) say(`  ${command}`);
}
