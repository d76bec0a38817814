import { cloudOf } from "../rehearsal/run";
import { MockEngine } from "../doubles/mocks";
import { loadFleet } from "../infra/config/load";
import { runProgram } from "../infra/program";
import { stackConfig } from "../rehearsal/mockPlan";
import { table } from "../rehearsal/report";
import type { Tool } from "../rehearsal/tools/find";
import { committedProject, emptyProject, generatedProject, REGIONS } from "./fixture";
import { PreviewBench, type Sample } from "./previewBench";
import { median, ratio, type Budget } from "./statistics";

export interface BenchOptions {
  root: string;
  engine: Tool;
  /** How often each figure is taken; the median counts. */
  runs: number;
  say: (line: string) => void;
}

/** One line of the table: medians. */
export interface Figure {
  what: string;
  seconds: number;
  programSeconds?: number;
  peakMb?: number;
  /** Against which line, and how many times it. */
  against?: string;
  ratio?: number;
}

export interface BenchResult {
  runs: number;
  figures: Figure[];
  budgets: Budget[];
}

const EMPTY = "empty program, the same packages";
const ONE = "us-east-1 as committed";

/** Takes every figure; a few minutes on two cores. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const bench = await PreviewBench.open(options.root, options.engine);
  try {
    const figures = await takeFigures(bench, options);
    return { runs: options.runs, figures, budgets: judge(figures) };
  } finally {
    await bench.close();
  }
}

async function takeFigures(bench: PreviewBench, options: BenchOptions): Promise<Figure[]> {
  const { root, runs, say } = options;
  const figures: Figure[] = [];
  const take = async (
    what: string,
    against: string | undefined,
    sample: () => Promise<Sample[]>,
  ) => {
    const samples: Sample[][] = [];
    for (let round = 0; round < runs; round++) samples.push(await sample());
    const seconds = median(samples.map((each) => sum(each.map((one) => one.seconds))));
    const base = figures.find((figure) => figure.what === against);
    figures.push({
      what,
      seconds,
      programSeconds: median(samples.map((each) => sum(each.map((one) => one.programSeconds)))),
      peakMb: Math.max(...samples.flat().map(({ peakMb }) => peakMb)),
      against,
      ratio: base && ratio(seconds, base.seconds),
    });
    say(`${what}: ${seconds.toFixed(1)} s`);
  };
  const generated = (regions: number, services: number): string =>
    generatedProject(root, bench.projectDirectory(`${regions}x${services}`), { regions, services });
  const previewAll = async (project: string, stacks: readonly string[]): Promise<Sample[]> => {
    const samples: Sample[] = [];
    for (const stack of stacks) samples.push(await bench.preview(project, stack));
    return samples;
  };

  const empty = emptyProject(root, bench.projectDirectory("empty"));
  await take(EMPTY, undefined, () => previewAll(empty, ["us-east-1"]));
  const committed = committedProject(root, bench.projectDirectory("committed"));
  await take(ONE, EMPTY, () => previewAll(committed, ["us-east-1"]));
  figures.push(await programOnly(options));

  const one = generated(1, 10);
  await take("1 region, 10 services", EMPTY, () => previewAll(one, REGIONS.slice(0, 1)));
  const ten = generated(10, 10);
  await take("10 regions, 10 services each", "1 region, 10 services", () =>
    previewAll(ten, REGIONS),
  );
  const five = generated(1, 5);
  await take("1 region, 5 services", undefined, () => previewAll(five, REGIONS.slice(0, 1)));
  const fifty = generated(1, 50);
  await take("1 region, 50 services", "1 region, 5 services", () =>
    previewAll(fifty, REGIONS.slice(0, 1)),
  );
  return figures;
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
  const seconds = median(times);
  const what = "us-east-1, program alone on mocks";
  say(`${what}: ${seconds.toFixed(2)} s`);
  return { what, seconds };
}

/** Issue 3's budgets. */
export function judge(figures: readonly Figure[]): Budget[] {
  const of = (what: string): Figure | undefined => figures.find((figure) => figure.what === what);
  const peaks = figures.map(({ peakMb }) => peakMb ?? 0);
  const budget = (
    what: string,
    value: number | undefined,
    limit: number,
    unit: string,
  ): Budget => ({
    what,
    value: value ?? NaN,
    limit,
    unit,
    ok: (value ?? NaN) <= limit,
  });
  return [
    budget("regional preview against the empty one", of(ONE)?.ratio, 2, "×"),
    budget("ten regions against one", of("10 regions, 10 services each")?.ratio, 10, "×"),
    budget("peak memory of the program", Math.max(...peaks), 500, "MB"),
  ];
}

/** The figures and the budgets as text. */
export function benchTable({ runs, figures, budgets }: BenchResult): string {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined ? "" : value.toFixed(digits);
  const rows = figures.map((figure) => [
    figure.what,
    number(figure.seconds, 2),
    number(figure.programSeconds, 2),
    number(figure.peakMb, 0),
    figure.ratio === undefined ? "" : `${figure.ratio.toFixed(2)} × ${figure.against ?? ""}`,
  ]);
  const verdicts = budgets.map(
    ({ what, value, limit, unit, ok }) =>
      `${ok ? "within" : "OVER"} budget: ${what} ${value.toFixed(1)} ${unit} (at most ${limit} ${unit})`,
  );
  return [
    `pulumi preview, medians of ${runs}`,
    "",
    table(["preview of", "wall s", "program s", "peak MB", "times"], rows),
    "",
    ...verdicts,
  ].join("\n");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
