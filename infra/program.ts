import * as pulumi from "@pulumi/pulumi";
import { type Service, SERVICES } from "../workloads/catalogue";
import { OperatorError } from "./config/errors";
import { type PrepareArgs, type Prepared, prepare } from "./config/prepare";
import { spareSdkDiagnostics } from "./sdkDiagnostics";

export interface ProgramArgs {
  /** The directory that Pulumi.<stack>.yaml, fleet/ and workloads/values/ are read from. */
  projectRoot: string;
  /** The services to place; default the catalogue's. */
  services?: readonly Service[];
  /** Runs a real update with the placeholders of "Make it yours" (the rehearsal). Default false. */
  allowPlaceholders?: boolean;
}

/**
 * The program of every stack: checks the config, warns, and only then builds what the stack's name says.
 *
 * @returns The stack's outputs.
 * @throws pulumi.RunError, which the engine prints without a stack trace, on an operator's mistake.
 */
export async function runProgram(args: ProgramArgs): Promise<Record<string, unknown>> {
  const { projectRoot, services = SERVICES } = args;
  spareSdkDiagnostics();
  try {
    const prepared = prepare({
      projectRoot,
      stack: pulumi.getStack(),
      config: pulumi.runtime.allConfig(),
      services,
      placeholders: placeholders(args),
    });
    for (const warning of prepared.warnings) await pulumi.log.warn(warning);
    return await build(prepared, services);
  } catch (error) {
    throw error instanceof OperatorError ? withoutStack(error) : error;
  }
}

/**
 * The SDK's loader colours a thrown error's stack although it prints only the message, which with
 * Node 20.20 took it 17 s and more (`util.inspect`, "Invalid string length"); no stack, no cost.
 */
function withoutStack({ message }: OperatorError): pulumi.RunError {
  const told = new pulumi.RunError(message);
  told.stack = "";
  return told;
}

function placeholders({ allowPlaceholders = false }: ProgramArgs): PrepareArgs["placeholders"] {
  if (allowPlaceholders) return "allow";
  return pulumi.runtime.isDryRun() ? "warn" : "refuse";
}

/**
 * Loads only the stack that is run: of the packages' load time, the global stack pays for aws alone.
 * `require`, because under `module: node16` an `import()` would go to the ES module loader, which
 * ts-node's hook does not serve.
 */
/* eslint-disable @typescript-eslint/no-require-imports */
async function build(
  prepared: Prepared,
  services: readonly Service[],
): Promise<Record<string, unknown>> {
  switch (prepared.kind) {
    case "regional": {
      const { regionalStack } = require("./stacks/regional") as typeof import("./stacks/regional");
      return { ...(await regionalStack(prepared.context, services)) };
    }
    case "global": {
      const { globalStack } = require("./stacks/global") as typeof import("./stacks/global");
      return { ...(await globalStack(prepared.context)) };
    }
    case "backbone": {
      const { backboneStack } = require("./stacks/backbone") as typeof import("./stacks/backbone");
      return { ...(await backboneStack(prepared.context)) };
    }
  }
}
