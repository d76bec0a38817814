import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..");

/** What each room may import besides itself; the first that a path begins with is its room. */
const MAY_IMPORT: readonly (readonly [room: string, ...others: string[]])[] = [
  ["infra/config", "infra/plan", "workloads/addons/names"],
  ["infra/plan", "infra/config"],
  ["infra/failover", "infra/config", "infra/plan", "workloads/catalogue", "workloads/placement"],
  ["infra/components", "infra/config", "infra/plan", "workloads/catalogue"],
  ["infra/stacks", "infra/config", "infra/plan", "infra/components", "infra/failover", "workloads"],
  ["infra", "workloads"],
  ["workloads", "infra/config", "infra/plan", "infra/components"],
  ["doubles"],
  ["edits", "infra", "workloads"],
  ["rehearsal", "infra", "workloads", "doubles", "edits"],
  ["bench", "infra", "workloads", "doubles", "rehearsal"],
  ["cli", "infra", "workloads", "rehearsal", "bench", "edits"],
];

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** The files of the repository that match, as in the working tree. */
function tracked(...patterns: string[]): string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--", ...patterns], { cwd: ROOT });
  return list
    .toString()
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(ROOT, file)));
}

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Paths, from the root and without ending, of the files that one imports or requires. */
function importsOf(file: string, source: string): string[] {
  const calls = source.matchAll(/\b(?:from|import|require)\s*\(?\s*"(\.[^"]+)"/g);
  return [...calls].map(([, path = ""]) => join(dirname(file), path));
}

function strays(file: string, source: string): string[] {
  const [room, ...others] = MAY_IMPORT.find(([folder]) => within(file, folder)) ?? [];
  if (room === undefined) return [];
  return importsOf(file, source)
    .filter((path) => !path.endsWith(".json") && !within(path, room))
    .filter((path) => !others.some((other) => within(path, other)))
    .map((path) => `${file} imports ${path}`);
}

describe("house", () => {
  it("imports point one way", () => {
    const files = tracked("*.ts").filter((file) => !within(file, "test"));
    assert.deepEqual(
      files.flatMap((file) => strays(file, read(file))),
      [],
    );
  });

  it("a stray import is seen, whatever way it is written", () => {
    const lines = [
      'import { Cloud } from "../../doubles";',
      'const { x } = require("../stacks/global");',
      'await import("../../rehearsal/run");',
      'import type { Fleet } from "../config/fleet";',
    ];
    assert.deepEqual(strays("infra/components/new.ts", lines.join("\n")), [
      "infra/components/new.ts imports doubles",
      "infra/components/new.ts imports infra/stacks/global",
      "infra/components/new.ts imports rehearsal/run",
    ]);
  });

  it("components are told what they need: no config, stack name, environment or reference", () => {
    const reads = /pulumi\.(Config|getStack|getProject|StackReference)\b|process\.env/;
    const files = tracked("infra/components/*.ts", "workloads/*.ts");
    assert.ok(files.length > 50);
    assert.deepEqual(
      files.filter((file) => reads.test(read(file))),
      [],
    );
  });

  it("no test is the only one that runs", () => {
    const alone = new RegExp(String.raw`\b(?:it|describe|context)\.only\b`);
    assert.deepEqual(
      tracked("test/*.ts").filter((file) => alone.test(read(file))),
      [],
    );
  });

  it("no file names a package registry's host", () => {
    const hosts = ["npmjs", "yarnpkg", "pypi", "golang"].map((name) => `${name}.(?:org|com)`);
    const host = new RegExp(String.raw`//[\w.-]*\b(?:${hosts.join("|")})/`);
    const files = tracked(".").filter((file) => !/\.(png|tgz)$/.test(file));
    assert.deepEqual(
      files.filter((file) => host.test(read(file))),
      [],
    );
  });
});
