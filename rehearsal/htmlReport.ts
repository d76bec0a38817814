import type { ChaosResult } from "./clusters/chaos";
import type { PodSample } from "./clusters/podSampler";
import type { ClusterNotes } from "./clusters/regionCluster";
import type { TimelineStep } from "./rehearse";
import type { Report } from "./report";

/** What the page shows beside the report. */
export interface HtmlReportParts {
  timeline: readonly TimelineStep[];
  /** Pods by region over time; none without clusters. */
  pods?: Pods;
  /** What was not real, by region. */
  notes?: ReadonlyMap<string, ClusterNotes>;
  chaos?: readonly ChaosResult[];
  /** What stood in for controllers, by name. */
  standIns?: StandIns;
  /** Further sections: a heading and HTML that is safe already. */
  sections?: readonly { heading: string; html: string }[];
}

type Pods = ReadonlyMap<string, readonly PodSample[]>;
type StandIns = Readonly<Record<string, string>>;

/** The rehearsal as one HTML page that needs no network. */
export function htmlReport(report: Report, parts: HtmlReportParts): string {
  const { timeline, pods = new Map(), notes = new Map(), chaos = [], sections = [] } = parts;
  const verdict = report.ok ? "as it should be" : `${report.surprises.length} surprises`;
  const blocks = [
    report.surprises.length === 0
      ? ""
      : section("Surprises", list(report.surprises.map((each) => code(each)))),
    section("Timeline", timelineOf(timeline)),
    pods.size === 0 ? "" : section("Pods by region", podCharts(pods)),
    chaos.length === 0 ? "" : section("Broken on the way", chaosOf(chaos)),
    ...sections.map(({ heading, html }) => section(heading, html)),
    section("What changed", changesOf(timeline)),
    notes.size === 0 ? "" : section("What was not real", notesOf(notes, parts.standIns ?? {})),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rehearsal: ${escape(verdict)}</title>
<style>${STYLE}</style></head><body><main>
<h1>Rehearsal <span class="${report.ok ? "ok" : "bad"}">${escape(verdict)}</span></h1>
<p>${report.stacks.length} stacks of ${escape(report.environment)}, ${report.seconds.toFixed(0)} s, ${escape(report.engine)}.</p>
${blocks.join("\n")}
</main></body></html>
`;
}

function timelineOf(timeline: readonly TimelineStep[]): string {
  const start = timeline[0]?.started ?? 0;
  const end = Math.max(...timeline.map(endOf), start + 1);
  const rows = timeline.map((step) => {
    const { result, expectation } = step;
    const left = ((step.started - start) / (end - start)) * 100;
    const width = Math.max(((endOf(step) - step.started) / (end - start)) * 100, 0.6);
    const failed = result.errors.length > 0;
    const state = failed ? (expectation === undefined ? "bad" : "wanted") : result.operation;
    const label = `${result.stack} · ${result.operation === "refusal" ? "destroy" : result.operation}`;
    return `<div class="row"><span class="name">${escape(label)}</span><span class="track"><i class="${state}" style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"></i></span><span class="figure">${result.seconds.toFixed(1)} s</span>${failed && expectation !== undefined ? `<span class="remark">${escape(expectation)}</span>` : ""}</div>`;
  });
  const legend = [
    ["up", "up"],
    ["preview", "preview"],
    ["destroy", "destroy"],
    ["wanted", "failed, as wanted"],
    ["bad", "failed"],
  ] as const;
  const keys = legend.map(([state, text]) => `<span><i class="${state}"></i>${text}</span>`);
  return `<p class="legend">${keys.join("")}</p>${rows.join("\n")}`;
}

const WIDTH = 320;
const HEIGHT = 90;

/** A chart a region, all over the same time and the same number of pods. */
function podCharts(pods: Pods): string {
  const all = [...pods.values()].flat();
  const [from, to] = [Math.min(...all.map(({ at }) => at)), Math.max(...all.map(({ at }) => at))];
  const most = Math.max(...all.map(({ ready, waiting }) => ready + waiting), 1);
  const x = (at: number): string => (((at - from) / Math.max(to - from, 1)) * WIDTH).toFixed(1);
  const y = (count: number): string => (HEIGHT - (count / most) * HEIGHT).toFixed(1);
  const charts = [...pods].map(([region, samples]) => {
    const area = (count: (sample: PodSample) => number): string => {
      const points = samples.map((sample) => `${x(sample.at)},${y(count(sample))}`);
      const [first = from, last = to] = [samples[0]?.at, samples.at(-1)?.at];
      return `${x(first)},${HEIGHT} ${points.join(" ")} ${x(last)},${HEIGHT}`;
    };
    const peak = Math.max(...samples.map(({ ready }) => ready), 0);
    return `<figure><figcaption>${escape(region)}: up to ${peak} ready</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="pods of ${escape(region)} over time" preserveAspectRatio="none">
<polygon class="waiting" points="${area(({ ready, waiting }) => ready + waiting)}"/>
<polygon class="ready" points="${area(({ ready }) => ready)}"/></svg></figure>`;
  });
  const seconds = ((to - from) / 1000).toFixed(0);
  return `<p class="legend"><span><i class="ready"></i>Running and Ready</span><span><i class="waiting"></i>waiting</span></p>
<div class="charts">${charts.join("\n")}</div><p class="small">${seconds} s from left to right, ${most} pods from bottom to top.</p>`;
}

