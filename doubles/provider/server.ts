import * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Cloud } from "../cloud";
import type { RealClusters } from "../clusters";
import { ProviderDouble } from "../providerDouble";
import { clusterService } from "./clusters";
import { componentService } from "./components";
import { resourceService } from "./resources";

/** Packages that have a double. */
const PACKAGES = ["aws", "awsx", "command", "eks", "kubernetes", "random"] as const;
type Package = (typeof PACKAGES)[number];

/** Doubled packages whose real plugin can run over the aws double instead. */
export type RealPackage = "awsx" | "eks" | "kubernetes";

export interface Doubles {
  /** Value of PULUMI_DEBUG_PROVIDERS: the engine attaches to these servers. */
  debugProviders: string;
  stop(): Promise<void>;
}

/**
 * Serves the doubles on 127.0.0.1, a port each. They outlive the operations of the engine, one after
 * the other; operations at the same time need doubles each (over the same cloud), for the engine
 * configures a provider's region once for all its calls.
 */
export async function startDoubles(
  cloud: Cloud,
  options: { real?: ReadonlySet<RealPackage>; clusters?: RealClusters } = {},
): Promise<Doubles> {
  const double = new ProviderDouble(cloud, "us-east-1");
  const real: ReadonlySet<string> = options.real ?? new Set();
  const packages = PACKAGES.filter((pkg) => !real.has(pkg));
  const servers = await Promise.all(
    packages.map(async (pkg) => ({ pkg, ...(await serve(pkg, double, options.clusters)) })),
  );
  return {
    debugProviders: servers.map(({ pkg, port }) => `${pkg}:${port}`).join(","),
    stop: async () => {
      await Promise.all(servers.map(({ server }) => shutdown(server)));
    },
  };
}

async function serve(
  pkg: Package,
  double: ProviderDouble,
  clusters?: RealClusters,
): Promise<{ server: grpc.Server; port: number }> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(definition(), serviceOf(pkg, double, clusters));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { server, port };
}

function serviceOf(
  pkg: Package,
  double: ProviderDouble,
  clusters?: RealClusters,
): grpc.UntypedServiceImplementation {
  if (pkg === "awsx" || pkg === "eks") return componentService(pkg, { cloud: double.cloud });
  const service = resourceService(pkg, double);
  return pkg === "kubernetes" && clusters !== undefined
    ? clusterService(service, clusters)
    : service;
}

function definition(): grpc.ServiceDefinition {
  return rpc.ResourceProviderService;
}

function shutdown(server: grpc.Server): Promise<void> {
  return new Promise((resolve) => {
    server.tryShutdown(() => resolve());
    // The engine may hold its connections open; nothing is owed to them any more.
    server.forceShutdown();
  });
}
