import { MockEngine } from "../doubles/mocks";
import { loadFleet } from "../infra/config/load";
import { runProgram } from "../infra/program";
import { stackConfig } from "../rehearsal/mockPlan";
import { table } from "../rehearsal/report";
import { cloudOf } from "../rehearsal/run";
import type { Tool } from "../rehearsal/tools/find";
import { committedProject, emptyProject, generatedProject, plainProject, REGIONS } from "./fixture";
import { PreviewBench, type Sample } from "./previewBench";
import { add, median, medianSample, type Budget } from "./statistics";

export interface BenchOptions {
  root: string;
  engine: Tool;
  /** How often each figure is taken; the median counts. */
  runs: number;
  say: (line: string) => void;
}

/** One line of the table: medians. */
export interface Figure extends Partial<Omit<Sample, "seconds">> {
  what: string;
  seconds: number;
  /** Against which line, and how many times it: the median of the rounds' ratios. */
  against?: string;
  ratio?: number;
}

export interface BenchResult {
  runs: number;
  figures: Figure[];
  budgets: Budget[];
  /** Where a regional preview's time goes. */
  breakdown: string[];
}

/** What is measured, one after the other in every round; the first is what the others are set against. */
interface Case {
  what: string;
  project: string;
  stacks: readonly string[];
}

const EMPTY = "empty program, the same packages";
const ONE = "us-east-1 as committed";
const PLAIN = "as many queues and nothing else";
const TEN = "10 regions, 10 services each";

/** Takes every figure; a few minutes on two cores. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const bench = await PreviewBench.open(options.root, options.engine);
  try {
    const figures = await takeFigures(bench, options);
    return {
      runs: options.runs,
      figures,
      budgets: judge(figures),
      breakdown: breakDown(figures),
    };
  } finally {
    bench.close();
  }
}

async function takeFigures(bench: PreviewBench, options: BenchOptions): Promise<Figure[]> {
  const { root } = options;
  const generated = (what: string, regions: number, services: number): Case => {
    const directory = bench.projectDirectory(`${regions}x${services}`);
    const project = generatedProject(root, directory, { regions, services });
    return { what, project, stacks: REGIONS.slice(0, regions) };
  };
  const only = ["us-east-1"];
  const empty = emptyProject(root, bench.projectDirectory("empty"));
  const committed = committedProject(root, bench.projectDirectory("committed"));
  // What a process does only once, the doubles' reading of the packages' declarations above all.
  const { resources } = await bench.preview(committed, "us-east-1");
  const plain = plainProject(root, bench.projectDirectory("plain"), resources);
  return [
    ...(await interleaved(bench, options, [
      { what: EMPTY, project: empty, stacks: only },
      { what: PLAIN, project: plain, stacks: only },
      { what: ONE, project: committed, stacks: only },
    ])),
    await programOnly(options),
    ...(await interleaved(bench, options, [
      generated("1 region, 10 services", 1, 10),
      generated(TEN, 10, 10),
    ])),
    ...(await interleaved(bench, options, [
      generated("1 region, 5 services", 1, 5),
      generated("1 region, 50 services", 1, 50),
    ])),
  ];
}

/** Rounds of A, B, A, B, so that what else the machine does falls on both; a ratio is one round's. */
async function interleaved(
  bench: PreviewBench,
  { runs, say }: BenchOptions,
  cases: readonly Case[],
): Promise<Figure[]> {
  const rounds: Sample[][] = [];
  for (let round = 0; round < runs; round++) {
    const samples: Sample[] = [];
    for (const { project, stacks } of cases) {
      const previews: Sample[] = [];
      for (const stack of stacks) previews.push(await bench.preview(project, stack));
      samples.push(add(previews));
    }
    rounds.push(samples);
  }
  return cases.map(({ what }, index) => {
    const sample = medianSample(rounds.flatMap((samples) => samples[index] ?? []));
    say(`${what}: ${sample.seconds.toFixed(1)} s`);
    if (index === 0) return { what, ...sample };
    const ratios = rounds.map((samples) => seconds(samples[index]) / seconds(samples[0]));
    return { what, ...sample, against: cases[0]?.what, ratio: median(ratios) };
  });
}

