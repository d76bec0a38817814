import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

interface Seen {
  /** Debug messages that reached the engine. */
  debug: number;
  warnings: number;
  /** Stack of a promise of the SDK's. */
  promise: string;
  /** Stack of any other error. */
  other: string;
  leaks: number;
}

/** What the SDK does in a process of its own, which the spared diagnostics are a matter of. */
function seen(env: NodeJS.ProcessEnv, times = 1): Seen {
  const script = `
    const { spareSdkDiagnostics } = require("./infra/sdkDiagnostics");
    const pulumi = require("@pulumi/pulumi");
    const debuggable = require("@pulumi/pulumi/runtime/debuggable");
    const settings = require("@pulumi/pulumi/runtime/settings");
    const levels = [];
    const log = (request, done) => (levels.push(request.getSeverity()), done());
    settings.getEngine = () => ({ log });
    for (let i = 0; i < ${times}; i++) spareSdkDiagnostics();
    const pending = new Promise(() => {});
    debuggable.debuggablePromise(pending, "pending");
    const [leaks] = debuggable.leakedPromises();
    void (async () => {
      await pulumi.log.debug("a step");
      await pulumi.log.warn("a warning");
      console.log(JSON.stringify({
        debug: levels.filter((level) => level === 0).length,
        warnings: levels.filter((level) => level === 2).length,
        promise: pending._debugStackTrace,
        other: new Error("other").stack,
        leaks: leaks.size,
      }));
    })();`;
  const said = execFileSync(process.execPath, ["-r", "ts-node/register", "-e", script], {
    cwd: ROOT,
    env: { ...process.env, PULUMI_DEBUG_PROMISE_LEAKS: "", ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(said.trim().split("\n").at(-1) ?? "") as Seen;
}

describe("the SDK's diagnostics of itself", function () {
  this.timeout(60_000);

  it("are spared: no debug messages, no stacks on promises; all else stays", () => {
    const { debug, warnings, promise, other, leaks } = seen({}, 2);
    assert.deepEqual({ debug, warnings, leaks }, { debug: 0, warnings: 1, leaks: 1 });
    assert.equal(promise, "Error");
    assert.match(other, /at /);
  });

  it("are there when a report of leaks is asked for", () => {
    const { debug, promise } = seen({ PULUMI_DEBUG_PROMISE_LEAKS: "true" });
    assert.equal(debug, 1);
    assert.match(promise, /debuggablePromise/);
  });
});
