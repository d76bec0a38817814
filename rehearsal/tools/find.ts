import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";

/** A command-line tool that was found, and where. */
export interface Tool {
  name: string;
  /** Absolute path of the executable. */
  path: string;
  version: string;
  /** Where it came from, one of the {@link Source} names. */
  source: string;
}

/** Why a source gave nothing, in one line. */
export interface Refusal {
  refused: string;
}

/** A place that a tool may come from. */
export interface Source {
  name: string;
  find(): Promise<Omit<Tool, "source"> | Refusal>;
}

/** What was asked, in order, and what came of it. */
export interface Search {
  tool?: Tool;
  /** One line per source that gave nothing. */
  refusals: string[];
}

/** Asks the sources one after another and takes the first that gives; prints the choice. */
export async function firstOf(
  tool: string,
  sources: readonly Source[],
  say: (line: string) => void,
): Promise<Search> {
  const refusals: string[] = [];
  for (const source of sources) {
    const found = await source.find();
    if (!("refused" in found)) {
      say(`${tool} ${found.version} (${source.name}: ${found.path})`);
      return { tool: { ...found, source: source.name }, refusals };
    }
    refusals.push(`${source.name}: ${found.refused}`);
  }
  return { refusals };
}

/**
 * Absolute path of a program on PATH. Entries inside a node_modules do not count: npm puts
 * `node_modules/.bin` first, where `pulumi` is the npm launcher, which downloads.
 */
export function onPath(program: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const names = process.platform === "win32" ? [`${program}.exe`] : [program];
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((path) => isExecutable(path) && !insideNodeModules(path));
}

/** Whether a path is a file with content that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const stat = statSync(path);
    return stat.isFile() && stat.size > 0;
  } catch {
    return false;
  }
}

function insideNodeModules(path: string): boolean {
  return [path, realpathSync(path)].some((each) => each.split(sep).includes("node_modules"));
}