function seconds(sample: Sample | undefined): number {
  return sample?.seconds ?? NaN;
}

/** The regional stack's program alone: the SDK's mock runtime, no engine, everything loaded before. */
async function programOnly({ root, runs, say }: BenchOptions): Promise<Figure> {
  const fleet = loadFleet(root, "production");
  const config = stackConfig(root, "us-east-1");
  const program = () => runProgram({ projectRoot: root, allowPlaceholders: true });
  const times: number[] = [];
  for (let round = 0; round <= runs; round++) {
    const started = performance.now();
    const cloud = cloudOf(fleet);
    await MockEngine.run({ stack: "us-east-1", cloud, config, preview: true }, program);
    if (round > 0) times.push((performance.now() - started) / 1000);
  }
  const figure = { what: "us-east-1, program alone on mocks", seconds: median(times) };
  say(`${figure.what}: ${figure.seconds.toFixed(2)} s`);
  return figure;
}

/** Issue 3's budgets, and design.md's time for a resource. */
export function judge(figures: readonly Figure[]): Budget[] {
  const of = (what: string): Figure | undefined => figures.find((figure) => figure.what === what);
  const one = of(ONE);
  const perResource = ((one?.seconds ?? NaN) - (of(EMPTY)?.seconds ?? NaN)) * 1000;
  const budget = (what: string, value: number, limit: number, unit: string): Budget => ({
    what,
    value,
    limit,
    unit,
    ok: value <= limit,
  });
  return [
    budget("regional preview against the empty one", one?.ratio ?? NaN, 2, "×"),
    budget("ten regions against one", of(TEN)?.ratio ?? NaN, 10, "×"),
    budget("peak memory of the program", peak(figures), 500, "MB"),
    budget("time for each resource", perResource / (one?.resources ?? NaN), 8, "ms"),
  ];
}

function peak(figures: readonly Figure[]): number {
  return Math.max(...figures.map(({ peakMb }) => peakMb ?? 0));
}

/** CPU time of a regional preview by who spends it, and the least that so many resources cost. */
export function breakDown(figures: readonly Figure[]): string[] {
  const cpu = (what: string) => figures.find((figure) => figure.what === what)?.cpu;
  const [empty, plain, one] = [cpu(EMPTY), cpu(PLAIN), cpu(ONE)];
  if (empty === undefined || plain === undefined || one === undefined) return [];
  const floor = figures.find(({ what }) => what === PLAIN)?.ratio ?? NaN;
  const line = (what: string, value: number): string =>
    `  ${what.padEnd(44)} ${value.toFixed(2)} s`;
  return [
    `CPU time of a preview of ${ONE}:`,
    line("the SDK, its loader and the packages", empty.program),
    line("registering as many plain resources", plain.program - empty.program),
    line("the program itself", one.program - plain.program),
    line("engine, as for the empty program", empty.engine),
    line("engine, for the resources", one.engine - empty.engine),
    line("doubles, where providers' plugins would be", one.doubles),
    `The floor: so many plain resources alone take ${floor.toFixed(2)} × the empty program's wall time.`,
  ];
}

/** The figures, the budgets and the breakdown as text. */
export function benchTable({ runs, figures, budgets, breakdown }: BenchResult): string {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined ? "" : value.toFixed(digits);
  const rows = figures.map(({ what, seconds: wall, cpu, peakMb, resources, against, ratio }) => [
    what,
    number(wall, 2),
    number(cpu?.program, 2),
    number(cpu?.engine, 2),
    number(cpu?.doubles, 2),
    number(peakMb, 0),
    number(resources, 0),
    ratio === undefined ? "" : `${ratio.toFixed(2)} × ${against ?? ""}`,
  ]);
  const verdicts = budgets.map(
    ({ what, value, limit, unit, ok }) =>
      `${ok ? "within" : "OVER"} budget: ${what} ${value.toFixed(1)} ${unit} (at most ${limit} ${unit})`,
  );
  const columns = ["preview of", "wall s", "CPU s: program", "engine", "doubles", "peak MB"];
  return [
    `pulumi preview, medians of ${runs} interleaved rounds`,
    "",
    table([...columns, "resources", "times (wall)"], rows),
    "",
    ...breakdown,
    "",
    ...verdicts,
  ].join("\n");
}
