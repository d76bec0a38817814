import { OperatorError } from "../../infra/config/errors";

/** What an order needs to know. */
export interface Ordered<Name extends string = string> {
  name: Name;
  dependsOn: readonly Name[];
}

/**
 * Add-ons in an order in which each comes after all that it depends on. Among those that could come
 * next the alphabet decides, so the order they are declared in changes nothing.
 *
 * @throws OperatorError when one depends on an add-on that is not among them.
 * @throws Error when they wait for each other in a circle, or a name stands twice.
 */
export function installOrder<T extends Ordered>(addons: readonly T[]): T[] {
  const waiting = new Map(addons.map((addon) => [addon.name, addon]));
  if (waiting.size < addons.length) throw new Error(`an add-on stands twice: ${namesOf(addons)}`);
  for (const addon of addons) checkDependencies(addon, waiting);
  const ordered: T[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ dependsOn }) =>
      dependsOn.every((name) => !waiting.has(name)),
    );
    const [next] = ready.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (next === undefined) {
      throw new Error(`add-ons wait for each other: ${namesOf([...waiting.values()])}`);
    }
    waiting.delete(next.name);
    ordered.push(next);
  }
  return ordered;
}

function checkDependencies({ name, dependsOn }: Ordered, known: ReadonlyMap<string, Ordered>) {
  const missing = dependsOn.find((other) => !known.has(other));
  if (missing === undefined) return;
  throw new OperatorError({
    key: `addons.${missing}.enabled`,
    value: false,
    rule: `the add-on ${name} needs ${missing}`,
    fix: `turn ${missing} on, or ${name} off as well (addons.${name}.enabled: false)`,
  });
}

function namesOf(addons: readonly Ordered[]): string {
  return addons
    .map(({ name }) => name)
    .sort()
    .join(", ");
}
