import type { WordEdit } from "../../infra/failover/actions";

/** What an edit is about, and so what it may change. */
export type EditKind = "capacity" | "role" | "takeover" | "traffic";

/** The order of a planned evacuation: able to carry, then writer and services, then users. */
export const EVACUATION: readonly EditKind[] = ["capacity", "role", "takeover", "traffic"];

/** Its way back: users first, for nothing is promoted in a drained region. */
export const RESTORATION: readonly EditKind[] = ["traffic", "role", "takeover", "capacity"];

/**
 * @throws Error for a word that no failover edits: the drill would not know what it may change.
 */
export function kindOfEdit({ owner, path }: Pick<WordEdit, "owner" | "path">): EditKind {
  const [top = ""] = path;
  if (owner === "global" && top === "regions") return "traffic";
  if (top === "database") return "role";
  if (top === "capacity" || top === "takeover") return top;
  throw new Error(`${owner}: ${path.join(".")} is no word of a failover`);
}

/** An edit as a table shows it, such as `eu-west-1 capacity: 2.7`. */
export function describeEdit({ owner, path, value }: WordEdit): string {
  const shown =
    value === undefined
      ? "taken out"
      : Array.isArray(value)
        ? `[${value.join(", ")}]`
        : String(value);
  return `${owner} ${path.join(".")}: ${shown}`;
}
