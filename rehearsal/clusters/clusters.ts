import { mkdirSync, mkdtempSync, rmSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud, RealCluster, RealClusters } from "../../doubles";
import type { ControlPlaneBinaries } from "../tools/controlPlane";
import { Api } from "./api";
import { ControlPlane } from "./controlPlane";
import { CrdLibrary } from "./crds";
import { Helm } from "./helm";
import { nodeGroupsIn } from "./nodeGroups";
import { RegionCluster } from "./regionCluster";
import { ThirdPartyCharts } from "./thirdParty";

/** Longest that a release may take, in seconds. Fake nodes start pods at once or never. */
const RELEASE_TIMEOUT_SECONDS = 120;

export interface ClustersArgs {
  binaries: ControlPlaneBinaries;
  /** Path of Helm 3. */
  helm: string;
  /** Zones by region. */
  regions: Readonly<Record<string, { zones: readonly string[] }>>;
  cloud: Cloud;
  /** Folder of third-party charts' data. */
  chartData?: string;
  /** Where parsed chart data is kept between runs. */
  cache: string;
  releaseTimeoutSeconds?: number;
  signal?: AbortSignal;
}

/** A region's control plane with what talks to it. */
export interface RunningCluster {
  plane: ControlPlane;
  api: Api;
  helm: Helm;
  real: RegionCluster;
}

/** A real control plane a region, all of them in one temporary directory. */
export class Clusters implements RealClusters {
  /** What local charts' paths start from; set before the first release. */
  projectRoot = ".";

  private constructor(
    private readonly directory: string,
    private readonly byRegion: Map<string, RunningCluster>,
    private readonly unhook: () => void,
  ) {}

  /** Starts all of them at once. The caller stops them, whatever happens. */
  static async start(args: ClustersArgs): Promise<Clusters> {
    const directory = mkdtempSync(join(tmpdir(), "multi-region-eks-clusters-"));
    // The processes end with ours (processes.ts); their files have to as well.
    const remove = (): void => rmSync(directory, { recursive: true, force: true });
    process.on("exit", remove);
    const planes: ControlPlane[] = [];
    try {
      const { binaries, signal } = args;
      const regions = Object.keys(args.regions);
      const starting = regions.map(async (region) => {
        const folder = join(directory, region);
        planes.push(await ControlPlane.start({ region, directory: folder, binaries, signal }));
      });
      const failed = (await Promise.allSettled(starting)).find(
        (each) => each.status === "rejected",
      );
      if (failed !== undefined) throw failed.reason;
      const clusters = new Clusters(directory, new Map(), () => process.off("exit", remove));
      for (const plane of planes) await clusters.add(plane, args);
      return clusters;
    } catch (error) {
      await Promise.all(planes.map((plane) => plane.stop()));
      remove();
      process.off("exit", remove);
      throw error;
    }
  }

  get regions(): string[] {
    return [...this.byRegion.keys()].sort();
  }

  in(region: string): RunningCluster {
    const found = this.byRegion.get(region);
    if (found === undefined) throw new Error(`there is no cluster in ${region}`);
    return found;
  }

  access(region: string) {
    const plane = this.byRegion.get(region)?.plane;
    if (plane === undefined) return undefined;
    const { endpoint, certificateAuthority, adminToken: token } = plane;
    const pem = Buffer.from(certificateAuthority).toString("base64");
    return { endpoint, certificateAuthority: pem, token };
  }

  at(kubeconfig: string): RealCluster | undefined {
    return [...this.byRegion.values()].find(({ plane }) => kubeconfig.includes(plane.endpoint))
      ?.real;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.byRegion.values()].map(({ plane }) => plane.stop()));
    rmSync(this.directory, { recursive: true, force: true });
    this.unhook();
  }

  private async add(plane: ControlPlane, args: ClustersArgs): Promise<void> {
    const { region, kubeconfig } = plane;
    const { cloud, signal } = args;
    const directory = join(this.directory, region, "helm");
    mkdirSync(directory, { recursive: true });
    const api = await Api.open(readFileSync(kubeconfig, "utf8"));
    const helm = new Helm({
      helm: args.helm,
      kubeconfig,
      directory,
      projectRoot: () => this.projectRoot,
      timeoutSeconds: args.releaseTimeoutSeconds ?? RELEASE_TIMEOUT_SECONDS,
      signal,
    });
    const real = new RegionCluster({
      region,
      zones: args.regions[region]?.zones ?? [],
      api,
      helm,
      crds: this.library(args),
      charts: this.charts(args),
      nodeGroups: () => nodeGroupsIn(cloud, region),
    });
    this.byRegion.set(region, { plane, api, helm, real });
    const access = this.access(region);
    if (access !== undefined) cloud.useRealCluster(region, access);
  }

  private sharedLibrary?: CrdLibrary;
  private sharedCharts?: ThirdPartyCharts;

  private library({ chartData, cache }: ClustersArgs): CrdLibrary {
    return (this.sharedLibrary ??= new CrdLibrary(chartData, join(cache, "crds")));
  }

  private charts({ helm, signal }: ClustersArgs): ThirdPartyCharts {
    return (this.sharedCharts ??= new ThirdPartyCharts(helm, this.directory, signal));
  }
}
