import { createHash } from "node:crypto";
import type { ClusterAccess } from "./clusters";
import { refuse } from "./refusal";
import type { Json, Props } from "./values";

/** Pseudo-region of the services that have no regional API: IAM, Route 53. */
export const GLOBAL = "aws-global";

/** Something that exists in the cloud. */
export interface Thing {
  type: string;
  id: string;
  /** Region whose API made it; {@link GLOBAL} for IAM and Route 53, the cluster's ARN for Kubernetes objects. */
  region: string;
  inputs: Props;
  /** Inputs and everything the cloud answered. */
  state: Props;
  /** Key (see {@link Cloud.key}) of the thing that brought this one along and takes it away again, such as a VPC for its default security group. */
  owner?: string;
}

export interface CloudOptions {
  /** Account number in every ARN; default 111122223333. */
  account?: string;
  /**
   * Whether what is referred to but was never created here is taken to exist (unit tests of one
   * component, with made-up ids for its surroundings). Default false: a dangling reference is refused.
   */
  assumeExisting?: boolean;
}

interface Dump {
  account: string;
  sequence: number;
  things: Thing[];
  failedRegions: string[];
}

/**
 * The ledger of everything that exists, across stacks and regions, so that duplicate names, dangling
 * references and deletions of what is in use are seen.
 */
export class Cloud {
  readonly partition = "aws";
  readonly account: string;
  readonly assumeExisting: boolean;
  private sequence = 0;
  private readonly ledger = new Map<string, Thing>();
  private readonly byType = new Map<string, Map<string, Thing>>();
  private readonly failed = new Set<string>();
  private readonly realClusters = new Map<string, ClusterAccess>();

  constructor(options: CloudOptions = {}) {
    this.account = options.account ?? "111122223333";
    this.assumeExisting = options.assumeExisting ?? false;
  }

  /** ARN of the role that runs the program; EKS makes it the administrator of the clusters it creates. */
  get callerRoleArn(): string {
    return `arn:aws:iam::${this.account}:role/deployer`;
  }

  static key(thing: Pick<Thing, "type" | "region" | "id">): string {
    return `${thing.type}|${thing.region}|${thing.id}`;
  }

  put(thing: Thing): void {
    const key = Cloud.key(thing);
    this.ledger.set(key, thing);
    const ofType = this.byType.get(thing.type) ?? new Map<string, Thing>();
    ofType.set(key, thing);
    this.byType.set(thing.type, ofType);
  }

  get(type: string, region: string, id: string): Thing | undefined {
    return this.ledger.get(Cloud.key({ type, region, id }));
  }

  /** Things of a type, in one region or in all. */
  all(type?: string, region?: string): Thing[] {
    const things: Map<string, Thing> | undefined =
      type === undefined ? this.ledger : this.byType.get(type);
    return [...(things?.values() ?? [])].filter(
      (thing) => region === undefined || thing.region === region,
    );
  }

  /** Removes a thing and what it brought along. */
  remove(thing: Thing): void {
    const key = Cloud.key(thing);
    this.ledger.delete(key);
    this.byType.get(thing.type)?.delete(key);
    for (const other of this.all()) if (other.owner === key) this.remove(other);
  }

  /** Number of things that exist, those that others brought along not counted. */
  get size(): number {
    return this.all().filter((thing) => thing.owner === undefined && !thing.state.preexisting)
      .length;
  }

  /** `length` hexadecimal digits, different at every call and the same in every run. */
  hex(length: number): string {
    this.sequence += 1;
    return createHash("sha256").update(`${this.sequence}`).digest("hex").slice(0, length);
  }

  /** As {@link hex}, in capital letters and digits (Route 53 zones, IAM). */
  capitals(length: number): string {
    this.sequence += 1;
    const bytes = createHash("sha256").update(`capitals ${this.sequence}`).digest();
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    return [...bytes.subarray(0, length)].map((byte) => letters[byte % 32]).join("");
  }

  arn(service: string, region: string, resource: string): string {
    const where = region === GLOBAL ? "" : region;
    return `arn:${this.partition}:${service}:${where}:${this.account}:${resource}`;
  }

  /** From now on every call to the region's API is refused, as in an outage of its control plane. */
  failRegion(region: string): void {
    this.failed.add(region);
  }

  restoreRegion(region: string): void {
    this.failed.delete(region);
  }

  /** Refuses when the region's API is failed. */
  call(region: string, what: string): void {
    if (this.failed.has(region)) {
      refuse(`${what}: the API of ${region} does not answer (InternalFailure, region failed)`);
    }
  }

  /** From now on the region's EKS cluster stands for a real API server. */
  useRealCluster(region: string, access: ClusterAccess): void {
    this.realClusters.set(region, access);
  }

  realClusterIn(region: string): ClusterAccess | undefined {
    return this.realClusters.get(region);
  }

  realClusterAt(endpoint: string): ClusterAccess | undefined {
    return [...this.realClusters.values()].find((access) => access.endpoint === endpoint);
  }

  /** Puts a hosted zone there that no stack made, such as the one that `zone.source: existing` looks up. */
  addZone(name: string, id: string): void {
    const state: Record<string, Json> = {
      name,
      zoneId: id,
      arn: `arn:aws:route53:::hostedzone/${id}`,
      nameServers: [1, 2, 3, 4].map((n) => `ns-${n}.awsdns-0${n}.org`),
      preexisting: true,
    };
    this.put({ type: "aws:route53/zone:Zone", id, region: GLOBAL, inputs: { name }, state });
  }

  toJSON(): Dump {
    return {
      account: this.account,
      sequence: this.sequence,
      things: this.all(),
      failedRegions: [...this.failed],
    };
  }

  /** A cloud as {@link toJSON} dumped it. */
  static restore(dump: Dump): Cloud {
    const cloud = new Cloud({ account: dump.account });
    cloud.sequence = dump.sequence;
    for (const thing of dump.things) cloud.put(thing);
    for (const region of dump.failedRegions) cloud.failRegion(region);
    return cloud;
  }
}
