/** The three numbers of a release, such as `v3.255.0`; a suffix is left out. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
}

/** The first version in a text (`v3.19.0+g3d8990f` is 3.19.0), or undefined when there is none. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /v?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

export function formatVersion({ major, minor, patch }: Version): string {
  return `${major}.${minor}.${patch}`;
}

/** Releases that a tool may lag behind the wanted one. Pulumi makes about one a week. */
const LAG = 25;

/**
 * Why a tool's version will not do, or undefined when it is close enough: the same major release, and
 * no more than {@link LAG} minor ones older. Newer tools keep serving older SDKs.
 */
export function tooFar(found: Version, wanted: Version): string | undefined {
  if (found.major !== wanted.major) return `is ${formatVersion(found)}, another major release`;
  if (wanted.minor - found.minor > LAG) return `is ${formatVersion(found)}, too old`;
  return undefined;
}
