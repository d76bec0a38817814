import { OperatorError, throwAll } from "./errors";
import { fleetSchema, type Fleet } from "./fleet";
import { problemsOf } from "./issues";
import type { Environment } from "./stackName";
import { readYaml } from "./yamlFile";

/** The file with the facts of an environment's fleet, relative to the project's root. */
export function fleetFile(environment: Environment): string {
  return `fleet/${environment}.yaml`;
}

/**
 * Reads an environment's fleet and checks its shape; {@link checkFleet} checks the rest.
 *
 * @throws OperatorError when the file is missing, is no YAML, does not fit the schema, or is another
 *   environment's.
 */
export function loadFleet(projectRoot: string, environment: Environment): Fleet {
  const file = fleetFile(environment);
  const data = readYaml(projectRoot, file);
  if (data === undefined) {
    throw new OperatorError({
      key: file,
      rule: "the facts of every environment's fleet stand in fleet/<environment>.yaml",
      fix: "write the file (start from another environment's) or select a stack of an environment that has one",
    });
  }
  const parsed = fleetSchema.safeParse(data);
  if (!parsed.success) {
    throwAll(problemsOf({ file, schema: fleetSchema, data }, parsed.error));
    throw parsed.error;
  }
  if (parsed.data.environment !== environment) {
    throw new OperatorError({
      key: `${file}: environment`,
      value: parsed.data.environment,
      rule: "the environment is the one in the file's name",
      fix: `write ${environment}`,
    });
  }
  return parsed.data;
}
