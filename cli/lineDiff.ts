/** Lines around a change that are shown with it. */
const CONTEXT = 3;

interface Line {
  mark: " " | "-" | "+";
  text: string;
}

/** A unified diff of a short text; empty when nothing differs. */
export function lineDiff(file: string, before: string, after: string): string {
  const lines = compared(linesOf(before), linesOf(after));
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== " "),
  );
  const hunks: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < lines.length;) {
    const end = shown.indexOf(false, at);
    const hunk = shown[at] === true ? lines.slice(at, end < 0 ? undefined : end) : [];
    if (hunk.length > 0) hunks.push(hunkText(hunk, oldLine, newLine));
    const passed = hunk.length > 0 ? hunk : lines.slice(at, at + 1);
    oldLine += count(passed, "+");
    newLine += count(passed, "-");
    at += passed.length;
  }
  return hunks.length === 0 ? "" : `--- ${file}\n+++ ${file}\n${hunks.join("")}`;
}

function hunkText(lines: readonly Line[], oldLine: number, newLine: number): string {
  const head = `@@ -${oldLine},${count(lines, "+")} +${newLine},${count(lines, "-")} @@\n`;
  return head + lines.map(({ mark, text }) => `${mark}${text}\n`).join("");
}

/** Lines of one side: all but those that only the other has. */
function count(lines: readonly Line[], others: "-" | "+"): number {
  return lines.filter(({ mark }) => mark !== others).length;
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** By the longest common subsequence; stack files have tens of lines. */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const table = lengths(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ mark: " ", text: old });
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (now === undefined || at(table, i + 1, j) >= at(table, i, j + 1))
    ) {
      lines.push({ mark: "-", text: old });
      i += 1;
    } else if (now !== undefined) {
      lines.push({ mark: "+", text: now });
      j += 1;
    }
  }
  return lines;
}

/** Length of the longest common subsequence of what is left from each pair of lines on. */
function lengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i];
      if (row === undefined) continue;
      row[j] =
        before[i] === after[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}
