import { editedFiles } from "../../edits/stackEdits";
import { applyEdits } from "../../edits/fileEdits";
import { readFleetFiles } from "../../edits/fleetFiles";
import type { Cloud } from "../../doubles";
import { OperatorError } from "../../infra/config/errors";
import { type Environment, parseStackName, stackName } from "../../infra/config/stackName";
import type { WordEdit } from "../../infra/failover/actions";
import { configOf, type FleetFiles, regionsOf } from "../../infra/failover/fleetFiles";
import { changesOf, modelOf, type StackChanges } from "../../infra/failover/resources";
import { stepsOf } from "../../infra/failover/steps";
import { SERVICES } from "../../workloads/catalogue";
import { describeSteps, type Rehearsal } from "../rehearse";
import { changesAnything, type Operation, type OperationResult } from "../engine/stackRunner";
import { judge } from "./judge";
import type { Recovery } from "./recovery";
import { describeEdit, type EditKind, kindOfEdit } from "./words";
import { contentsOf, type World, worldOf } from "./world";

export type StoryName = "planned" | "unplanned";

/** One `pulumi preview` and `pulumi up` of the drill, and what they changed. */
export interface DrillStep {
  /** Such as `pre-scale` or `evacuate`. */
  phase: string;
  stack: string;
  /** What was edited since the stack last ran. */
  edits: string[];
  /** Number of resources per kind of step, such as `{ update: 1 }`. */
  changes: Record<string, number>;
  /** The resources themselves, such as `update us-east-1-gate [childHealthThreshold]`. */
  changed: string[];
  /** Wall time of preview and `up`, s. */
  seconds: number;
}

/** What a story found. */
export interface StoryReport {
  story: StoryName;
  steps: DrillStep[];
  /** With the region out of service; undefined when the story did not get there. */
  evacuated?: World;
  recovery?: Recovery;
  /** Whether the way back ended where the story began. */
  restored: boolean;
}

/** Raised where a story cannot go on; what is wrong is among the surprises. */
export class Stopped extends Error {}

/**
 * The rehearsal's copy of the stack files, and the stacks on the engine: edits words, runs the stacks
 * that they concern in the order of `npm run failover`, and holds each step to what it may change.
 */
