import { throwAll, type OperatorErrorArgs } from "../../infra/config/errors";
import type { AddonSwitches } from "../../infra/config/profile";
import type { Addon } from "./addon";
import type { AddonName } from "./names";

/**
 * The add-ons that config leaves on.
 *
 * @param switches the environment's, with the stack file's over them
 * @param file where an operator turns them, for the message
 * @throws OperatorError naming every add-on that is on and needs one that is off.
 */
export function enabledAddons(
  addons: readonly Addon[],
  switches: AddonSwitches,
  file: string,
): Addon[] {
  const isOn = (name: AddonName): boolean => switches[name]?.enabled ?? true;
  const enabled = addons.filter(({ name }) => isOn(name));
  throwAll(
    enabled.flatMap(({ name, dependsOn }) =>
      dependsOn
        .filter((other) => !isOn(other))
        .map((other) => turnedOff(file, other, `the add-on ${name} needs it`)),
    ),
  );
  return enabled;
}

/** An add-on is off that something else cannot do without. */
export function turnedOff(file: string, addon: AddonName, rule: string): OperatorErrorArgs {
  return {
    key: `${file}: addons.${addon}.enabled`,
    value: false,
    rule,
    fix: "turn it on again, or turn off what needs it",
  };
}
