import { formatProblems } from "../../infra/config/errors";
import { isHealthyWriter, type WhatIf } from "../../infra/failover/whatIf";
import { columns } from "../command";
import type { Verdict } from "../fleetQuestion";

/** The what-if as text. */
export function asText(result: WhatIf): string {
  const sections = [
    `Where users go\n${indented(columns(journeyRows(result)))}`,
    `Regions${loadHeading(result)}\n${indented(columns(regionRows(result)))}`,
    `Writer: ${writerLine(result)}`,
    ...(result.homeless.length > 0 ? [`Runs nowhere: ${result.homeless.join(", ")}`] : []),
    ...(result.departures.length > 0 ? [departureLines(result)] : []),
    ...(result.notes.length > 0
      ? [`Note\n${result.notes.map((note) => `  ${note}\n`).join("")}`.trimEnd()]
      : []),
    stepLines(result),
  ];
  return `${sections.map((section) => section.trimEnd()).join("\n\n")}\n`;
}

/** What the guards say, as text. */
export function verdictText({ refused, warnings }: Verdict): string {
  const lines =
    refused.length > 0
      ? `Guards: refused\n${indented(`${formatProblems(refused)}\n`)}`
      : "Guards: nothing against it\n";
  if (warnings.length === 0) return lines;
  return `${lines}Warnings\n${indented(`${formatProblems(warnings)}\n`)}`;
}

export function journeyRows({ journeys }: WhatIf): string[][] {
  const rows = journeys.map(({ from, before, after, addedMs }) => [
    from,
    before.region,
    `${before.roundTripMs} ms`,
    after.region,
    `${after.roundTripMs} ms`,
    before.region === after.region ? "" : `${addedMs < 0 ? "" : "+"}${addedMs} ms`,
  ]);
  return [["NEAR", "NOW", "", "THEN", "", "MORE"], ...rows];
}

export function regionRows({ regions }: WhatIf): string[][] {
  const rows = regions.map(({ region, traffic, down, share, homed }) => [
    region,
    down ? `${traffic}, down` : traffic,
    share === undefined ? "-" : `${round(share.load)} of ${round(share.carries)}`,
    share?.overloaded === true ? "OVERLOADED" : "",
    homed.join(", ") || "-",
  ]);
  return [["REGION", "TRAFFIC", "LOAD", "", "HOMED SERVICES"], ...rows];
}

function loadHeading({ regions }: WhatIf): string {
  return regions.some(({ share }) => share !== undefined)
    ? " (load: at the peak, in replicas of the api, of what the region carries)"
    : "";
}

export function writerLine({ writer }: WhatIf): string {
  const { region, before } = writer;
  if (region === undefined) return "none";
  const moved = region === before ? region : `${before ?? "none"} → ${region}`;
  return isHealthyWriter(writer) ? moved : `${moved}, which does not answer`;
}

export function departureLines({ departures }: WhatIf): string {
  const lines = departures.map(
    ({ region, seconds, by }) => `  ${region}: nobody is sent there after ${seconds} s, by ${by}\n`,
  );
  return `How long\n${lines.join("")}`;
}

export function stepLines({ steps }: WhatIf): string {
  if (steps.length === 0) return "Steps\n  none; the files are as they were";
  const rows = steps.map(({ stack, why, later }, index) => [
    `  ${index + 1}.`,
    `pulumi up -s ${stack}`,
    `# ${why.join("; ")}${later ? "; when its region answers again" : ""}`,
  ]);
  return `Steps\n${columns(rows)}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");
