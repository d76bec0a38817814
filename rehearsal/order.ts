import { OperatorError } from "../infra/config/errors";
import type { Fleet } from "../infra/config/fleet";
import { parseStackName, stackName } from "../infra/config/stackName";

/** What of a fleet decides the order of its stacks. */
export type OrderedFleet = Pick<Fleet, "environment" | "dataHome"> & {
  regions: Readonly<Record<string, unknown>>;
};

/**
 * The stacks of a fleet in the order in which they come up: the data home (it creates the global
 * database that the others join), the other regions, `global`, `backbone`. Destroy goes backwards.
 */
export function bringUpOrder({ environment, dataHome, regions }: OrderedFleet): string[] {
  const others = Object.keys(regions).filter((region) => region !== dataHome);
  return [
    ...[dataHome, ...others].map((region) => stackName({ environment, kind: "regional", region })),
    stackName({ environment, kind: "global" }),
    stackName({ environment, kind: "backbone" }),
  ];
}

/**
 * The chosen stacks and those that they cannot come up without, in bring-up order: a region needs the
 * data home, `global` every region, `backbone` every region and `global`. All when none is chosen.
 *
 * @throws OperatorError for a stack that the fleet does not have.
 */
export function withNeeded(fleet: OrderedFleet, chosen: readonly string[]): string[] {
  const order = bringUpOrder(fleet);
  const unknown = chosen.find((stack) => !order.includes(stack));
  if (unknown !== undefined) {
    throw new OperatorError({
      key: "stack",
      value: unknown,
      rule: `the ${fleet.environment} fleet has the stacks ${order.join(", ")}`,
      fix: `choose among these, or add the region to fleet/${fleet.environment}.yaml`,
    });
  }
  if (chosen.length === 0) return order;
  const needed = new Set(chosen.flatMap((stack) => [stack, ...needs(order, stack)]));
  return order.filter((stack) => needed.has(stack));
}

function needs(order: readonly string[], stack: string): string[] {
  const { kind } = parseStackName(stack);
  if (kind === "regional") return order.slice(0, 1);
  return order.slice(0, order.indexOf(stack));
}
