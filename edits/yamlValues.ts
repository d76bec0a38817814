import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, parse, parseDocument, stringify } from "yaml";
import { withKey, YAML_STYLE } from "./yamlEdits";

/**
 * A YAML text with a value set, and everything else as it was. Where the text cannot simply be spliced
 * (lists and maps over several lines) it is written anew, comments kept.
 *
 * @param path of the value; maps on the way are made if they are not there
 */
export function withValue(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  const inline = isScalar(node) || ((isSeq(node) || isMap(node)) && node.flow === true);
  const wanted = parseDocument(text);
  wanted.setIn(path, wanted.createNode(value, { flow: true }));
  if (!document.hasIn(path)) {
    return checked(withKey(text, path.slice(0, -1), path.at(-1) ?? "", value), wanted);
  }
  const range = inline ? node.range : undefined;
  if (!range) return wanted.toString(YAML_STYLE);
  return checked(text.slice(0, range[0]) + inFlow(value) + text.slice(range[1]), wanted);
}

/** A YAML text without a key, and everything else as it was. The same text where the key is not there. */
export function withoutKey(text: string, path: readonly string[]): string {
  const document = parseDocument(text);
  if (!document.hasIn(path)) return text;
  const wanted = parseDocument(text);
  wanted.deleteIn(path);
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  const from = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  const to = (pair?.value as { range?: [number, number, number] | null } | null)?.range?.[1];
  if (from === undefined || to === undefined) return wanted.toString(YAML_STYLE);
  const start = text.lastIndexOf("\n", from) + 1;
  const newline = text[to - 1] === "\n" ? to - 1 : text.indexOf("\n", to);
  return checked(text.slice(0, start) + (newline < 0 ? "" : text.slice(newline + 1)), wanted);
}

/** The spliced text when it says what is wanted, else what is wanted, written anew. */
function checked(spliced: string, wanted: ReturnType<typeof parseDocument>): string {
  try {
    if (isDeepStrictEqual(parse(spliced), wanted.toJS())) return spliced;
  } catch {
    // A text that no longer parses is no result.
  }
  return wanted.toString(YAML_STYLE);
}

function inFlow(value: unknown): string {
  return stringify(value, { ...YAML_STYLE, collectionStyle: "flow" }).trimEnd();
}