function chaosOf(results: readonly ChaosResult[]): string {
  return list(
    results.map(({ what, region, mended, surprises }) => {
      const outcome = surprises.length === 0 ? "recovered, nothing lost" : surprises.join("; ");
      const steps = mended.length === 0 ? "" : `<br>Mended by hand: ${mended.map(code).join(", ")}`;
      return `<b>${escape(what)}</b> (${escape(region)}): <span class="${surprises.length === 0 ? "ok" : "bad"}">${escape(outcome)}</span>${steps}`;
    }),
  );
}

const SHOWN = 40;

function changesOf(timeline: readonly TimelineStep[]): string {
  const changing = timeline.filter(({ result }) => result.steps.length > 0);
  return changing
    .map(({ result: { stack, operation, changes, steps } }) => {
      const counts = Object.entries(changes)
        .filter(([, count]) => count > 0)
        .map(([op, count]) => `${count} ${op}`)
        .join(", ");
      const lines = steps.slice(0, SHOWN).map(({ op, type, urn, diffs }) => {
        const paths = diffs.length > 0 ? ` [${diffs.join(", ")}]` : "";
        return escape(`${op} ${type} ${urn.split("::").at(-1) ?? urn}${paths}`);
      });
      const more = steps.length > SHOWN ? [`and ${steps.length - SHOWN} more`] : [];
      return `<details><summary>${escape(stack)} · ${escape(operation)}: ${escape(counts || "stopped before it was through")}</summary><pre>${[...lines, ...more].join("\n")}</pre></details>`;
    })
    .join("\n");
}

function notesOf(notes: ReadonlyMap<string, ClusterNotes>, standIns: StandIns): string {
  const stood = Object.entries(standIns).map(
    ([name, what]) =>
      `<b>${escape(name)}</b> does not run on fake nodes; the rehearsal ${escape(what)}.`,
  );
  const addons = new Map(
    [...notes.values()].flatMap(({ addons: some }) =>
      some.map((addon) => [addon.release, addon] as const),
    ),
  );
  const rows = [...addons.values()].map(
    ({ release, chart, installed, why }) =>
      `<tr><td>${escape(release)}</td><td>${escape(chart)}</td><td>${escape(installed)}</td><td>${escape(why)}</td></tr>`,
  );
  const borrowed = [...new Set([...notes.values()].flatMap((each) => each.borrowed))];
  return [
    list(stood),
    rows.length === 0
      ? ""
      : `<h3>Add-ons of third parties</h3><div class="wide"><table><tr><th>release</th><th>chart</th><th>on the cluster</th><th>why</th></tr>${rows.join("")}</table></div>`,
    borrowed.length === 0
      ? ""
      : `<h3>CRDs that no release of the stacks brought</h3>${list(borrowed.map(escape))}`,
  ].join("\n");
}

function endOf({ started, result }: TimelineStep): number {
  return started + result.seconds * 1000;
}

function section(heading: string, html: string): string {
  return `<section><h2>${escape(heading)}</h2>${html}</section>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--faint:#e8ecf1;--quiet:#5b6675;--up:#2f6fde;--preview:#8aa4c8;--destroy:#7d5fb2;--good:#1a7f4b;--bad:#c2352b;--wanted:#c98a1b}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--paper:#12161c;--faint:#232a34;--quiet:#9aa6b5;--up:#6ea1ff;--preview:#587296;--destroy:#a98be0;--good:#4cc38a;--bad:#ff7b70;--wanted:#e3ac4a}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
.ok{color:var(--good)}.bad{color:var(--bad)}h1 span{font-weight:400}.small,.remark{color:var(--quiet);font-size:.85rem}
.row{display:grid;grid-template-columns:15rem 1fr 4rem;gap:.6rem;align-items:center;font-size:.85rem;padding:.1rem 0}
.row .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.figure{text-align:right;font-variant-numeric:tabular-nums}.remark{grid-column:2/-1}
.track{position:relative;height:.9rem;background:var(--faint);border-radius:3px}.track i{position:absolute;top:0;bottom:0;border-radius:3px}
i.up{background:var(--up)}i.preview{background:var(--preview)}i.destroy,i.refusal{background:var(--destroy)}i.bad{background:var(--bad)}i.wanted{background:var(--wanted)}i.ready{background:var(--good)}i.waiting{background:var(--wanted)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.85rem;color:var(--quiet);margin:.3rem 0 .6rem}.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin-right:.35rem;vertical-align:-.1rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}figure{margin:0}figcaption{font-size:.85rem;margin-bottom:.2rem}
svg{display:block;width:100%;height:6rem;background:var(--faint);border-radius:3px}polygon.ready{fill:var(--good)}polygon.waiting{fill:var(--wanted)}
details{border-top:1px solid var(--faint);padding:.35rem 0}summary{cursor:pointer;font-size:.9rem}pre{overflow-x:auto;font-size:.75rem;background:var(--faint);padding:.6rem;border-radius:3px}
code{font-size:.85em;white-space:pre-wrap;overflow-wrap:anywhere}.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;min-width:34rem}td,th{text-align:left;padding:.25rem .8rem .25rem 0;border-top:1px solid var(--faint);vertical-align:top}
ul{padding-left:1.2rem}li{margin:.3rem 0}
@media (max-width:40rem){.row{grid-template-columns:1fr 4rem;row-gap:.1rem;padding:.3rem 0}.row .track{grid-column:1/-1;grid-row:2}.remark{grid-column:1/-1}}
`;
