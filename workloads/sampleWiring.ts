import type { Fleet } from "../infra/config/fleet";
import { regionNames } from "../infra/config/names";
import type { Service } from "./catalogue";
import { knownWiring } from "./wiring";
import type { Wiring } from "./wiring";

/** No AWS account has this id; it marks an address as a sample. */
const SAMPLE_ACCOUNT = "000000000000";

/**
 * Wiring for a region of which no cloud is asked: names and figures from config are the real ones,
 * addresses have AWS's shape and the word `sample` or the account {@link SAMPLE_ACCOUNT} in them.
 * The same on every machine, so that renderings can be compared.
 *
 * @throws OperatorError when the region is not in the fleet.
 */
export function sampleWiring(
  fleet: Fleet,
  region: string,
  capacity: number,
  services: readonly Service[],
): Wiring {
  const names = regionNames(fleet, region);
  const queues = services
    .filter(({ queue }) => queue !== undefined)
    .map(({ name }): [string, { url: string }] => [
      name,
      { url: `https://sqs.${region}.amazonaws.com/${SAMPLE_ACCOUNT}/${names.queue(name)}` },
    ]);
  const cluster = (kind: string) => `${names.databaseCluster}.${kind}.${region}.rds.amazonaws.com`;
  const cache = (kind: string) => `${kind}.${names.prefix}.sample.cache.amazonaws.com`;
  return {
    ...knownWiring(fleet, region, capacity),
    database: {
      writerEndpoint: `${names.globalDatabase}.global-sample.global.rds.amazonaws.com`,
      readerEndpoint: cluster("cluster-ro-sample"),
      port: "5432",
    },
    cache: { endpoint: cache("master"), readerEndpoint: cache("replica"), port: "6379" },
    queues: Object.fromEntries(queues),
  };
}
