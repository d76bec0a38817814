let runs = 0;
let parked: PropertyDescriptor | undefined;

/**
 * Leaves stack traces unmapped until the returned function is called. The SDK takes several stacks a
 * resource, and mapping each back to TypeScript (ts-node) is two thirds of the time of a run.
 */
export function plainStacks(): () => void {
  if (runs === 0) {
    parked = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    Reflect.deleteProperty(Error, "prepareStackTrace");
  }
  runs += 1;
  return () => {
    runs -= 1;
    if (runs > 0 || parked === undefined) return;
    Object.defineProperty(Error, "prepareStackTrace", parked);
  };
}
