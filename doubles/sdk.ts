/**
 * Parts of @pulumi/pulumi that exist at run time but are marked internal, so its declarations lack
 * them. Everything that leans on them leans on this file; checked against 3.255.0.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";

export interface Store {
  supportsSecrets: boolean;
  supportsResourceReferences: boolean;
  supportsOutputValues: boolean;
  supportsDeletedWith: boolean;
  supportsReplaceWith: boolean;
  supportsAliasSpecs: boolean;
  supportsTransforms: boolean;
  supportsParameterization: boolean;
  supportsResourceHooks: boolean;
  supportsErrorHooks: boolean;
}

const stateModule = load<{
  withLocalStorage<T>(callback: () => T): T;
  getStore(): Store;
}>("runtime/state");

const settingsModule = load<{ waitForRPCs(): Promise<void> }>("runtime/settings");

const serverModule = load<{
  Server: new (
    engineAddress: string | undefined,
    provider: unknown,
    uncaughtErrors: Set<Error>,
  ) => UntypedServiceImplementation;
}>("provider/server");

/** Runs the callback with settings, config and monitor of its own, apart from any other program in this process. */
export const withLocalStorage = stateModule.withLocalStorage;
export const getStore = stateModule.getStore;
export const waitForRPCs = settingsModule.waitForRPCs;
/** The SDK's own provider server, whose `construct` serves remote components. */
export const ComponentServer = serverModule.Server;

/** The value of an output, undefined when a preview does not know it. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

function load<T>(path: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- internal modules have no declarations
  return require(`@pulumi/pulumi/${path}`) as T;
}
