import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../tools/run";
import type { KubeObject } from "./api";
import { objectsOf } from "./crds";
import type { ReleaseInputs } from "./helm";

/** Seconds that a chart repository has to answer in. */
const PULL_SECONDS = 15;

/** A chart's objects, or why it could not be had. */
export type Rendering =
  { objects: KubeObject[]; refused?: undefined } | { objects?: undefined; refused: string };

/**
 * Charts of somebody else's, pulled in their pinned versions. A repository's host that does not answer
 * is asked once.
 */
export class ThirdPartyCharts {
  private readonly pulls = new Map<string, Promise<string | undefined>>();
  private readonly silent = new Map<string, Promise<boolean>>();

  constructor(
    private readonly helm: string,
    private readonly directory: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** What `helm template` makes of the pinned chart with the release's values, CRDs included. */
  async render(inputs: ReleaseInputs): Promise<Rendering> {
    const archive = await this.pull(inputs);
    if (archive === undefined) {
      return { refused: `its chart could not be reached (${hostOf(inputs)})` };
    }
    const { name, namespace, values = {} } = inputs;
    const file = join(mkdtempSync(join(this.directory, "values-")), "values.json");
    writeFileSync(file, JSON.stringify(values));
    const flags = ["--namespace", namespace, "--values", file, "--include-crds", "--skip-tests"];
    const { code, stdout, stderr } = await run(this.helm, ["template", name, archive, ...flags], {
      signal: this.signal,
    });
    // The chart refuses our values: that is a finding, not a missing chart.
    if (code !== 0) throw new Error(`${inputs.chart}: ${stderr.trim()}`);
    return { objects: objectsOf(stdout) };
  }

  private pull(inputs: ReleaseInputs): Promise<string | undefined> {
    const { chart, version = "" } = inputs;
    const key = `${hostOf(inputs)} ${chart} ${version}`;
    const known = this.pulls.get(key);
    if (known !== undefined) return known;
    const pulled = this.pullOnce(inputs);
    this.pulls.set(key, pulled);
    return pulled;
  }

  private async pullOnce(inputs: ReleaseInputs): Promise<string | undefined> {
    const host = hostOf(inputs);
    const before = this.silent.get(host);
    if (before !== undefined && (await before)) return undefined;
    const pulling = this.pullNow(inputs);
    const failed = pulling.then((archive) => archive === undefined);
    if (before === undefined) this.silent.set(host, failed);
    return pulling;
  }

  private async pullNow({
    chart,
    version = "",
    repositoryOpts,
  }: ReleaseInputs): Promise<string | undefined> {
    const name = chart.split("/").at(-1) ?? chart;
    const folder = join(this.directory, "charts", `${name}-${version}`);
    mkdirSync(folder, { recursive: true });
    const repo = repositoryOpts?.repo === undefined ? [] : ["--repo", repositoryOpts.repo];
    const args = ["pull", chart, "--version", version, ...repo, "--untar", "--untardir", folder];
    const env = { ...process.env, HELM_CACHE_HOME: join(this.directory, "helm-cache") };
    const { code } = await run(this.helm, args, {
      env,
      timeoutMs: PULL_SECONDS * 1000,
      signal: this.signal,
    });
    this.signal?.throwIfAborted();
    const path = join(folder, name);
    return code === 0 && existsSync(path) ? path : undefined;
  }
}

function hostOf({ chart, repositoryOpts }: ReleaseInputs): string {
  const address = repositoryOpts?.repo ?? chart;
  return /^\w+:\/\/([^/]+)/.exec(address)?.[1] ?? address;
}
