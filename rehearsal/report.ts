import type { DrillReport } from "./drill/report";
import type { HostRoutes } from "./routes";
import type { OperationResult, StateResource } from "./engine/stackRunner";

/** What the rehearsal found out about one stack. */
export interface StackReport {
  stack: string;
  /** Resources in state after `up`, by package: aws, eks, kubernetes, …; `component` for components. */
  kinds: Record<string, number>;
  /** Wall time of each operation, s. */
  seconds: Partial<Record<"preview" | "up" | "check" | "destroy", number>>;
}

/** The whole run, as `--json` prints it. */
export interface Report {
  ok: boolean;
  environment: string;
  /** What ran the programs: the CLI's version and where it came from, or the SDK's mock runtime. */
  engine: string;
  stacks: StackReport[];
  routes: HostRoutes[];
  /** What `--drill` found. */
  drill?: DrillReport;
  /** Everything that was not as it should be; empty when `ok`. */
  surprises: string[];
  seconds: number;
}

/** Package of a resource type; `component` for components, the stack itself included; `release` for Helm releases. */
export function kindOf({ type, custom }: Pick<StateResource, "type" | "custom">): string {
  if (type.startsWith("pulumi:providers:")) return "provider";
  if (type === "kubernetes:helm.sh/v3:Release") return "release";
  const name = type.split(":")[0] ?? type;
  return custom || name === "awsx" || name === "eks" ? name : "component";
}

/** How many resources of each kind. */
export function countKinds(
  resources: readonly Pick<StateResource, "type" | "custom">[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const resource of resources) {
    const kind = kindOf(resource);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** A cell that lines up by its end: a number, with a unit perhaps. */
const NUMERIC = /^([\d.]+( ms)?)?$/;

/** Plain-text table; columns of numbers to the right, all others to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const columns = head.map((_, index) => ({
    width: Math.max(...lines.map((line) => (line[index] ?? "").length)),
    numeric: rows.every((row) => NUMERIC.test(row[index] ?? "")),
  }));
  const text = lines.map((line) =>
    columns
      .map(({ width, numeric }, index) => {
        const cell = line[index] ?? "";
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  text.splice(1, 0, "-".repeat(columns.reduce((sum, { width }) => sum + width + 2, -2)));
  return text.join("\n");
}

/** The stacks, their resources by kind and how long each operation took. */
export function stackTable(stacks: readonly StackReport[]): string {
  const kinds = [...new Set(stacks.flatMap(({ kinds }) => Object.keys(kinds)))].sort();
  const operations = (["preview", "up", "check", "destroy"] as const).filter((operation) =>
    stacks.some(({ seconds }) => seconds[operation] !== undefined),
  );
  const head = ["stack", "resources", ...kinds, ...operations.map((name) => `${name} s`)];
  const total = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((sum, n) => sum + n, 0);
  const row = (name: string, counts: Record<string, number>, times: (number | undefined)[]) => [
    name,
    String(total(counts)),
    ...kinds.map((kind) => String(counts[kind] ?? 0)),
    ...times.map((seconds) => (seconds === undefined ? "" : seconds.toFixed(1))),
  ];
  const rows = stacks.map(({ stack, kinds: counts, seconds }) =>
    row(
      stack,
      counts,
      operations.map((operation) => seconds[operation]),
    ),
  );
  const allKinds = Object.fromEntries(
    kinds.map((kind) => [kind, sum(stacks.map((stack) => stack.kinds[kind]))]),
  );
  const allSeconds = operations.map((name) => sum(stacks.map((stack) => stack.seconds[name])));
  return table(head, [...rows, row("all", allKinds, allSeconds)]);
}

/** Where each public host is answered from, one row per part of the world. */
export function routeTable(routes: readonly HostRoutes[]): string {
  const rows = routes.flatMap(({ host, answers }) =>
    answers.map(({ from, A, AAAA }) => {
      const same = A?.region === AAAA?.region;
      const served = A === undefined ? "no answer" : A.region;
      const note = A?.allUnhealthy === true ? " (no region is healthy)" : "";
      const six = same ? "" : `, IPv6 ${AAAA?.region ?? "no answer"}`;
      return [host, from, `${served}${six}${note}`, A === undefined ? "" : `${A.roundTripMs} ms`];
    }),
  );
  return table(["host", "client near", "answered with", "round trip"], rows);
}

/** What a preview would do to a stack, as Markdown for a pull request. */
export function previewMarkdown(result: OperationResult): string {
  const { stack, steps, changes, errors, warnings } = result;
  const counts = Object.entries(changes)
    .filter(([, n]) => n > 0)
    .map(([op, n]) => `${n} ${op}`)
    .join(", ");
  const lines = steps
    .filter(({ op }) => !op.startsWith("discard"))
    .map(({ op, type, urn, diffs }) => {
      const paths = diffs.length > 0 ? `  [${diffs.join(", ")}]` : "";
      return `${sign(op)} ${op.padEnd(8)} ${type} ${urn.split("::").at(-1) ?? urn}${paths}`;
    });
  return [
    `<details><summary><b>${stack}</b>: ${errors.length > 0 ? "failed" : counts || "no changes"}</summary>`,
    "",
    ...[...errors, ...warnings].map((message) => `> ${message.replaceAll("\n", "\n> ")}\n`),
    ...(lines.length > 0 ? ["```diff", ...lines, "```"] : []),
    "</details>",
    "",
  ].join("\n");
}

/** First column of a diff in GitHub's colouring. */
function sign(op: string): string {
  if (op.startsWith("create") || op === "import") return "+";
  if (op.startsWith("delete")) return "-";
  return "!";
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, n) => total + (n ?? 0), 0);
}
