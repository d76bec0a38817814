import type { BackboneContext, GlobalContext } from "../../infra/config/context";
import { fleetSchema, type Fleet } from "../../infra/config/fleet";
import type { GlobalOutputs } from "../../infra/config/globalOutputs";
import { regionNames } from "../../infra/config/names";
import type { RegionOutputs } from "../../infra/config/outputs";
import {
  backboneSchema,
  globalSchema,
  TRAFFIC_STATES,
  type TrafficState,
} from "../../infra/config/stackSchemas";

export const THREE = ["us-east-1", "eu-west-1", "ap-southeast-1"] as const;
const ACCOUNT = "111122223333";

/** Network numbers by region, so that a region keeps its block whatever others there are. */
const SECOND_OCTET: Record<string, number> = {
  "us-east-1": 16,
  "eu-west-1": 17,
  "ap-southeast-1": 18,
  "ca-central-1": 19,
};

export const cidrOf = (region: string): string => `10.${SECOND_OCTET[region]}.0.0/16`;

export function fleetOf(
  regions: readonly string[],
  overrides: Partial<Pick<Fleet, "zone" | "hosts" | "alarmEmails" | "environment">> = {},
): Fleet {
  return fleetSchema.parse({
    environment: "production",
    organisation: "acme",
    domain: "acme.test",
    zone: { source: "existing" },
    hosts: ["api", "media"],
    dataHome: regions[0],
    regions: Object.fromEntries(
      regions.map((region) => [
        region,
        { cidr: cidrOf(region), zones: ["a", "b", "c"].map((zone) => `${region}${zone}`) },
      ]),
    ),
    operators: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/operator`, access: "admin" }],
    apiAllowedCidrs: ["192.0.2.0/24"],
    alarmEmails: ["ops@acme.test"],
    ...overrides,
  });
}

/** What the regional stack of a fleet's region exports. */
export function regionRecord(region: string, fleet: Fleet = fleetOf([region])): RegionOutputs {
  const names = regionNames(fleet, region);
  const bucket = (name: string) => ({ name, arn: `arn:aws:s3:::${name}` });
  return {
    version: 1,
    environment: fleet.environment,
    region,
    network: {
      vpcId: `vpc-${region}`,
      cidr: cidrOf(region),
      routeTableIds: [`rtb-${region}-private`, `rtb-${region}-isolated`],
    },
    cluster: {
      name: names.cluster,
      arn: `arn:aws:eks:${region}:${ACCOUNT}:cluster/${names.cluster}`,
      endpoint: `https://0123456789ABCDEF.gr7.${region}.eks.amazonaws.com`,
      securityGroupId: `sg-${region}-cluster`,
    },
    database: {
      role: "secondary",
      clusterIdentifier: names.databaseCluster,
      globalClusterIdentifier: names.globalDatabase,
      securityGroupId: `sg-${region}-database`,
      writerEndpoint: "writer.test",
      readerEndpoint: "reader.test",
      port: 5432,
      secretName: names.databaseSecret,
    },
    cache: {
      endpoint: "cache.test",
      readerEndpoint: "cache-ro.test",
      port: 6379,
      secretName: names.cacheSecret,
    },
    storage: {
      kmsKeyArn: `arn:aws:kms:${region}:${ACCOUNT}:key/storage`,
      data: bucket(names.dataBucket),
      metrics: bucket(names.metricsBucket),
    },
    queues: {},
    edge: {
      host: names.host,
      dnsName: `edge-${region}.elb.${region}.amazonaws.com`,
      zoneId: `ZNLB${region.replaceAll("-", "").toUpperCase()}`,
    },
  };
}

export function globalRecord(regions: readonly string[]): GlobalOutputs {
  return {
    version: 1,
    environment: "production",
    zoneId: "Z0ACME",
    hosts: ["api.acme.test", "media.acme.test"],
    regions: Object.fromEntries(
      regions.map((region) => [
        region,
        { traffic: "active", gateId: `gate-${region}`, endpointCheckId: `endpoint-${region}` },
      ]),
    ),
  };
}

/** Stack outputs of regions that are up, as the mocks take them. */
export function upStacks(fleet: Fleet, regions: readonly string[] = Object.keys(fleet.regions)) {
  return Object.fromEntries(
    regions.map((region) => [region, { region: regionRecord(region, fleet) }]),
  );
}

export function globalContext(
  fleet: Fleet,
  traffic: Partial<Record<string, TrafficState>> = {},
  rest: { whenRegionMissing?: "error" | "skip" } = {},
): GlobalContext {
  const [active] = TRAFFIC_STATES;
  return {
    projectRoot: "/nowhere",
    identity: { environment: fleet.environment, kind: "global" },
    fleet,
    config: globalSchema.parse({
      regions: Object.fromEntries(
        Object.keys(fleet.regions).map((region) => [
          region,
          { traffic: traffic[region] ?? active },
        ]),
      ),
      ...rest,
    }),
  };
}

export function backboneContext(
  fleet: Fleet,
  config: { whenRegionMissing?: "error" | "skip"; replication?: { timeControl: boolean } } = {},
): BackboneContext {
  return {
    projectRoot: "/nowhere",
    identity: { environment: fleet.environment, kind: "backbone" },
    fleet,
    config: backboneSchema.parse(config),
  };
}
