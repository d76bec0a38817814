import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar } from "yaml";
import type { Document, Node, Pair, YAMLMap } from "yaml";
import { OperatorError } from "../infra/config/errors";
import type { Origin, Tracked, TrackedMap } from "./layers";

/**
 * A values file as a layer. Scalars mean what they mean to Helm, which reads YAML 1.1 the way of
 * go-yaml v2 (`on`, `no` and `0755` are not strings there).
 *
 * @param file path from the project's root, for messages and provenance
 * @throws OperatorError with file and line: broken YAML, several documents, a top level that is not
 *   a map, a duplicate key, a number that JSON has no word for.
 */
export function parseValues(file: string, text: string): TrackedMap {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // Failsafe leaves every scalar a string; its meaning is ours to resolve.
    schema: "failsafe",
    version: "1.1",
    uniqueKeys: false,
    prettyErrors: false,
  });
  const empty: TrackedMap = { kind: "map", origin: { file }, entries: new Map() };
  if (!Array.isArray(documents)) return empty;

  const problem = documents.flatMap((document) => [...document.errors, ...document.warnings])[0];
  if (problem !== undefined) {
    throw new OperatorError({
      key: `${file}:${lines.linePos(problem.pos[0]).line}`,
      rule: `a values file is valid YAML: ${problem.message}`,
      fix: "mend the line",
    });
  }
  const [document, second] = documents;
  if (second !== undefined) {
    throw new OperatorError({
      key: `${file}:${lines.linePos(second.range[0]).line}`,
      rule: "a values file holds one YAML document; Helm would ignore the rest",
      fix: "remove the line `---` or split the file",
    });
  }
  const root = document?.contents ?? null;
  if (document === undefined || root === null) return empty;
  return new Reader(file, lines, document).root(root);
}

/** Turns the nodes of one document into tracked values. */
class Reader {
  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly document: Document.Parsed,
  ) {}

  root(node: Node): TrackedMap {
    const origin = this.originOf(node);
    const value = this.value(node, origin);
    if (value.kind === "map") return value;
    if (value.value === null) return { kind: "map", origin, entries: new Map() };
    throw new OperatorError({
      key: at(origin),
      value: value.value,
      rule: "the top level of a values file is a map of keys",
      fix: "write `key: value` lines",
    });
  }

  private value(node: Node | null, origin: Origin): Tracked {
    if (isAlias(node)) return this.value(node.resolve(this.document) ?? null, origin);
    if (isMap(node)) return this.map(node, origin);
    return { kind: "leaf", origin, value: this.plain(node, origin) };
  }

  private map(node: YAMLMap, origin: Origin): TrackedMap {
    const entries = new Map<string, Tracked>();
    const merged = new Map<string, Tracked>();
    for (const pair of node.items) {
      const here = this.originOf(pair.key as Node | null);
      if (isMergeKey(pair)) {
        for (const [key, value] of this.mergeSources(pair.value as Node | null, here)) {
          if (!merged.has(key)) merged.set(key, value);
        }
        continue;
      }
      const key = this.key(pair.key as Node | null, here);
      const before = entries.get(key);
      if (before !== undefined) {
        throw new OperatorError({
          key: at(here),
          value: key,
          rule: `a key stands once in a map; Helm would drop line ${before.origin.line}`,
          fix: "remove one of the two",
        });
      }
      entries.set(key, this.value(pair.value as Node | null, here));
    }
    for (const [key, value] of merged) if (!entries.has(key)) entries.set(key, value);
    return { kind: "map", origin, entries };
  }

  /** The maps that `<<` brings in, the first winning; explicit keys win over them all. */
  private mergeSources(node: Node | null, origin: Origin): [string, Tracked][] {
    const target = isAlias(node) ? (node.resolve(this.document) ?? null) : node;
    if (isSeq(target)) {
      return target.items.flatMap((item) => this.mergeSources(item as Node | null, origin));
    }
    if (isMap(target)) return [...this.map(target, origin).entries];
    throw new OperatorError({
      key: at(origin),
      rule: "`<<` takes a map, an alias of one or a list of them",
      fix: "write the keys out",
    });
  }

  private key(node: Node | null, origin: Origin): string {
    const key = isScalar(node) ? this.plain(node, origin) : undefined;
    // Helm's way to JSON writes number and boolean keys out as words; null has none.
    if (typeof key === "string" || typeof key === "number" || typeof key === "boolean") {
      return String(key);
    }
    throw new OperatorError({
      key: at(origin),
      rule: "a key is a word; lists, maps and null are none",
      fix: "put the key in quotes",
    });
  }

  private plain(node: Node | null, origin: Origin): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.plain(node.resolve(this.document) ?? null, origin);
    if (isSeq(node)) return node.items.map((item) => this.plain(item as Node | null, origin));
    if (isMap(node)) return plainOf(this.map(node, origin));
    if (!isScalar(node)) return undefined;
    if (typeof node.value !== "string") return node.value;
    if (node.type !== Scalar.PLAIN || node.tag === "tag:yaml.org,2002:str") return node.value;
    const value = resolvePlainScalar(node.value);
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    throw new OperatorError({
      key: at(this.originOf(node)),
      value: node.value,
      rule: "Helm turns values into JSON, which has neither infinity nor NaN",
      fix: "put it in quotes, or write a finite number",
    });
  }

  private originOf(node: Node | null): Origin {
    const offset = node?.range?.[0];
    return offset === undefined
      ? { file: this.file }
      : { file: this.file, line: this.lines.linePos(offset).line };
  }
}

function at(origin: Origin): string {
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === Scalar.PLAIN && pair.key.value === "<<";
}

function plainOf(value: Tracked): unknown {
  if (value.kind === "leaf") return value.value;
  return Object.fromEntries([...value.entries].map(([key, inner]) => [key, plainOf(inner)]));
}

const TRUE = /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(|~|null|Null|NULL)$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * The meaning of an unquoted scalar to Helm. All its numbers are JSON numbers, so doubles; what
 * does not fit into 64 bits or a double stays a string.
 * Source: `resolve` of go.yaml.in/yaml/v2, which sigs.k8s.io/yaml 1.6 uses.
 */
export function resolvePlainScalar(text: string): string | number | boolean | null {
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NULL.test(text)) return null;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return NaN;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  // go-yaml drops underscores from what starts like a number, but not from `.5`.
  const number = /^[-+0-9]/.test(text) ? text.replaceAll("_", "") : text;
  const integer = INTEGER.exec(number);
  if (integer !== null) {
    const [, sign, digits = ""] = integer;
    const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    const value = sign === "-" ? -magnitude : magnitude;
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return Number(value);
  }
  const float = FLOAT.test(number) ? Number(number) : Infinity;
  return Number.isFinite(float) ? float : text;
}
