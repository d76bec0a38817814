import { Document, isMap, isSeq, parseDocument, visit, type YAMLMap } from "yaml";

/** How a document is written: comments stay, long lines stay whole, lists read `[a, b]`. */
export const YAML_STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * A YAML text with one more key at the end of a map, and everything else as it was, comments and
 * spacing included. Only a map written in braces makes the whole text be written anew.
 *
 * @param path where the map stands; it is made if it does not
 */
export function withKey(
  text: string,
  path: readonly string[],
  key: string,
  value: unknown,
): string {
  const document = parseDocument(text);
  const map = document.getIn(path, true);
  const end = isMap(map) && map.flow !== true ? map.range?.[1] : undefined;
  if (!isMap(map) || end === undefined) {
    document.setIn([...path, key], document.createNode(value));
    return document.toString(YAML_STYLE);
  }
  const indent = " ".repeat(columnOf(text, map));
  const added = entry(key, value).replaceAll(/^(?=.)/gm, indent);
  // The range may end before or after the last line's break.
  const newline = text[end - 1] === "\n" ? end - 1 : text.indexOf("\n", end);
  const before = newline < 0 ? text : text.slice(0, newline);
  return `${before}\n${added}${newline < 0 ? "" : text.slice(newline + 1)}`;
}

/** A key and its value as block YAML, lists in one line. */
function entry(key: string, value: unknown): string {
  const document = new Document({ [key]: value });
  visit(document, (_, node) => {
    if (isSeq(node)) node.flow = true;
  });
  return document.toString(YAML_STYLE);
}

/** Column of a block map's keys. */
function columnOf(text: string, map: YAMLMap): number {
  const start = map.range?.[0] ?? 0;
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}