export class Drill {
  /** Regions that do not answer: no step touches them. */
  readonly down = new Set<string>();
  /** Edits of a stack that it has not run with yet. */
  private readonly pending = new Map<string, { edits: WordEdit[]; changes: StackChanges[] }>();
  private steps: DrillStep[] = [];

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly cloud: Cloud,
    private readonly environment: Environment,
    readonly region: string,
  ) {
    const regions = regionsOf(this.files());
    if (regions.includes(region) && regions.length > 1) return;
    throw new OperatorError({
      key: "--drill",
      value: region,
      rule: `is a region of the ${environment} fleet (${regions.join(", ")}) that others can stand in for`,
      fix: "name another region, or another --environment",
    });
  }

  files(): FleetFiles {
    return readFleetFiles(this.rehearsal.sandbox.projectRoot, this.environment);
  }

  /** Releases by the stacks' states: the doubles keep no ledger for each cluster. */
  async world(): Promise<World> {
    const at = this.files();
    const releases = new Map<string, ReadonlySet<string>>();
    for (const region of regionsOf(at)) {
      const resources = await this.rehearsal.resources(this.stackOf(region));
      const names = resources
        .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
        .map(({ inputs }) => String(inputs.name));
      releases.set(region, new Set(names));
    }
    const services = SERVICES.map(({ name }) => name);
    return worldOf(this.cloud, at, services, releases, this.down);
  }

  /** Every call to the region's APIs is refused from now on. */
  fail(): void {
    this.cloud.failRegion(this.region);
    this.down.add(this.region);
  }

  /** The region answers again. */
  comeBack(): void {
    this.cloud.restoreRegion(this.region);
    this.down.delete(this.region);
  }

  /** Everything that is in the region, to compare. */
  contents(): string {
    return contentsOf(this.cloud, this.region);
  }

  /** Takes the steps that were run since the last call. */
  takeSteps(): DrillStep[] {
    const taken = this.steps;
    this.steps = [];
    return taken;
  }

  /** Notes what is wrong, and stops the story if anything is. */
  demand(what: string, problems: readonly string[]): void {
    if (problems.length === 0) return;
    this.rehearsal.surprises.push(...problems.map((problem) => `${what}: ${problem}`));
    throw new Stopped();
  }

  /** Edits words and runs the stacks that this concerns, those of regions that are down aside. */
  async change(phase: string, edits: readonly WordEdit[]): Promise<void> {
    if (edits.length === 0) return;
    const before = this.files();
    const root = this.rehearsal.sandbox.projectRoot;
    applyEdits(root, editedFiles(root, this.environment, edits));
    const after = this.files();
    const changes = changesOf(modelOf(before, SERVICES), modelOf(after, SERVICES));
    for (const edit of edits) this.remember(edit, changes);
    const due = stepsOf(before, after, changes, this.down).filter(({ later }) => !later);
    for (const { stack } of due) await this.run(phase, stack);
    const left = [...this.pending.keys()].filter((stack) => !this.isDown(stack));
    this.demand(
      phase,
      left.map((stack) => `${stack} was edited and has no step`),
    );
  }

  /** Runs a stack with what was edited since it last ran: preview, judgement, `up`, judgement. */
  async run(phase: string, stack: string): Promise<void> {
    const { edits = [], changes = [] } = this.pending.get(stack) ?? {};
    const expectation = {
      kinds: new Set<EditKind>(edits.map(kindOfEdit)),
      changes: together(changes),
    };
    let seconds = 0;
    for (const operation of ["preview", "up"] as const) {
      const result = await this.rehearsal.operate(stack, operation);
      seconds += result.seconds;
      if (operation === "up") this.note(phase, stack, edits, result, seconds);
      const wrong = [...result.errors, ...judge(result.steps, expectation)];
      this.demand(`${phase}: ${stack}: ${operation}`, wrong);
    }
    this.pending.delete(stack);
  }

  /** Runs an operation that has to fail, because the stack's region does not answer. */
  async demandFailure(stack: string, operation: Operation): Promise<void> {
    const result = await this.rehearsal.operate(stack, operation, "refused: region is gone");
    const refused = result.errors.some((message) => message.includes("does not answer"));
    this.demand(`${stack}: ${operation}`, [
      ...(result.errors.length === 0 ? ["works, though its region does not answer"] : []),
      ...(result.errors.length > 0 && !refused
        ? [`fails, but not for its region: ${result.errors.join("; ")}`]
        : []),
    ]);
  }

  /** Previews every stack whose region answers; none may want to change anything. */
  async demandQuiet(when: string, stacks: readonly string[]): Promise<void> {
    for (const stack of stacks.filter((each) => !this.isDown(each))) {
      const result = await this.rehearsal.operate(stack, "preview");
      this.demand(`${when}: ${stack}`, [
        ...result.errors,
        ...(changesAnything(result) ? [`wants changes\n${describeSteps(result.steps)}`] : []),
      ]);
    }
  }

  /** The words of every stack, to compare. */
  words(): string {
    const { files } = this.files();
    const regional = files.regional.map(({ identity, config }) => [identity.region, config]);
    return JSON.stringify([regional, files.global?.config]);
  }

  /** The bound of a promotion in a region, s. */
  maxLagSeconds(region: string): number {
    return configOf(this.files(), region)?.database.maxLagSeconds ?? 0;
  }

  /** The stack of a region, or `global`. */
  stackOf(owner: string): string {
    const { environment } = this;
    return owner === "global"
      ? stackName({ environment, kind: "global" })
      : stackName({ environment, kind: "regional", region: owner });
  }

  private isDown(stack: string): boolean {
    const identity = parseStackName(stack);
    return identity.kind === "regional" && this.down.has(identity.region);
  }

  private remember(edit: WordEdit, changes: readonly StackChanges[]): void {
    const stack = this.stackOf(edit.owner);
    const known = this.pending.get(stack) ?? { edits: [], changes: [] };
    const found = changes.filter(
      (change) => change.stack === stack && !known.changes.includes(change),
    );
    this.pending.set(stack, {
      edits: [...known.edits, edit],
      changes: [...known.changes, ...found],
    });
  }

  private note(
    phase: string,
    stack: string,
    edits: readonly WordEdit[],
    result: OperationResult,
    seconds: number,
  ): void {
    const custom = result.steps.filter((step) => step.custom);
    const changes: Record<string, number> = {};
    for (const { op } of custom) changes[op] = (changes[op] ?? 0) + 1;
    const changed = custom.map(({ op, urn, diffs }) => {
      const paths = diffs.length > 0 ? ` [${diffs.join(", ")}]` : "";
      return `${op} ${urn.split("::").at(-1) ?? urn}${paths}`;
    });
    this.steps.push({ phase, stack, edits: edits.map(describeEdit), changes, changed, seconds });
  }
}

/** What several edits do to one stack, one after another. */
function together(
  changes: readonly StackChanges[],
): Pick<StackChanges, "create" | "update" | "delete"> {
  return {
    create: changes.flatMap(({ create }) => create),
    update: changes.flatMap(({ update }) => update),
    delete: changes.flatMap((change) => change.delete),
  };
}
