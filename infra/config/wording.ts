/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return join(words, "or");
}

/** `a, b and c`. */
export function allOf(words: readonly string[]): string {
  return join(words, "and");
}

function join(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/**
 * The known word that was most likely meant: one that differs in letter case only, or within one edit
 * for every three letters (at least one). The first in the list's order when several are as near.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: { word: string; edits: number } | undefined;
  for (const candidate of known) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (edits <= allowed && (best === undefined || edits < best.edits)) {
      best = { word: candidate, edits };
    }
  }
  return best?.word;
}

/**
 * The region of the fleet that was most likely meant: one edit away, and not in the number at the end,
 * where another number is another region.
 */
export function nearestRegion(word: string, known: readonly string[]): string | undefined {
  return known.find((region) => region.at(-1) === word.at(-1) && editDistance(word, region) === 1);
}

/**
 * Least number of insertions, deletions, replacements and swaps of neighbours that turn one word into
 * the other (optimal string alignment).
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
          ? at(beforeLast, j - 2) + 1
          : Infinity;
      row.push(Math.min(at(row, j - 1) + 1, at(last, j) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
