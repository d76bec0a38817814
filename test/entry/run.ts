import * as pulumi from "@pulumi/pulumi";
import { withLocalStorage } from "../../doubles/sdk";
import { runProgram } from "../../infra/program";
import { type Edits, engineConfig, withCheckout } from "../config/checkout";

export interface Outcome {
  /** What the engine would print, undefined when the program ran to its end. */
  error: unknown;
  /** `<type> <name>` of every resource, component and invoke that the program asked for. */
  asked: string[];
}

/** Runs the program of a stack over an edited checkout, on mocks that record and answer nothing. */
export function runOver(stack: string, edits: Edits, preview: boolean): Promise<Outcome> {
  return withCheckout(edits, (projectRoot) =>
    withLocalStorage(async () => {
      const asked: string[] = [];
      const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name }) => {
          asked.push(`${type} ${name}`);
          return { id: name, state: {} };
        },
        call: ({ token }) => {
          asked.push(token);
          return {};
        },
      };
      await pulumi.runtime.setMocks(mocks, "multi-region-eks", stack, preview);
      pulumi.runtime.setAllConfig(engineConfig(projectRoot, stack));
      try {
        await runProgram({ projectRoot });
        return { error: undefined, asked };
      } catch (error) {
        return { error, asked };
      }
    }),
  );
}
