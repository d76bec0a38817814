import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDoubles } from "../../doubles";
import { loadFleet } from "../../infra/config/load";
import { copyProgram } from "../../rehearsal/engine/programCopy";
import { cloudOf } from "../../rehearsal/run";
import type { Tool } from "../../rehearsal/tools/find";
import { run, type RunResult } from "../../rehearsal/tools/run";
import { engineOrSkip, ROOT } from "../support/engine";
import { startLanguageHost, type LanguageHost } from "../../rehearsal/engine/languageHost";

interface Step {
  op: string;
  urn: string;
  newState?: { type: string; inputs?: Record<string, unknown> };
}

interface Preview {
  steps: Step[];
  diagnostics?: { severity: string; message: string }[];
}

/**
 * The plain CLI on the project as it is committed: the CLI's own preview, the SDK's own TypeScript
 * loader in a process of its own, package.json's entry and tsconfig.json. Only the clouds are doubles.
 */
describe("plain pulumi CLI", function () {
  this.timeout(120_000);
  let engine: Tool;
  let directory: string;
  let project: string;
  let host: LanguageHost;
  let doubles: { debugProviders: string; stop(): Promise<void> };

  before(async function () {
    engine = await engineOrSkip(this);
    directory = mkdtempSync(join(tmpdir(), "plain-cli-"));
    project = join(directory, "project");
    copyProgram(ROOT, project);
    // A type error is the type checker's business (`npm run check`); a preview must not ask it.
    appendFileSync(
      join(project, "infra", "index.ts"),
      '\nconst wrong: number = "text";\nvoid wrong;\n',
    );
    doubles = await startDoubles(cloudOf(loadFleet(project, "production")), { real: new Set() });
    host = await startLanguageHost();
    await pulumi("stack", "init", "us-east-1");
  });

  after(async () => {
    host?.stop();
    await doubles?.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  function pulumi(...args: string[]): Promise<RunResult> {
    return run(engine.path, [...args, "-C", project, "--non-interactive"], {
      env: {
        ...process.env,
        PULUMI_HOME: join(directory, "home"),
        PULUMI_BACKEND_URL: `file://${directory}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: doubles.debugProviders,
      },
    });
  }

  async function preview(): Promise<Step[]> {
    const { code, stdout, stderr } = await pulumi(
      ...["preview", "-s", "us-east-1", "--json", "--client", host.address],
    );
    const { steps, diagnostics = [] } = JSON.parse(stdout) as Preview;
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual([code, errors], [0, []], stderr);
    return steps;
  }

  const count = (steps: Step[], type: string): number =>
    steps.filter(({ newState }) => newState?.type === type).length;

  it("previews the regional stack, transpiling only", async () => {
    const steps = await preview();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
    for (const type of [
      "pulumi:pulumi:Stack",
      "awsx:ec2:Vpc",
      "eks:index:Cluster",
      "aws:rds/globalCluster:GlobalCluster",
      "aws:elasticache/replicationGroup:ReplicationGroup",
    ]) {
      assert.equal(count(steps, type), 1, type);
    }
    assert.ok(count(steps, "kubernetes:helm.sh/v3:Release") > 0);
    assert.equal(host.output(), "");
  });

  it("takes config that was set with pulumi config set", async () => {
    await pulumi("config", "set", "-s", "us-east-1", "--path", "database.instances", "3");
    assert.equal(count(await preview(), "aws:rds/clusterInstance:ClusterInstance"), 3);
  });

  it("gives a wrong key's rule and fix as one message, without a stack trace, and registers nothing", async () => {
    await pulumi("config", "set", "-s", "us-east-1", "capcity", "2");
    const { code, stdout, stderr } = await pulumi(
      ...["preview", "-s", "us-east-1", "--client", host.address],
    );
    await pulumi("config", "rm", "-s", "us-east-1", "capcity");
    assert.notEqual(code, 0);
    const said = stdout + stderr;
    assert.match(said, /capcity[\s\S]*rule:[\s\S]*fix:.*capacity/);
    assert.doesNotMatch(said, /\.ts:\d+|at Object\.|awsx|aws:/);
  });
});
