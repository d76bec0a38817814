/**
 * Spares the program the most expensive thing that it does. The SDK puts a stack trace on the promise of
 * every property of every resource, for its report of promise leaks, and the TypeScript loaders map
 * each frame of it back to the source: half the time of a regional preview. Such a stack is left empty
 * unless PULUMI_DEBUG_PROMISE_LEAKS asks for it; every other stack is untouched.
 *
 * @see node_modules/@pulumi/pulumi/runtime/debuggable.js
 */
export function sparePromiseStacks(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- V8 calls the hook without `this`
  const prepare = Error.prepareStackTrace;
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS || prepare === undefined || spared.has(prepare))
    return;
  const sparing: typeof prepare = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? "" : (prepare(error, frames) as unknown);
  spared.add(sparing);
  Error.prepareStackTrace = sparing;
}

/** So that programs that run one after another in a process do not wrap one another. */
const spared = new WeakSet<object>();
