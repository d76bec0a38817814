import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { OperatorError, throwAll } from "../config/errors";
import { problemsOf } from "../config/issues";

/** A versioned record that a stack exports for other stacks. */
export interface RecordSpec<T> {
  /** Name of the stack output that carries it. */
  output: string;
  version: number;
  schema: z.ZodType<T>;
}

/** What reading another stack's record came to. */
export type StackRecord<T> =
  | { state: "up"; stack: string; record: T }
  /** The stack does not exist, was never brought up, or was destroyed. */
  | { state: "missing"; stack: string };

/**
 * Reads the record that a stack of this project exports. A preview sees what the last `up` of that
 * stack left, as always with stack references.
 *
 * @throws OperatorError when the record is of another version or not what its schema says.
 */
export async function readStackRecord<T>(
  stack: string,
  spec: RecordSpec<T>,
): Promise<StackRecord<T>> {
  const reference = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  if (!(await stackExists(reference))) return { state: "missing", stack };
  const value = await outputOf(new pulumi.StackReference(reference), spec.output);
  if (value === undefined) return { state: "missing", stack };
  return { state: "up", stack, record: parseRecord(stack, spec, value) };
}

/**
 * The engine fails the whole deployment when a StackReference names an unknown stack, and the program
 * cannot catch that. The invoke behind it fails alone, so it is asked first.
 */
async function stackExists(reference: string): Promise<boolean> {
  try {
    await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: reference });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("unknown stack")) return false;
    throw error;
  }
}

/** A record holds no secret, but one is marked as such when a value that touched a secret went into it. */
async function outputOf(stack: pulumi.StackReference, name: string): Promise<unknown> {
  const details = await stack.getOutputDetails(name);
  return details.value ?? details.secretValue;
}

/**
 * @throws OperatorError that names the stack, every field that is wrong, and the command that mends it.
 */
export function parseRecord<T>(stack: string, spec: RecordSpec<T>, value: unknown): T {
  const file = `stack ${stack}, output ${spec.output}`;
  const fix = `pulumi up -s ${stack} with this version of the program`;

  const version = versionOf(value);
  if (version !== spec.version) {
    throw new OperatorError({
      key: `${file}: version`,
      value: version,
      rule: `this version of the program reads version ${spec.version} of the record`,
      fix:
        typeof version === "number" && version > spec.version
          ? `run the version of the program that brought ${stack} up, or a newer one`
          : fix,
    });
  }

  const parsed = spec.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = problemsOf({ file, schema: spec.schema, data: value }, parsed.error);
  throwAll(problems.map((problem) => ({ ...problem, fix })));
  throw parsed.error;
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "version" in value
    ? value.version
    : undefined;
}
