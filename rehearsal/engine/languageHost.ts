import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as languageService from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";

/** The CLI's exit code for a program that has told the user already what is wrong. */
const ALREADY_TOLD = 32;

export interface LanguageHost {
  /** Value of the CLI's `--client`. */
  address: string;
  /** What the programs wrote to stdout and stderr. */
  output(): string;
  /** Wall time of each program, ms. */
  times: number[];
  stop(): void;
}

/**
 * What `pulumi-language-nodejs` does for the CLI, which is not at hand everywhere: runs the project with
 * `@pulumi/pulumi/cmd/run` in a process of its own, with the same flags and environment.
 *
 * @param options.nodeArguments what stands in Pulumi.yaml's `nodeargs`.
 * @param options.env more environment for the programs.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
export async function startLanguageHost(
  options: { nodeArguments?: readonly string[]; env?: Record<string, string> } = {},
): Promise<LanguageHost> {
  let output = "";
  const times: number[] = [];
  const server = new grpc.Server();
  server.addService(languageService.LanguageRuntimeService, {
    getRequiredPlugins: (_call: unknown, answer: Answer) =>
      answer(null, new language.GetRequiredPluginsResponse()),
    getPluginInfo: (_call: unknown, answer: Answer) => {
      const info = new plugin.PluginInfo();
      info.setVersion("1.0.0");
      answer(null, info);
    },
    run: (call: { request: language.RunRequest }, answer: Answer) => {
      const started = performance.now();
      const child = spawn(
        process.execPath,
        [...(options.nodeArguments ?? []), ...runArguments(call.request)],
        {
          cwd: call.request.getPwd(),
          env: { ...process.env, ...runEnvironment(call.request), ...options.env },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (data: Buffer) => (output += data.toString()));
      }
      child.on("close", (code) => {
        times.push(performance.now() - started);
        const response = new language.RunResponse();
        if (code === ALREADY_TOLD) response.setBail(true);
        else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
        answer(null, response);
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    output: () => output,
    times,
    stop: () => server.forceShutdown(),
  };
}

type Answer = (error: null, response: object) => void;

function runArguments(request: language.RunRequest): string[] {
  const flags: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", request.getArgsList()[0] ?? ""],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  return [
    join(request.getPwd(), "node_modules", "@pulumi", "pulumi", "cmd", "run"),
    ...flags.flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    // Pulumi.yaml has no `main`: the entry is package.json's.
    ".",
  ];
}

function runEnvironment(request: language.RunRequest): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: "true",
  };
}
