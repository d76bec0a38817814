import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Cloud } from "../doubles";
import { parseStackName, type StackKind } from "../infra/config/stackName";
import type { DrillReport } from "./drill/report";
import { replaceProject } from "./engine/projectFiles";
import { createSandbox, type Sandbox } from "./engine/sandbox";
import {
  changesAnything,
  StackRunner,
  type Operation,
  type OperationResult,
  type StateResource,
  type Step,
} from "./engine/stackRunner";
import type { Progress } from "./progress";
import { countKinds, type StackReport } from "./report";
import type { Tool } from "./tools/find";

/** The program of a stack; `projectRoot` is the sandbox's copy of the project. */
export type StackProgram = (projectRoot: string) => PulumiFn;

/** What a run needs, whichever of its steps it takes. */
export interface RunOptions {
  /** The checkout whose stack files are run. */
  root: string;
  engine: Tool;
  /** The providers' doubles, started: value of PULUMI_DEBUG_PROVIDERS and the ledger behind them. */
  doubles: { debugProviders: string; cloud: Cloud };
  /** Some providers run for real, so the user's plugins are linked. */
  realPlugins?: boolean;
  progress: Progress;
  signal?: AbortSignal;
}

/** One step of the run, for the report. */
export interface TimelineStep {
  /** Milliseconds since the epoch. */
  started: number;
  result: OperationResult;
  /** What was wanted to go wrong. */
  expectation?: string;
}

/** Stacks' file key that takes protection off, see infra/config/stackSchemas.ts. */
const PROTECTION_KEY = "multi-region-eks:deletionProtection";

/**
 * Stacks on the real engine over the doubles. Every method runs one step over all stacks and notes
 * what is not as it should be in {@link surprises}; none throws for that.
 */
export class Rehearsal {
  readonly surprises: string[] = [];
  readonly reports = new Map<string, StackReport>();
  /** What `--drill` found. */
  drill?: DrillReport;
  /** Every step so far, in order. */
  readonly timeline: TimelineStep[] = [];

  private runners: StackRunner[] = [];

  private constructor(
    readonly sandbox: Sandbox,
    private readonly options: RunOptions,
  ) {}

  /** Makes the sandbox; the caller removes `sandbox`. */
  static async open(options: RunOptions): Promise<Rehearsal> {
    const { engine, doubles, realPlugins, root } = options;
    const { debugProviders } = doubles;
    return new Rehearsal(
      await createSandbox({ root, engine, debugProviders, realPlugins }),
      options,
    );
  }

  /**
   * Creates these stacks, or opens those that are there; the steps then run over them in this order.
   *
   * @param names in bring-up order, with all that they need before them.
   */
  async useStacks(names: readonly string[], program: StackProgram): Promise<void> {
    const runners: StackRunner[] = [];
    for (const name of names) {
      this.options.signal?.throwIfAborted();
      runners.push(await StackRunner.open(this.sandbox, name, program(this.sandbox.projectRoot)));
    }
    this.runners = runners;
  }

  /** Puts another checkout's stack files, fleet and workloads in the place of the sandbox's. */
  replaceFiles(root: string): void {
    replaceProject(root, this.sandbox.projectRoot);
  }

  /** Brings every stack up in order; stops at the first that fails. */
  async bringUp(): Promise<boolean> {
    for (const runner of this.runners) {
      const result = await this.step(runner, "up");
      if (!this.clean(result)) return false;
      await this.count(runner, result.seconds);
    }
    return true;
  }

  /**
   * Previews the stacks, each on top of what the ones before it made: previews do not chain, so a stack
   * that reads others is previewed after those were brought up, without a word, in the sandbox.
   *
   * @param shown stacks whose preview is wanted; the others are only brought up where one is read.
   * @param bringUp false when all that is read is up already.
   */
  async preview(shown: ReadonlySet<string>, bringUp = true): Promise<OperationResult[]> {
    const results: OperationResult[] = [];
    for (const [index, runner] of this.runners.entries()) {
      if (shown.has(runner.name)) {
        const result = await this.step(runner, "preview");
        const report = this.report(runner.name);
        report.seconds.preview = result.seconds;
        report.kinds = countKinds(result.steps);
        results.push(result);
        if (!this.clean(result)) return results;
      }
      const later = this.runners.slice(index + 1);
      if (!bringUp || !later.some(({ name }) => reads(name, runner.name))) continue;
      const result = await this.step(runner, "up");
      if (!this.clean(result)) return results;
      this.report(runner.name).seconds.up = result.seconds;
    }
    return results;
  }

  /** Previews every stack again and demands that nothing would change. */
  async demandNoChanges(): Promise<void> {
    for (const runner of this.runners) {
      const result = await this.step(runner, "preview");
      this.report(runner.name).seconds.check = result.seconds;
      if (!this.clean(result) || !changesAnything(result)) continue;
      this.surprises.push(
        `${runner.name}: a second preview wants changes\n${describeSteps(result.steps)}`,
      );
    }
  }

  /**
   * Destroys every stack, backwards. Protected ones first have to refuse; then protection is taken off
   * the way an operator does it: a config edit and an `up`.
   *
   * @returns whether it came to its end.
   */
  async destroy(): Promise<boolean> {
    const isProtected = await this.protectedStacks();
    for (const runner of isProtected) await this.demandRefusal(runner);
    for (const runner of isProtected) {
      await runner.setConfig(PROTECTION_KEY, "false");
      this.options.progress.note(`${runner.name}: deletionProtection: false`);
      if (!this.clean(await this.step(runner, "up"))) return false;
    }
    for (const runner of [...this.runners].reverse()) {
      const result = await this.step(runner, "destroy");
      this.report(runner.name).seconds.destroy = result.seconds;
      if (!this.clean(result)) return false;
    }
    await this.demandNothingLeft();
    return true;
  }

