import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetSchema } from "../../infra/config/fleet";
import { SERVICES } from "../../workloads/catalogue";
import type { Service } from "../../workloads/catalogue";
import { chartDigest, SERVICE_CHART } from "../../workloads/chart";
import { sampleWiring } from "../../workloads/sampleWiring";
import { wiringValues } from "../../workloads/wiring";

const CHECKOUT = join(__dirname, "..", "..");
const region = (name: string, cidr: string) => ({
  cidr,
  zones: ["a", "b", "c"].map((zone) => `${name}${zone}`),
});
const fleet = fleetSchema.parse({
  environment: "production",
  organisation: "example",
  domain: "example.com",
  zone: { source: "existing", id: "Z0EXAMPLE" },
  hosts: ["api"],
  dataHome: "us-east-1",
  regions: {
    "us-east-1": region("us-east-1", "10.16.0.0/16"),
    "eu-west-1": region("eu-west-1", "10.17.0.0/16"),
  },
  operators: [{ roleArn: "arn:aws:iam::111122223333:role/operator", access: "admin" }],
  apiAllowedCidrs: ["203.0.113.0/24"],
  alarmEmails: [],
});
const wiring = sampleWiring(fleet, "eu-west-1", 1.5, SERVICES);

function service(name: string): Service {
  const found = SERVICES.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

const COMMON_ENV = {
  DATABASE_WRITER_HOST: "example-production.global-sample.global.rds.amazonaws.com",
  DATABASE_READER_HOST: "production-eu-west-1.cluster-ro-sample.eu-west-1.rds.amazonaws.com",
  DATABASE_PORT: "5432",
  CACHE_HOST: "master.production-eu-west-1.sample.cache.amazonaws.com",
  CACHE_READER_HOST: "replica.production-eu-west-1.sample.cache.amazonaws.com",
  CACHE_PORT: "6379",
};
const queue = (name: string) =>
  `https://sqs.eu-west-1.amazonaws.com/000000000000/production-eu-west-1-${name}`;

/** As a release gets them: keys that are undefined are left out. */
const wired = (of: Service) =>
  JSON.parse(JSON.stringify(wiringValues(of, wiring, "abc"))) as unknown;

describe("wiring", () => {
  it("tells a consumer with data access and receivers all that it may use, and nothing secret", () => {
    assert.deepEqual(wired({ ...service("media-processor"), sendsTo: ["data-export"] }), {
      chartDigest: "abc",
      capacity: 1.5,
      global: { environment: "production", region: "eu-west-1", domain: "example.com" },
      network: {
        vpcCidr: "10.17.0.0/16",
        fleetCidrs: ["10.16.0.0/16", "10.17.0.0/16"],
      },
      secretNames: {
        common: "production/common",
        database: "production/database",
        cache: "production/eu-west-1/cache",
      },
      queue: { url: queue("media-processor") },
      env: {
        ...COMMON_ENV,
        DATA_BUCKET: "example-production-eu-west-1-data",
        QUEUE_URL_DATA_EXPORT: queue("data-export"),
      },
    });
  });

  it("tells a service neither a queue nor a bucket that the catalogue does not give it", () => {
    const values = wired({ name: "plain", placement: "everywhere" }) as Record<string, unknown>;
    assert.deepEqual(values.env, COMMON_ENV);
    assert.equal("queue" in values, false);
  });

  it("refuses a receiver that has no queue, naming the catalogue's line", () => {
    assert.throws(
      () => wiringValues({ ...service("api"), sendsTo: ["media"] }, wiring, "abc"),
      /^OperatorError: workloads\/catalogue.ts: api.sendsTo is "media"\n {2}rule: the region has no queue/,
    );
  });

  it("refuses a region that the fleet does not have", () => {
    assert.throws(
      () => sampleWiring(fleet, "eu-west-9", 1, SERVICES),
      /^OperatorError: fleet\/production.yaml: regions.eu-west-9\n/,
    );
  });

  it("marks every sample address as one", () => {
    const { database, cache, queues } = wiring;
    const hosts = [
      database.writerEndpoint,
      database.readerEndpoint,
      cache.endpoint,
      cache.readerEndpoint,
    ];
    for (const host of hosts) assert.match(host as string, /sample/);
    for (const { url } of Object.values(queues)) assert.match(url as string, /\/000000000000\//);
    assert.deepEqual([database.port, cache.port], ["5432", "6379"]);
  });
});

describe("chart digest", () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "chart-"));
    cpSync(join(CHECKOUT, SERVICE_CHART), copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  it("is the same wherever the chart stands", () => {
    assert.match(chartDigest(copy), /^[0-9a-f]{64}$/);
    assert.equal(chartDigest(copy), chartDigest(join(CHECKOUT, SERVICE_CHART)));
  });

  it("changes with a file's content, its name, and where one file ends and the next begins", () => {
    const digests = [chartDigest(copy)];
    const edits: [file: string, text: string][] = [
      ["templates/extra.yaml", "a"],
      ["templates/extra.yaml", "b"],
      ["templates/other.yaml", ""],
    ];
    for (const [file, text] of edits) {
      writeFileSync(join(copy, file), text);
      digests.push(chartDigest(copy));
    }
    rmSync(join(copy, "templates/extra.yaml"));
    writeFileSync(join(copy, "templates/other.yaml"), "b");
    digests.push(chartDigest(copy));
    assert.equal(new Set(digests).size, digests.length);
  });
});
