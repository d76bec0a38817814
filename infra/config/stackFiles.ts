import { readdirSync } from "node:fs";
import type { StackConfigs } from "./context";
import { OperatorError } from "./errors";
import { readStackConfig } from "./stackConfig";
import {
  type Environment,
  parseStackName,
  type StackIdentity,
  type StackKind,
  stackName,
} from "./stackName";
import { isMap, readYaml } from "./yamlFile";

/** What a stack's file says. */
export interface StackFile<K extends StackKind> {
  kind: K;
  file: string;
  identity: Extract<StackIdentity, { kind: K }>;
  awsRegion: string | undefined;
  config: StackConfigs[K];
}

export type AnyStackFile = StackFile<"regional"> | StackFile<"global"> | StackFile<"backbone">;

/** A file that cannot be read; what it says is unknown. */
export interface BrokenStackFile {
  file: string;
  identity: StackIdentity;
  error: OperatorError;
}

/** The stack files of one environment in this checkout: the operators' source of truth. */
export interface StackFiles {
  regional: StackFile<"regional">[];
  global: StackFile<"global"> | undefined;
  backbone: StackFile<"backbone"> | undefined;
  broken: BrokenStackFile[];
}

/** The file that holds a stack's config, relative to the project's root. */
export function stackFile(identity: StackIdentity): string {
  return `Pulumi.${stackName(identity)}.yaml`;
}

/**
 * Reads every stack file of an environment. A file that is no stack's of ours is left alone; one that
 * is broken is kept as such, for the checks to say whom it concerns.
 *
 * @param self The stack that is being run, as the engine sees it: it stands in for its own file, which
 *   `--config-file` or `-c` may have overruled.
 */
export function loadStackFiles(
  projectRoot: string,
  environment: Environment,
  self?: AnyStackFile,
): StackFiles {
  const files: StackFiles = { regional: [], global: undefined, backbone: undefined, broken: [] };
  if (self !== undefined) add(files, self);
  for (const identity of identitiesIn(projectRoot, environment)) {
    const file = stackFile(identity);
    if (file === self?.file) continue;
    try {
      add(files, stackFileOf(identity, configBlock(projectRoot, file)));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      files.broken.push({ file, identity, error });
    }
  }
  files.regional.sort((a, b) => (a.file < b.file ? -1 : 1));
  return files;
}

/**
 * What a stack's config block says.
 *
 * @throws OperatorError as {@link readStackConfig} does.
 */
export function stackFileOf(
  identity: StackIdentity,
  block: Readonly<Record<string, unknown>>,
): AnyStackFile {
  const { kind } = identity;
  const file = stackFile(identity);
  switch (kind) {
    case "regional":
      return { kind, file, identity, ...readStackConfig(kind, file, block) };
    case "global":
      return { kind, file, identity, ...readStackConfig(kind, file, block) };
    case "backbone":
      return { kind, file, identity, ...readStackConfig(kind, file, block) };
  }
}

/** The `config:` block of a stack's file; empty when there is no file or no block. */
export function configBlock(projectRoot: string, file: string): Record<string, unknown> {
  const data = readYaml(projectRoot, file);
  const block = isMap(data) ? data["config"] : undefined;
  return isMap(block) ? block : {};
}

function identitiesIn(projectRoot: string, environment: Environment): StackIdentity[] {
  return readdirSync(projectRoot)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .flatMap((stack) => identityOf(stack) ?? [])
    .filter((identity) => identity.environment === environment);
}

function identityOf(stack: string): StackIdentity | undefined {
  try {
    return parseStackName(stack);
  } catch {
    return undefined;
  }
}

function add(files: StackFiles, file: AnyStackFile): void {
  if (file.kind === "regional") files.regional.push(file);
  else if (file.kind === "global") files.global = file;
  else files.backbone = file;
}
