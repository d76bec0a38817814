import * as pulumi from "@pulumi/pulumi";

/** Asks for what is otherwise spared; the SDK's own variable. */
const WANTED = "PULUMI_DEBUG_PROMISE_LEAKS";

type DebuggablePromise = <T>(promise: Promise<T>, context?: unknown) => Promise<T>;

/**
 * Spares the program the SDK's diagnostics of itself, a third of what a preview cost. Of a
 * regional preview of 419 resources (9 s of CPU in all, 6.4 s of them the program's) they took:
 *
 * - 1.5 s in the program and 0.3 s in the engine: a debug message for every step of a registration, each a
 *   call to the engine that waits for the one before, which the CLI drops unless it runs with `--debug`;
 * - 3 s before, 0.3 s with the stacks unmapped: a stack trace on every promise of every property, for the
 *   report of promise leaks, mapped back to the source by the TypeScript loader.
 *
 * PULUMI_DEBUG_PROMISE_LEAKS brings both back. The report itself, warnings and errors are untouched.
 *
 * @see node_modules/@pulumi/pulumi/log/index.js and runtime/debuggable.js
 */
export function spareSdkDiagnostics(): void {
  if (process.env[WANTED] || spared) return;
  spared = true;
  const log: { debug: typeof pulumi.log.debug } = pulumi.log;
  log.debug = () => Promise.resolve();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- internal, so without declarations
  const sdk = require("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: DebuggablePromise;
  };
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** The SDK is one copy in a process, however many programs run in it. */
let spared = false;
