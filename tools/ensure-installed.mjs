// Runs before every npm script: installs the dependencies when they are missing, so that one command
// is enough on a clean clone. Uses nothing but Node. Speaks on stderr: a command's stdout may be JSON.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MINIMUM_NODE = [20, 19];
const root =
  process.env.ENSURE_INSTALLED_ROOT ?? join(dirname(fileURLToPath(import.meta.url)), "..");
const say = (text) => process.stderr.write(`${text}\n`);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
  say(`Node ${process.versions.node} is too old: ${MINIMUM_NODE.join(".")} or later is needed.`);
  process.exit(1);
}

// npm writes this file last: a node_modules without it was left half done.
if (!existsSync(join(root, "node_modules", ".package-lock.json"))) {
  say("node_modules is missing or incomplete: running `npm ci` (once, about a minute).");
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.execPath, [npm, "ci"], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", ["ci"], {
        cwd: root,
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
      });
  if (result.status !== 0) {
    say(
      `npm ci failed (${result.error?.message ?? `exit code ${result.status}`}); its own message is above.`,
    );
    process.exit(1);
  }
} else {
  const stale = outdated();
  if (stale.length > 0)
    say(`node_modules is older than package.json (${stale.join(", ")}): run \`npm ci\`.`);
}

/** Direct dependencies whose installed version is not the pinned one. */
function outdated() {
  const manifest = readJson("package.json");
  const pins = { ...manifest.dependencies, ...manifest.devDependencies };
  return Object.entries(pins).flatMap(([name, pin]) => {
    const path = join("node_modules", name, "package.json");
    const installed = existsSync(join(root, path))
      ? readJson(path).version.replace(/^v/, "") // @pulumi/command writes v4.5.0
      : "missing";
    return installed === pin ? [] : [`${name} ${installed}, pinned ${pin}`];
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