  /** Edits a stack's file, as an operator does. */
  async setConfig(stack: string, key: string, value: string): Promise<void> {
    await this.runner(stack).setConfig(key, value);
    this.options.progress.note(`${stack}: ${key.split(":").at(-1) ?? key}: ${value}`);
  }

  /** An `up` of one stack whose outcome the caller judges. */
  tryUp(stack: string, expectation?: string): Promise<OperationResult> {
    return this.step(this.runner(stack), "up", expectation);
  }

  private runner(stack: string): StackRunner {
    const found = this.runners.find(({ name }) => name === stack);
    if (found === undefined) throw new Error(`${stack} is not a stack of this run`);
    return found;
  }

  /**
   * Runs one operation on one of the stacks; the caller judges what came of it.
   *
   * @param expectation what the log calls a failure that is wanted.
   * @throws Error for a stack that {@link useStacks} was not told of.
   */
  async operate(
    stack: string,
    operation: Operation,
    expectation?: string,
  ): Promise<OperationResult> {
    return this.step(this.runner(stack), operation, expectation);
  }

  /**
   * What one of the stacks' state holds.
   *
   * @throws Error for a stack that {@link useStacks} was not told of.
   */
  async resources(stack: string): Promise<StateResource[]> {
    return this.runner(stack).resources();
  }

  /** How to look at what `--keep` kept. */
  lookCommands(): string[] {
    return this.runners.map((runner) => runner.lookCommand);
  }

  private async protectedStacks(): Promise<StackRunner[]> {
    const found: StackRunner[] = [];
    for (const runner of this.runners) {
      const resources = await runner.resources();
      if (resources.some(({ protect }) => protect === true)) found.push(runner);
    }
    return found;
  }

  /**
   * A `pulumi destroy` begins with a preview, and protection stops it there. (With `--skip-preview` the
   * engine deletes all that is not itself protected before it fails.)
   */
  private async demandRefusal(runner: StackRunner): Promise<void> {
    const { errors } = await this.step(runner, "refusal", "refused: protected");
    if (errors.length === 0) {
      this.surprises.push(`${runner.name}: protected, yet its destroy was not refused`);
    } else if (!errors.some((message) => /protect/i.test(message))) {
      this.surprises.push(
        `${runner.name}: destroy fails, but not for protection: ${errors.join("; ")}`,
      );
    }
  }

  private async demandNothingLeft(): Promise<void> {
    for (const runner of this.runners) {
      const left = await runner.resources();
      if (left.length === 0) continue;
      const urns = left.map(({ urn }) => `  ${urn}`).join("\n");
      this.surprises.push(`${runner.name}: left in state after destroy:\n${urns}`);
    }
    const { cloud } = this.options.doubles;
    if (cloud.size === 0) return;
    const things = cloud
      .all()
      .filter((thing) => thing.owner === undefined && thing.state.preexisting !== true);
    this.surprises.push(
      `left in the cloud after destroy:\n${things.map(({ type, id, region }) => `  ${type} ${id} (${region})`).join("\n")}`,
    );
  }

  private async step(
    runner: StackRunner,
    operation: Operation,
    expectation?: string,
  ): Promise<OperationResult> {
    this.options.signal?.throwIfAborted();
    const { progress, signal } = this.options;
    const label = operation === "refusal" ? "destroy" : operation;
    const line = progress.start(runner.name, label);
    const started = Date.now();
    const result = await runner.run(operation, { signal, onStep: (done) => line.count(done) });
    if (signal?.aborted === true) line.drop();
    signal?.throwIfAborted();
    line.end(result, expectation);
    this.timeline.push({ started, result, expectation });
    return result;
  }

  /** Notes errors and warnings; true when the operation succeeded. */
  private clean(result: OperationResult): boolean {
    const where = `${result.stack}: ${result.operation}`;
    for (const message of result.errors) this.surprises.push(`${where} failed: ${message}`);
    for (const message of result.warnings) this.surprises.push(`${where} warned: ${message}`);
    return result.errors.length === 0;
  }

  private async count(runner: StackRunner, seconds: number): Promise<void> {
    const report = this.report(runner.name);
    report.kinds = countKinds(await runner.resources());
    report.seconds.up = seconds;
  }

  private report(stack: string): StackReport {
    const known = this.reports.get(stack);
    if (known !== undefined) return known;
    const report: StackReport = { stack, kinds: {}, seconds: {} };
    this.reports.set(stack, report);
    return report;
  }
}

/** Whether a stack reads another one's outputs. */
function reads(reader: string, read: string): boolean {
  const order: StackKind[] = ["regional", "global", "backbone"];
  const [above, below] = [reader, read].map((name) => order.indexOf(parseStackName(name).kind));
  return (above ?? 0) > (below ?? 0);
}

const SHOWN_STEPS = 12;

/** The first steps of an unexpected diff, one a line. */
export function describeSteps(steps: readonly Step[]): string {
  const lines = steps.slice(0, SHOWN_STEPS).map(({ op, urn, diffs }) => {
    const paths = diffs.length > 0 ? ` [${diffs.join(", ")}]` : "";
    return `  ${op} ${urn}${paths}`;
  });
  const more = steps.length - SHOWN_STEPS;
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}
