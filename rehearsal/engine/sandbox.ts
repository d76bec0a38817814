import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { copyProject } from "./projectFiles";
import type { Tool } from "../tools/find";

/** Fit for state that is thrown away; `--keep` prints it. */
const PASSPHRASE = "rehearsal";

/** A throwaway place to run stacks in: a copy of the project's files, a file backend, a PULUMI_HOME. */
export interface Sandbox {
  directory: string;
  /** Copy of Pulumi.yaml, the stack files, fleet/ and workloads/; edits to it touch no checkout. */
  projectRoot: string;
  command: PulumiCommand;
  /** Environment of every CLI call. */
  env: Record<string, string>;
  remove(): void;
}

export interface SandboxOptions {
  /** The checkout whose files are copied. */
  root: string;
  engine: Tool;
  /** Value of PULUMI_DEBUG_PROVIDERS: the doubles to attach to. */
  debugProviders: string;
  /** Plugins that run for real are looked up in the user's own PULUMI_HOME. */
  realPlugins?: boolean;
}

/** Makes a sandbox; the caller removes it. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const directory = mkdtempSync(join(tmpdir(), "multi-region-eks-"));
  try {
    const projectRoot = join(directory, "project");
    copyProject(options.root, projectRoot);
    const home = join(directory, "home");
    const state = join(directory, "state");
    for (const each of [home, state]) mkdirSync(each);
    if (options.realPlugins === true) linkPlugins(home);
    return {
      directory,
      projectRoot,
      command: await commandAt(options.engine.path, directory),
      env: {
        PULUMI_HOME: home,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        PULUMI_DEBUG_PROVIDERS: options.debugProviders,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // Everything is attached or already installed; asking for a download costs seconds.
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // State is written once, at the end of an operation: enough where it is thrown away.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
      },
      remove: () => rmSync(directory, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** The Automation API takes a CLI as `<root>/bin/pulumi` only, so one is made to point at any other path. */
async function commandAt(path: string, directory: string): Promise<PulumiCommand> {
  const link = join(directory, "cli", "bin", "pulumi");
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(path, link);
  return PulumiCommand.get({ root: join(directory, "cli"), skipVersionCheck: true });
}

function linkPlugins(home: string): void {
  const own = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  symlinkSync(join(own, "plugins"), join(home, "plugins"));
}
