/* eslint-disable @typescript-eslint/unbound-method -- V8 calls prepareStackTrace without `this` */
import assert from "node:assert/strict";
import { sparePromiseStacks } from "../../infra/promiseStacks";

describe("stacks of the SDK's promises", () => {
  const before = Error.prepareStackTrace;
  let prepared: number;

  beforeEach(() => {
    prepared = 0;
    Error.prepareStackTrace = (error) => {
      prepared += 1;
      return `mapped ${error.message}`;
    };
  });
  afterEach(() => {
    Error.prepareStackTrace = before;
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });

  // The SDK's function has this name; a frame of it is what the guard looks for.
  function debuggablePromise(): string | undefined {
    return new Error("promise").stack;
  }

  it("are left empty without being mapped; all others stay as they are", () => {
    sparePromiseStacks();
    assert.equal(debuggablePromise(), "");
    assert.equal(prepared, 0);
    assert.equal(new Error("other").stack, "mapped other");
  });

  it("are there when a report of leaks is asked for", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    sparePromiseStacks();
    assert.equal(debuggablePromise(), "mapped promise");
  });

  it("are spared once, however many programs run in the process", () => {
    sparePromiseStacks();
    const once = Error.prepareStackTrace;
    sparePromiseStacks();
    assert.equal(Error.prepareStackTrace, once);
  });

  it("are looked for where the SDK still makes them", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const sdk = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: unknown };
    assert.match(String(sdk.debuggablePromise), /_debugStackTrace.*new Error\(\)\.stack/);
  });
});
