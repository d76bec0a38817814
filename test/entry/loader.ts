import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as engineService from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as monitorService from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitorProto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

const ROOT = join(__dirname, "..", "..");

export interface LoaderRun {
  exitCode: number | null;
  /** What the user is told, `<severity>: <message>`; no debugging. */
  log: string[];
  /** Types of the resources that were registered. */
  registered: string[];
  output: string;
}

type Answer = (error: null, response: object) => void;

/**
 * Runs the committed project the way the CLI's Node.js host does, by `@pulumi/pulumi/cmd/run` in a
 * process of its own, in a preview, against an engine that only listens. Needs neither CLI nor plugin.
 */
export async function runByLoader(
  stack: string,
  config: Readonly<Record<string, string>>,
): Promise<LoaderRun> {
  const run: LoaderRun = { exitCode: null, log: [], registered: [], output: "" };
  const server = new grpc.Server();
  server.addService(engineService.EngineService, engine(run));
  server.addService(monitorService.ResourceMonitorService, monitor(run));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  try {
    run.exitCode = await start(run, `127.0.0.1:${port}`, stack, config);
  } finally {
    server.forceShutdown();
  }
  return run;
}

function start(
  run: LoaderRun,
  address: string,
  stack: string,
  config: Readonly<Record<string, string>>,
): Promise<number | null> {
  const flags = {
    monitor: address,
    engine: address,
    organization: "organization",
    project: "multi-region-eks",
    stack,
    pwd: ROOT,
  };
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "run"),
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
      "--dry-run",
      ".",
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_NODEJS_TYPESCRIPT: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (run.output += data.toString()));
  }
  return new Promise((resolve) => child.on("close", resolve));
}

function engine(run: LoaderRun): grpc.UntypedServiceImplementation {
  return {
    log: ({ request }: { request: engineProto.LogRequest }, answer: Answer) => {
      const severity = Object.entries(engineProto.LogSeverity).find(
        ([, value]) => value === request.getSeverity(),
      );
      const word = severity?.[0].toLowerCase() ?? "unknown";
      if (word !== "debug") run.log.push(`${word}: ${request.getMessage()}`);
      answer(null, new Empty());
    },
    getRootResource: (_call: unknown, answer: Answer) =>
      answer(null, new engineProto.GetRootResourceResponse()),
    setRootResource: (_call: unknown, answer: Answer) =>
      answer(null, new engineProto.SetRootResourceResponse()),
  };
}

function monitor(run: LoaderRun): grpc.UntypedServiceImplementation {
  const urn = (type: string, name: string): string =>
    `urn:pulumi:stack::multi-region-eks::${type}::${name}`;
  return {
    supportsFeature: (_call: unknown, answer: Answer) => {
      const response = new monitorProto.SupportsFeatureResponse();
      response.setHassupport(true);
      answer(null, response);
    },
    registerResource: (
      { request }: { request: monitorProto.RegisterResourceRequest },
      answer: Answer,
    ) => {
      run.registered.push(request.getType());
      const response = new monitorProto.RegisterResourceResponse();
      response.setUrn(urn(request.getType(), request.getName()));
      response.setObject(request.getObject());
      answer(null, response);
    },
    readResource: ({ request }: { request: monitorProto.ReadResourceRequest }, answer: Answer) => {
      const response = new monitorProto.ReadResourceResponse();
      response.setUrn(urn(request.getType(), request.getName()));
      response.setProperties(
        Struct.fromJavaScript({ name: request.getId(), outputs: {}, secretOutputNames: [] }),
      );
      answer(null, response);
    },
    invoke: (_call: unknown, answer: Answer) => {
      const response = new providerProto.InvokeResponse();
      response.setReturn(Struct.fromJavaScript({ accountId: "111122223333" }));
      answer(null, response);
    },
    registerResourceOutputs: (_call: unknown, answer: Answer) => answer(null, new Empty()),
    signalAndWaitForShutdown: (_call: unknown, answer: Answer) => answer(null, new Empty()),
  };
}
