import { Cloud } from "./cloud";

export { Cloud, GLOBAL, type Thing } from "./cloud";
export { Refusal } from "./refusal";

/** An empty cloud that refuses dangling references. */
export function createCloud(): Cloud {
  return new Cloud();
}
