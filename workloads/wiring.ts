import type * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../infra/config/errors";
import type { Fleet } from "../infra/config/fleet";
import { regionNames } from "../infra/config/names";
import type { Service } from "./catalogue";
import type { Values } from "./layers";

/**
 * What only a region's stack knows and its services need to be told. Names and addresses; secrets
 * travel as their names in Secrets Manager, never as values.
 */
export interface Wiring {
  environment: string;
  region: string;
  /** The fleet's public domain. */
  domain: string;
  /** Factor on replica floors, 1 or more (stack file). */
  capacity: number;
  network: {
    /** The region's own IPv4 block. */
    vpcCidr: pulumi.Input<string>;
    /** The blocks of every region of the fleet: the Aurora writer may be in a peer. */
    fleetCidrs: readonly string[];
  };
  database: {
    /** Follows the writer through a switchover. */
    writerEndpoint: pulumi.Input<string>;
    readerEndpoint: pulumi.Input<string>;
    /** As text, because it becomes an environment variable. */
    port: pulumi.Input<string>;
  };
  cache: {
    endpoint: pulumi.Input<string>;
    readerEndpoint: pulumi.Input<string>;
    port: pulumi.Input<string>;
  };
  /** Name of the region's data bucket. */
  dataBucket: pulumi.Input<string>;
  /** The region's queues, by the service that consumes each. */
  queues: Readonly<Record<string, { url: pulumi.Input<string> }>>;
  /** Names in AWS Secrets Manager, as this region sees them. */
  secretNames: {
    common: pulumi.Input<string>;
    database: pulumi.Input<string>;
    cache: pulumi.Input<string>;
  };
}

/** What of the wiring is known from config alone. */
export type KnownWiring = Pick<
  Wiring,
  "environment" | "region" | "domain" | "capacity" | "network" | "dataBucket" | "secretNames"
>;

/**
 * The part of a region's wiring that config and naming rules decide, before any cloud answers.
 *
 * @throws OperatorError when the region is not in the fleet.
 */
export function knownWiring(fleet: Fleet, region: string, capacity: number): KnownWiring {
  const vpcCidr = fleet.regions[region]?.cidr;
  if (vpcCidr === undefined) {
    throw new OperatorError({
      key: `fleet/${fleet.environment}.yaml: regions.${region}`,
      rule: "a stack's region is one of its fleet's",
      fix: `add it with: npm run add-region -- ${region}`,
    });
  }
  const names = regionNames(fleet, region);
  return {
    environment: fleet.environment,
    region,
    domain: fleet.domain,
    capacity,
    network: { vpcCidr, fleetCidrs: Object.values(fleet.regions).map(({ cidr }) => cidr) },
    dataBucket: names.dataBucket,
    secretNames: {
      common: names.commonSecret,
      database: names.databaseSecret,
      cache: names.cacheSecret,
    },
  };
}

/**
 * The last layer of a service's values: keys of workloads/charts/service that the stack sets.
 *
 * @param chartDigest digest of the chart's files, so that an edit of a template shows in a preview:
 *   the provider compares a local chart's version and values only
 */
export function wiringValues(service: Service, wiring: Wiring, chartDigest: string): Values {
  const { environment, region, domain, database, cache } = wiring;
  return {
    chartDigest,
    capacity: wiring.capacity,
    global: { environment, region, domain },
    network: { vpcCidr: wiring.network.vpcCidr, fleetCidrs: [...wiring.network.fleetCidrs] },
    secretNames: { ...wiring.secretNames },
    queue: service.queue && { url: queueUrl(wiring, service.name, `${service.name}.queue`) },
    env: {
      DATABASE_WRITER_HOST: database.writerEndpoint,
      DATABASE_READER_HOST: database.readerEndpoint,
      DATABASE_PORT: database.port,
      CACHE_HOST: cache.endpoint,
      CACHE_READER_HOST: cache.readerEndpoint,
      CACHE_PORT: cache.port,
      DATA_BUCKET: service.data === undefined ? undefined : wiring.dataBucket,
      ...Object.fromEntries(
        (service.sendsTo ?? []).map((target) => [
          `QUEUE_URL_${target.toUpperCase().replaceAll("-", "_")}`,
          queueUrl(wiring, target, `${service.name}.sendsTo`),
        ]),
      ),
    },
  };
}

/** URL of a service's queue; `key` is the line of the catalogue that asks for it. */
function queueUrl(wiring: Wiring, service: string, key: string): pulumi.Input<string> {
  const queue = wiring.queues[service];
  if (queue !== undefined) return queue.url;
  throw new OperatorError({
    key: `workloads/catalogue.ts: ${key}`,
    value: service,
    rule: `the region has no queue of that name (${Object.keys(wiring.queues).join(", ")})`,
    fix: `give ${service} a queue in workloads/catalogue.ts, or correct the name`,
  });
}
