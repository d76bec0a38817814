import { LocalWorkspace, Stack, type EngineEvent, type PulumiFn } from "@pulumi/pulumi/automation";
import type { Sandbox } from "./sandbox";

/** `refusal` is the preview that a `pulumi destroy` begins with, and that protection has to stop. */
export type Operation = "preview" | "up" | "destroy" | "refusal";

/** One resource step that is more than "same". */
export interface Step {
  op: string;
  type: string;
  urn: string;
  /** A plugin manages it; components are not. */
  custom: boolean;
  /** Property paths that differ, for an update or a replacement. */
  diffs: string[];
}

/** What an operation did, or would do. */
export interface OperationResult {
  stack: string;
  operation: Operation;
  seconds: number;
  /** How many resources per kind of step, as the engine counts them. */
  changes: Record<string, number>;
  steps: Step[];
  warnings: string[];
  /** Empty when the operation succeeded. */
  errors: string[];
}

/** A resource in a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  protect?: boolean;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** Steps that leave everything as it is. */
const UNCHANGED = new Set(["same", "read", "refresh"]);

/** Runs one stack's operations on the engine and reports them as data, failures included. */
export class StackRunner {
  private constructor(
    readonly name: string,
    private readonly stack: Stack,
    private readonly sandbox: Sandbox,
  ) {}

  /** Creates the stack in the sandbox's backend, or opens it when it is there. */
  static async open(sandbox: Sandbox, name: string, program: PulumiFn): Promise<StackRunner> {
    const workspace = await LocalWorkspace.create({
      workDir: sandbox.projectRoot,
      pulumiCommand: sandbox.command,
      envVars: sandbox.env,
      program,
    });
    return new StackRunner(name, await Stack.createOrSelect(name, workspace), sandbox);
  }

  /** Runs an operation; what goes wrong in it is in the result's `errors`, not thrown. */
  async run(
    operation: Operation,
    options: { signal?: AbortSignal; onStep?: (done: number) => void } = {},
  ): Promise<OperationResult> {
    const log = new EventLog(options.onStep);
    const started = performance.now();
    const settings = {
      // One of its own per operation: the Automation API never takes its listener off again.
      signal: options.signal && AbortSignal.any([options.signal]),
      onEvent: (event: EngineEvent) => log.add(event),
      color: "never" as const,
      suppressProgress: true,
    };
    const failures: string[] = [];
    try {
      if (operation === "preview") await this.stack.preview(settings);
      else if (operation === "up") await this.stack.up(settings);
      else if (operation === "destroy") await this.stack.destroy(settings);
      else await this.stack.previewDestroy(settings);
    } catch (error) {
      failures.push(log.errors.length > 0 ? "" : lastWords(error));
    }
    return {
      stack: this.name,
      operation,
      seconds: (performance.now() - started) / 1000,
      changes: log.changes,
      steps: log.steps,
      warnings: log.warnings,
      errors: [...log.errors, ...failures].filter((message) => message !== ""),
    };
  }

  /** Sets a key of the stack's file, as `pulumi config set --path` does. */
  async setConfig(key: string, value: string): Promise<void> {
    await this.stack.setConfig(key, { value });
  }

  /** What the stack's state holds. */
  async resources(): Promise<StateResource[]> {
    const exported = await this.stack.exportStack();
    const { resources = [] } = exported.deployment as { resources?: Partial<StateResource>[] };
    return resources.map((each) => ({
      urn: each.urn ?? "",
      type: each.type ?? "",
      id: each.id,
      custom: each.custom ?? false,
      protect: each.protect,
      inputs: each.inputs ?? {},
      outputs: each.outputs ?? {},
    }));
  }

  /** How to look at this stack by hand, while the sandbox is kept. */
  get lookCommand(): string {
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PULUMI_HOME } = this.sandbox.env;
    return (
      `PULUMI_HOME=${PULUMI_HOME ?? ""} PULUMI_BACKEND_URL=${PULUMI_BACKEND_URL ?? ""} ` +
      `PULUMI_CONFIG_PASSPHRASE=${PULUMI_CONFIG_PASSPHRASE ?? ""} ` +
      `${this.sandbox.command.command} stack -C ${this.sandbox.projectRoot} -s ${this.name}`
    );
  }
}

/** Collects what matters from an operation's engine events. */
export class EventLog {
  changes: Record<string, number> = {};
  readonly steps: Step[] = [];
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  private done = 0;

  constructor(private readonly onStep: (done: number) => void = () => undefined) {}

  add(event: EngineEvent): void {
    const { diagnosticEvent, resourcePreEvent, resOutputsEvent, summaryEvent } = event;
    if (diagnosticEvent !== undefined) this.note(diagnosticEvent.severity, diagnosticEvent.message);
    if (resourcePreEvent !== undefined) {
      const { metadata } = resourcePreEvent;
      const { op, type, urn, diffs, detailedDiff } = metadata;
      const custom = (metadata.new ?? metadata.old)?.custom ?? false;
      const paths = Object.keys(detailedDiff ?? {});
      if (!UNCHANGED.has(op)) {
        this.steps.push({ op, type, urn, custom, diffs: paths.length > 0 ? paths : (diffs ?? []) });
      }
    }
    if (resOutputsEvent !== undefined) this.onStep(++this.done);
    if (summaryEvent !== undefined) this.changes = { ...summaryEvent.resourceChanges };
  }

  private note(severity: string, message: string): void {
    const text = message.trim();
    if (severity === "warning") this.warnings.push(text);
    if (severity === "error") this.errors.push(text);
  }
}

/** Whether an operation would change anything. */
export function changesAnything(result: Pick<OperationResult, "changes" | "steps">): boolean {
  const counted = Object.entries(result.changes).some(([op, n]) => n > 0 && !UNCHANGED.has(op));
  return counted || result.steps.length > 0;
}

/** The end of what a failed CLI call said, without the Automation API's frame around it. */
function lastWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const stderr = /stderr: ([\s\S]*?)(?:\n err\?:|$)/.exec(message)?.[1]?.trim();
  const text = stderr !== undefined && stderr !== "" ? stderr : message;
  return text.slice(-1000);
}
