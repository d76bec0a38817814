import assert from "node:assert/strict";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isUsageError } from "../../cli/command";
import { render } from "../../cli/render";
import { OperatorError } from "../../infra/config/errors";
import { SERVICES } from "../../workloads/catalogue";
import { run } from "../../rehearsal/tools/run";
import { outputOf } from "../support/command";
import { helmOrSkip } from "../support/helm";

const CHECKOUT = join(__dirname, "..", "..");
const SOURCES = [
  "cli",
  "fleet",
  "infra",
  "rehearsal",
  "tools",
  "workloads",
  "tsconfig.json",
  "package.json",
];

describe("render command", function () {
  // A base is rendered by a process of its own, with Node and TypeScript to load.
  this.timeout(120_000);
  let root: string;
  const path = process.env.PATH;
  const command = (...argv: string[]) => outputOf(render(root), ...argv);
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    const { code, stderr } = await run("git", [...identity, ...args], { cwd: root });
    assert.equal(code, 0, stderr);
  };

  before(async function () {
    const helm = await helmOrSkip(this);
    process.env.PATH = [dirname(helm), path].join(delimiter);
    root = mkdtempSync(join(tmpdir(), "render-test-"));
    const stacks = readdirSync(CHECKOUT).filter((name) => /^Pulumi(\..+)?\.yaml$/.test(name));
    for (const name of [...SOURCES, ...stacks]) {
      cpSync(join(CHECKOUT, name), join(root, name), { recursive: true });
    }
    symlinkSync(join(CHECKOUT, "node_modules"), join(root, "node_modules"), "dir");
    writeFileSync(join(root, ".gitignore"), "node_modules\n");
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "base");
  });
  after(() => {
    process.env.PATH = path;
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  it("writes one directory per stack and release, one file per object, the same each time", async () => {
    const out = join(root, "out");
    await command("eu-west-1", "--out", out);
    const list = () => readdirSync(out, { recursive: true }).map(String).sort();
    const first = list();
    assert.ok(first.includes("eu-west-1/api/deployment-api.yaml"));
    const everywhere = SERVICES.filter(({ placement }) => placement === "everywhere");
    assert.deepEqual(
      readdirSync(join(out, "eu-west-1")).sort(),
      everywhere.map(({ name }) => name).sort(),
    );

    writeFileSync(join(out, "eu-west-1/api/leftover.yaml"), "");
    const before = readFileSync(join(out, "eu-west-1/api/deployment-api.yaml"), "utf8");
    await command("eu-west-1", "--out", out);
    assert.deepEqual(list(), first);
    assert.equal(readFileSync(join(out, "eu-west-1/api/deployment-api.yaml"), "utf8"), before);
    rmSync(out, { recursive: true });
  });

  it("prints one stream of the services that are named", async () => {
    const text = await command("eu-west-1", "api", "media");
    const objects = parseAllDocuments(text).map((document) => document.toJS() as { kind: string });
    assert.ok(objects.length > 10);
    assert.equal(objects.filter(({ kind }) => kind === "Deployment").length, 2);
    assert.match(text, /^---\n# eu-west-1\/api\/[a-z]+-api[a-z-]*.yaml\n/);
  });

  it("shows what an edit changes, per stack, and leaves nothing behind", async () => {
    const file = join(root, "workloads/values/api/production/eu-west-1.yaml");
    writeFileSync(file, "replicas: { min: 17 }\n");
    try {
      const changed = await command("eu-west-1", "api", "--diff", "HEAD");
      assert.match(changed, /^# eu-west-1\ndiff --git old\/eu-west-1\/api\//);
      const lines = changed.split("\n").filter((line) => /^[-+] /.test(line));
      assert.ok(lines.includes("+  minReplicas: 17"), changed);
      assert.ok(
        lines.every((line) => !/^[-+] .*(Digest|checksum)/.test(line)),
        changed,
      );
      assert.equal(
        await command("us-east-1", "--diff", "HEAD"),
        "# us-east-1: no change against HEAD\n",
      );
    } finally {
      await git("checkout", "--", ".");
    }
    const { stdout } = await run("git", ["status", "--porcelain"], { cwd: root });
    assert.equal(stdout, "");
  });

  it("shows a stack that only one side has as new or as removed", async () => {
    const stack = join(root, "Pulumi.ap-southeast-1.yaml");
    const text = readFileSync(stack, "utf8");
    rmSync(stack);
    await git("commit", "--quiet", "--all", "--message", "without a stack");
    writeFileSync(stack, text);
    const added = await command("ap-southeast-1", "api", "--diff", "HEAD");
    assert.match(added, /^new file mode/m);
    assert.doesNotMatch(added, /^-[^-]/m);
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "with it again");
  });

  it("compares all stacks at once, one that is gone included", async () => {
    for (const stack of ["staging-eu-west-1", "staging-us-east-1"]) {
      rmSync(join(root, `Pulumi.${stack}.yaml`));
    }
    try {
      const changed = await command("--all", "--diff", "HEAD");
      assert.match(changed, /^# us-east-1: no change against HEAD$/m);
      assert.match(changed, /^# staging-us-east-1\ndiff --git/m);
      assert.doesNotMatch(changed, /^\+[^+]/m);
    } finally {
      await git("checkout", "--", ".");
    }
  });

  it("refuses a base that is no commit", async () => {
    await assert.rejects(command("eu-west-1", "--diff", "no-such-branch"), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.message, /^--diff is "no-such-branch"\n {2}rule: the base is a commit/);
      return true;
    });
  });

  for (const argv of [[], ["eu-west-1", "--all"], ["eu-west-1", "--out", "x", "--diff", "HEAD"]]) {
    it(`calls ${JSON.stringify(argv.join(" "))} wrong usage`, async () => {
      await assert.rejects(command(...argv), isUsageError);
    });
  }
});
