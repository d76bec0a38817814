import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../doubles";
import { MockEngine } from "../doubles/mocks";
import { configBlock, stackFile } from "../infra/config/stackFiles";
import { parseStackName } from "../infra/config/stackName";
import type { StackProgram } from "./rehearse";
import { countKinds, type StackReport } from "./report";

export interface MockPlanOptions {
  /** Directory that stack files, fleet/ and workloads/ are read from. */
  projectRoot: string;
  /** In bring-up order. */
  stacks: readonly string[];
  cloud: Cloud;
  program: StackProgram;
  say: (line: string) => void;
}

/**
 * What the stacks would register, by the SDK's mock runtime over the doubles' catalogue: no engine, so
 * neither state nor a second preview nor a destroy.
 *
 * @throws what a program throws, and the first refusal of the doubles.
 */
export async function mockPlan(options: MockPlanOptions): Promise<StackReport[]> {
  const reports: StackReport[] = [];
  const stackOutputs: Record<string, Record<string, unknown>> = {};
  for (const stack of options.stacks) {
    const started = performance.now();
    const config = stackConfig(options.projectRoot, stack);
    const planned = await MockEngine.run(
      { stack, cloud: options.cloud, config, stackOutputs },
      options.program(options.projectRoot),
    );
    stackOutputs[stack] = (await planned.value(pulumi.output(planned.result ?? {}))) as Record<
      string,
      unknown
    >;
    const registered = [...planned.resources, ...planned.inner].map(({ type, custom }) => ({
      type,
      custom,
    }));
    reports.push({
      stack,
      kinds: countKinds(registered),
      seconds: { preview: (performance.now() - started) / 1000 },
    });
    options.say(`${stack}: ${registered.length} resources planned by the SDK's mock runtime`);
  }
  return reports;
}

/** A stack file's config as the engine hands it to a program: everything is text, maps and lists JSON. */
export function stackConfig(projectRoot: string, stack: string): Record<string, string> {
  const block = configBlock(projectRoot, stackFile(parseStackName(stack)));
  return Object.fromEntries(
    Object.entries(block).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
