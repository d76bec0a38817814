import { table } from "../report";
import type { DrillStep, StoryReport } from "./drill";
import type { World } from "./world";

/** What a drill of a region found, as `--json` prints it. */
export interface DrillReport {
  region: string;
  stories: StoryReport[];
}

/** The drill as text: for each story its steps, the world without the region, and how long it took. */
export function drillText({ region, stories }: DrillReport): string {
  return stories.map((story) => storyText(region, story)).join("\n\n");
}

function storyText(region: string, { story, steps, evacuated, recovery }: StoryReport): string {
  const title =
    story === "planned"
      ? `Planned evacuation of ${region}, and back`
      : `Loss of ${region}, whose APIs refuse every call, and its return`;
  const head = ["phase", "stack", "edited", "changes", "s"];
  const parts = [`${title}\n${"=".repeat(title.length)}`, table(head, steps.map(stepRow))];
  if (evacuated !== undefined) parts.push(worldText(region, evacuated));
  if (recovery !== undefined) {
    const { usersSeconds, machineSeconds, promotionSeconds, evacuationSeconds } = recovery;
    const { typicalSeconds, boundSeconds } = recovery.dataAtRisk;
    const from = story === "planned" ? "the drain's `up`" : "the failure, with nobody's help";
    parts.push(
      [
        `users: nobody is sent to ${region} ${usersSeconds} s after ${from} (modelled)`,
        `evacuation: ${machineSeconds.toFixed(0)} s of previews and \`up\`s over the doubles, ${promotionSeconds} s for the promotion (assumed): ${evacuationSeconds.toFixed(0)} s`,
        boundSeconds === 0
          ? "data at risk: none"
          : `data at risk: what was not replicated, typically less than ${typicalSeconds} s of writes; a measured lag above ${boundSeconds} s (database.maxLagSeconds) is refused`,
      ].join("\n"),
    );
  }
  return parts.join("\n\n");
}

function stepRow({ phase, stack, edits, changes, seconds }: DrillStep): string[] {
  const counts = Object.entries(changes).map(([op, n]) => `${n} ${op}`);
  const changed = counts.join(", ") || "nothing";
  // The stack's own words; a row names the stack already.
  const words = edits.map((edit) => edit.replace(/^\S+ /, ""));
  return [phase, stack, words.join("; ") || "-", changed, seconds.toFixed(1)];
}

function worldText(region: string, { routes, services, writers }: World): string {
  const journeys = routes.flatMap(({ host, answers }) =>
    answers.map(({ from, A }) => [
      host,
      from,
      A?.region ?? "no answer",
      A === undefined ? "" : `${A.roundTripMs} ms`,
    ]),
  );
  const homes = Object.entries(services).map(([service, regions]) => [service, regions.join(", ")]);
  return [
    `Without ${region}: the writer is ${writers.join(" and ") || "nowhere"}`,
    table(["host", "client near", "answered with", "round trip"], journeys),
    table(["service", "has a release in"], homes),
  ].join("\n\n");
}
