import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadFleet } from "../infra/config/load";
import { copyProgram } from "../rehearsal/engine/programCopy";
import type { Service } from "../workloads/catalogue";

/** How big the generated fleet is. */
export interface FleetSize {
  regions: number;
  services: number;
}

/** Regions of generated fleets, in this order; the data home first. */
export const REGIONS: readonly string[] = [
  "us-east-1",
  "eu-west-1",
  "ap-southeast-1",
  "us-west-2",
  "ap-south-1",
  "eu-central-1",
  "ap-northeast-1",
  "sa-east-1",
  "ca-central-1",
  "ap-southeast-2",
];

/** Service whose values the generated ones get: a worker with a queue. */
const MODEL = "outbox";

/** A program that registers nothing, with the packages that the regional stack imports. */
const EMPTY_ENTRY = `import "@pulumi/aws";
import "@pulumi/awsx";
import "@pulumi/eks";
import "@pulumi/kubernetes";
import "@pulumi/random";
export = () => ({});
`;

/** A copy of the program as it is committed. */
export function committedProject(root: string, directory: string): string {
  copyProgram(root, directory);
  return directory;
}

/** A copy whose entry registers nothing. */
export function emptyProject(root: string, directory: string): string {
  copyProgram(root, directory);
  writeFileSync(join(directory, "infra", "index.ts"), EMPTY_ENTRY);
  return directory;
}

/**
 * A copy whose entry registers this many resources of the plainest kind, none waiting for another: what
 * the SDK, the engine and gRPC ask for so many, whatever the program.
 */
export function plainProject(root: string, directory: string, resources: number): string {
  copyProgram(root, directory);
  writeFileSync(
    join(directory, "infra", "index.ts"),
    `import * as aws from "@pulumi/aws";
import "@pulumi/awsx";
import "@pulumi/eks";
import "@pulumi/kubernetes";
import "@pulumi/random";
import { spareSdkDiagnostics } from "./sdkDiagnostics";
spareSdkDiagnostics();
export = () => {
  for (let i = 0; i < ${resources}; i++) new aws.sqs.Queue(\`queue-\${i}\`, { name: \`queue-\${i}\` });
  return {};
};
`,
  );
  return directory;
}

/**
 * A copy of the program whose production fleet has this many regions and services.
 *
 * @throws RangeError for more regions than {@link REGIONS} has.
 */
export function generatedProject(root: string, directory: string, size: FleetSize): string {
  const regions = REGIONS.slice(0, size.regions);
  if (regions.length < size.regions) throw new RangeError(`at most ${REGIONS.length} regions`);
  copyProgram(root, directory);
  const services = generatedServices(size.services);
  writeFleet(root, directory, regions);
  writeStackFiles(directory, regions);
  writeValues(root, directory, services);
  writeFileSync(join(directory, "services.json"), JSON.stringify(services));
  writeFileSync(
    join(directory, "infra", "index.ts"),
    `import { join } from "node:path";
import { runProgram } from "./program";
import services from "../services.json";
export = () => runProgram({ projectRoot: join(__dirname, ".."), services: services as never });
`,
  );
  return directory;
}

/** Services that run everywhere, each with a queue of its own. */
export function generatedServices(count: number): Service[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `worker-${index + 1}`,
    placement: "everywhere",
    queue: { visibilityTimeoutSeconds: 60, maxReceives: 5 },
    data: "read",
  }));
}

function writeFleet(root: string, directory: string, regions: readonly string[]): void {
  const committed = loadFleet(root, "production");
  const fleet = {
    ...committed,
    observability: { ...committed.observability, globalRegion: regions[0] },
    dataHome: regions[0],
    homes: {},
    regions: Object.fromEntries(
      regions.map((region, index) => [
        region,
        {
          cidr: `10.${16 + index}.0.0/16`,
          zones: ["a", "b", "c"].map((letter) => `${region}${letter}`),
        },
      ]),
    ),
  };
  writeFileSync(join(directory, "fleet", "production.yaml"), stringify(fleet));
}

function writeStackFiles(directory: string, regions: readonly string[]): void {
  for (const file of readdirSync(directory)) {
    if (/^Pulumi\..+\.yaml$/.test(file)) rmSync(join(directory, file));
  }
  const write = (stack: string, config: Record<string, unknown>): void =>
    writeFileSync(join(directory, `Pulumi.${stack}.yaml`), stringify({ config }));
  regions.forEach((region, index) =>
    write(region, {
      "aws:region": region,
      "multi-region-eks:database": { role: index === 0 ? "primary" : "secondary" },
    }),
  );
  write("global", {
    "aws:region": "us-east-1",
    "multi-region-eks:regions": Object.fromEntries(
      regions.map((region) => [region, { traffic: "active" }]),
    ),
  });
  write("backbone", { "aws:region": "us-east-1" });
}

/** Every generated service gets the model's values; what only the committed services have goes. */
function writeValues(root: string, directory: string, services: readonly Service[]): void {
  const from = join(root, "workloads", "values");
  const to = join(directory, "workloads", "values");
  for (const folder of readdirSync(to)) {
    if (existsSync(join(to, folder, "base.yaml")) && folder !== "_shared") {
      rmSync(join(to, folder), { recursive: true });
    }
  }
  for (const { name } of services) {
    mkdirSync(join(to, name));
    cpSync(join(from, MODEL), join(to, name), { recursive: true });
  }
}
