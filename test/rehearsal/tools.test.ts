import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { demandPlugins } from "../../rehearsal/plugins";
import { findEngine } from "../../rehearsal/engine/findEngine";
import { firstOf, onPath } from "../../rehearsal/tools/find";
import { cacheSource, pinnedVersion, type GoTool } from "../../rehearsal/tools/goBuild";
import { run } from "../../rehearsal/tools/run";
import { parseVersion, tooFar } from "../../rehearsal/tools/version";

const ROOT = join(__dirname, "..", "..");

describe("finding command-line tools", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "find-tools-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A shell script that says something. */
  function script(path: string, says: string): string {
    const file = join(directory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it("takes the first executable on PATH, never one inside a node_modules", () => {
    script("node_modules/.bin/pulumi", "the launcher");
    const launcher = script("node_modules/pulumi/run.js", "the launcher");
    mkdirSync(join(directory, "links"));
    symlinkSync(launcher, join(directory, "links", "pulumi"));
    writeFileSync(join(directory, "pulumi"), "not executable");
    const own = script("bin/pulumi", "v3.255.0");
    const PATH = ["node_modules/.bin", "links", ".", "bin"]
      .map((each) => join(directory, each))
      .join(delimiter);
    assert.equal(onPath("pulumi", { PATH }), own);
    assert.equal(onPath("helm", { PATH }), undefined);
  });

  it("asks the sources in order, stops at the first that gives, and says which", async () => {
    const asked: string[] = [];
    const said: string[] = [];
    const source = (name: string, path?: string) => ({
      name,
      find: () => {
        asked.push(name);
        return Promise.resolve(
          path === undefined ? { refused: "nothing there" } : { name: "x", path, version: "1.2.3" },
        );
      },
    });
    const { tool, refusals } = await firstOf(
      "x",
      [source("a"), source("b", "/b/x"), source("c", "/c/x")],
      (line) => said.push(line),
    );
    assert.deepEqual(asked, ["a", "b"]);
    assert.deepEqual(tool, { name: "x", path: "/b/x", version: "1.2.3", source: "b" });
    assert.deepEqual(refusals, ["a: nothing there"]);
    assert.deepEqual(said, ["x 1.2.3 (b: /b/x)"]);
  });

  it("takes PULUMI_CLI before PATH", async () => {
    const chosen = script("mine/pulumi", "v3.250.0");
    const PATH = join(script("bin/pulumi", "v3.255.0"), "..");
    const { tool } = await findEngine(
      { root: ROOT, say: () => undefined, env: { PULUMI_CLI: chosen, PATH } },
      "path",
    );
    assert.deepEqual([tool?.path, tool?.version, tool?.source], [chosen, "3.250.0", "PULUMI_CLI"]);
  });

  it("refuses a CLI whose version is far from the SDK's, and says so", async () => {
    const PATH = join(script("bin/pulumi", "v3.100.0"), "..");
    const { tool, refusals } = await findEngine(
      { root: ROOT, say: () => undefined, env: { PATH } },
      "path",
    );
    assert.equal(tool, undefined);
    assert.match(refusals[1] ?? "", /is 3\.100\.0, too old; the SDK is 3\./);
  });

  it("finds nothing where nothing is wanted", async () => {
    assert.deepEqual(await findEngine({ root: ROOT, say: () => undefined }, "mock"), {
      refusals: [],
    });
  });

  it("takes an earlier build only from the version that go.mod pins", async () => {
    const tool: GoTool = {
      name: "tool",
      module: "example.com/tool",
      package: "example.com/tool/cmd",
      versionVariable: "main.version",
      takes: "no time",
    };
    mkdirSync(join(directory, "tools"));
    writeFileSync(join(directory, "tools", "go.mod"), "require (\n\texample.com/tool v1.2.3\n)\n");
    assert.equal(pinnedVersion(directory, tool.module), "v1.2.3");
    assert.throws(() => pinnedVersion(directory, "example.com/other"), /does not require/);

    const source = cacheSource(tool, { root: directory });
    assert.match(JSON.stringify(await source.find()), /refused.*no /);
    const path = script(".cache/tools/bin/tool", "v1.2.2");
    assert.match(JSON.stringify(await source.find()), /another version/);
    script(".cache/tools/bin/tool", "v1.2.3");
    assert.deepEqual(await source.find(), { name: "tool", path, version: "1.2.3" });
  });

  it("names the plugin that is asked to run for real and is not there", () => {
    const env = { PATH: directory, PULUMI_HOME: directory };
    assert.throws(() => demandPlugins(ROOT, ["awsx"], env), {
      name: "OperatorError",
      message:
        /--real is "awsx"[\s\S]*pulumi-resource-awsx on PATH[\s\S]*plugin install resource awsx/,
    });
    script("pulumi-resource-awsx", "a plugin");
    assert.doesNotThrow(() => demandPlugins(ROOT, ["awsx"], env));
  });
});

describe("versions", () => {
  it("are read from what tools print", () => {
    assert.deepEqual(parseVersion("v3.19.0+g3d8990f"), { major: 3, minor: 19, patch: 0 });
    assert.deepEqual(parseVersion("3.255.0\n"), { major: 3, minor: 255, patch: 0 });
    assert.equal(parseVersion("no version"), undefined);
  });

  it("may be newer, and a little older", () => {
    const wanted = { major: 3, minor: 255, patch: 0 };
    assert.equal(tooFar({ major: 3, minor: 230, patch: 0 }, wanted), undefined);
    assert.equal(tooFar({ major: 3, minor: 300, patch: 0 }, wanted), undefined);
    assert.match(tooFar({ major: 3, minor: 229, patch: 9 }, wanted) ?? "", /too old/);
    assert.match(tooFar({ major: 4, minor: 0, patch: 0 }, wanted) ?? "", /another major/);
  });
});

describe("running a program", () => {
  it("gives its code and what it said", async () => {
    const result = await run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"]);
    assert.deepEqual(result, { code: 3, stdout: "out\n", stderr: "err\n", timedOut: false });
  });

  it("gives 127 for what cannot be started", async () => {
    const { code, stderr } = await run("/no/such/program", []);
    assert.equal(code, 127);
    assert.match(stderr, /ENOENT/);
  });

  it("ends it and its children at the time limit", async () => {
    const started = performance.now();
    const result = await run("/bin/sh", ["-c", "sleep 30 & wait"], { timeoutMs: 200 });
    assert.equal(result.timedOut, true);
    assert.ok(performance.now() - started < 5000, "the child kept the pipe open");
  });
});
