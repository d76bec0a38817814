import { editsOf, type WordEdit } from "../../infra/failover/actions";
import { primaryOf } from "../../infra/failover/fleetFiles";
import { type Drill, Stopped, type StoryName, type StoryReport } from "./drill";
import { EVACUATION_LIMIT, recoveryOf } from "./recovery";
import { EVACUATION, kindOfEdit, RESTORATION, type EditKind } from "./words";
import { demandEvacuated, demandNobodyIn } from "./world";

/** What the table calls the edits of a kind, on the way out and on the way back. */
const PHASES: Readonly<Record<EditKind, readonly [string, string]>> = {
  capacity: ["pre-scale", "scale back"],
  role: ["promotion", "failback"],
  takeover: ["takeover", "hand back"],
  traffic: ["drain", "undrain"],
};

/**
 * Tells both stories of a region, one after the other: each ends where it began. The second is not
 * told when the first went wrong.
 *
 * @param stacks every stack, all up.
 */
export async function tellStories(drill: Drill, stacks: readonly string[]): Promise<StoryReport[]> {
  const planned = await tell("planned", drill, stacks);
  return planned.restored ? [planned, await tell("unplanned", drill, stacks)] : [planned];
}

async function tell(
  story: StoryName,
  drill: Drill,
  stacks: readonly string[],
): Promise<StoryReport> {
  const report: StoryReport = { story, steps: [], restored: false };
  const { region } = drill;
  const before = { words: drill.words(), world: await drill.world() };
  const contents = drill.contents();
  try {
    const promoted = primaryOf(drill.files()) === region;
    await (story === "planned" ? evacuateByPlan(drill) : evacuateWhatIsGone(drill));
    report.steps = drill.takeSteps();
    report.evacuated = await drill.world();
    drill.demand(`${story}: evacuated`, demandEvacuated(region, report.evacuated, drill.files()));
    await drill.demandQuiet(`${story}: evacuated`, stacks);
    report.recovery = recoveryOf({
      story,
      promoted,
      machineSeconds: report.steps.reduce((sum, { seconds }) => sum + seconds, 0),
      maxLagSeconds: drill.maxLagSeconds(primaryOf(drill.files()) ?? region),
    });
    demandInTime(drill, story, report.recovery.evacuationSeconds);
    if (story === "unplanned") await comeBack(drill, contents);
    else await inPhases(drill, editsOf({ action: "restore", region }, drill.files()), RESTORATION);
    await demandAsBefore(drill, story, before, stacks);
    report.restored = true;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  report.steps = [...report.steps, ...drill.takeSteps()];
  return report;
}

/** An edit of each kind by itself, everything answering. */
async function evacuateByPlan(drill: Drill): Promise<void> {
  const { region } = drill;
  await inPhases(drill, editsOf({ action: "evacuate", region }, drill.files()), EVACUATION);
}

async function inPhases(
  drill: Drill,
  edits: readonly WordEdit[],
  order: readonly EditKind[],
): Promise<void> {
  const back = order === RESTORATION ? 1 : 0;
  for (const kind of order) {
    await drill.change(
      PHASES[kind][back],
      edits.filter((edit) => kindOfEdit(edit) === kind),
    );
  }
}

/**
 * The region's APIs refuse every call. DNS leaves it with nobody's help; its own stack cannot run; then
 * the edits of `npm run failover -- evacuate --lost`, all at once, and the steps that it prints.
 */
async function evacuateWhatIsGone(drill: Drill): Promise<void> {
  const { region } = drill;
  drill.fail();
  drill.demand(
    "unplanned: by health checks alone",
    demandNobodyIn(region, (await drill.world()).routes),
  );
  await drill.demandFailure(drill.stackOf(region), "up");
  await drill.change(
    "evacuate",
    editsOf({ action: "evacuate", region, lost: true }, drill.files()),
  );
}

/** The region answers again: nobody is sent to it yet; its stack runs first, then everything goes back. */
async function comeBack(drill: Drill, contents: string): Promise<void> {
  const { region } = drill;
  drill.demand(
    "unplanned: evacuated",
    drill.contents() === contents ? [] : [`something was changed in ${region}, which was gone`],
  );
  drill.comeBack();
  drill.demand(
    "unplanned: answers again, drained",
    demandNobodyIn(region, (await drill.world()).routes),
  );
  await drill.run("return", drill.stackOf(region));
  await drill.change("restore", editsOf({ action: "restore", region }, drill.files()));
}

function demandInTime(drill: Drill, story: StoryName, seconds: number): void {
  if (seconds <= EVACUATION_LIMIT) return;
  drill.demand(story, [
    `the evacuation takes ${Math.round(seconds)} s of machine time and promotion, more than ${EVACUATION_LIMIT} s`,
  ]);
}

async function demandAsBefore(
  drill: Drill,
  story: StoryName,
  before: { words: string; world: object },
  stacks: readonly string[],
): Promise<void> {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const world = await drill.world();
  drill.demand(`${story}: restored`, [
    ...(drill.words() === before.words ? [] : ["the stack files do not say what they said before"]),
    ...(same(world, before.world)
      ? []
      : [`users, services or writer are not where they were: ${JSON.stringify(world)}`]),
  ]);
  await drill.demandQuiet(`${story}: restored`, stacks);
}
