import { formatProblems } from "../../infra/config/errors";
import type { WhatIf } from "../../infra/failover/whatIf";
import type { Verdict } from "../fleetQuestion";
import { worldMap } from "./map";
import { departureLines, journeyRows, regionRows, stepLines, writerLine } from "./report";

const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --text: #1c2430; --soft: #5b6675; --line: #d8dee6; --land: #e9edf2; --bad: #b3261e; --good: #1b7f4b }
@media (prefers-color-scheme: dark) { :root { --ground: #12161c; --text: #e6eaf0; --soft: #9aa6b5; --line: #2c3541; --land: #222a35; --bad: #ff8a80; --good: #63d297 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.25rem; margin: 0 0 .25rem }
h2 { font-size: 1rem; margin: 1.5rem 0 .4rem }
p { margin: .2rem 0 }
.asked { color: var(--soft); overflow-wrap: anywhere }
svg { display: block; width: 100%; height: auto; margin-top: .75rem }
.land { fill: var(--land) }
.goes, .was, .cross { fill: none; stroke-width: 1 }
.goes { stroke-width: 1; opacity: .75 }
.moved { stroke-width: 1.6; opacity: 1 }
.was { stroke: var(--soft); stroke-dasharray: 1.5 2; stroke-width: .7 }
.out { fill: var(--ground); stroke-width: 1.2 }
text { font: 600 7px system-ui, sans-serif; fill: var(--text); text-anchor: middle; paint-order: stroke; stroke: var(--ground); stroke-width: 1.6px; stroke-linejoin: round }
text.users { font-weight: 400; font-size: 5.8px }
.warn { fill: var(--bad); font-weight: 600 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap }
td:last-child { white-space: normal }
th { color: var(--soft); font-weight: 500; font-size: .8rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 13px/1.5 ui-monospace, monospace }
.bad { color: var(--bad) } .good { color: var(--good) }
`;

/** The what-if as one HTML page that needs nothing else: map, tables, steps. */
export function asPage(asked: string, result: WhatIf, verdict: Verdict): string {
  const { refused, warnings } = verdict;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What if: ${escaped(asked)}</title>
<style>${STYLE}</style>
<h1>What if</h1>
<p class="asked">${escaped(asked)}</p>
${worldMap(result)}
<p class="asked">Dot: a region; crossed out: it gets no users. Arrow: users near its tail go to its head, thick where that is new, dashed where they went before.</p>
${refused.length > 0 ? section("Guards: refused", pre(formatProblems(refused), "bad")) : '<h2>Guards</h2><p class="good">Nothing against it.</p>'}
${warnings.length > 0 ? section("Warnings", pre(formatProblems(warnings))) : ""}
${section("Where users go", table(journeyRows(result)))}
${section("Regions", table(regionRows(result)))}
${section("Writer", `<p>${escaped(writerLine(result))}</p>`)}
${result.homeless.length > 0 ? section("Runs nowhere", `<p class="bad">${escaped(result.homeless.join(", "))}</p>`) : ""}
${result.departures.length > 0 ? section("How long", pre(bodyOf(departureLines(result)))) : ""}
${result.notes.length > 0 ? section("Note", result.notes.map((note) => `<p>${escaped(note)}</p>`).join("")) : ""}
${section("Steps", pre(bodyOf(stepLines(result))))}
</html>
`;
}

function section(title: string, body: string): string {
  return `<h2>${escaped(title)}</h2>${body}`;
}

function table([header = [], ...rows]: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table>${row(header, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table></div>`;
}

function pre(text: string, kind = ""): string {
  return `<pre class="${kind}">${escaped(text)}</pre>`;
}

/** Text without its heading's line. */
function bodyOf(text: string): string {
  const newline = text.indexOf("\n");
  return (newline < 0 ? text : text.slice(newline + 1)).trimEnd();
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
