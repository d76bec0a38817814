/**
 * Parts of @pulumi/pulumi that exist at run time but are marked internal, so its declarations lack
 * them. Everything that leans on them leans on this file; checked against 3.255.0.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Args } from "./components/args";

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
  withLocalStorage: <T>(callback: () => T) => T;
  getStore: () => Store;
}>("runtime/state");

const settingsModule = load<{
  waitForRPCs: () => Promise<void>;
  awaitFeatureSupport: () => Promise<void>;
}>("runtime/settings");

const serverModule = load<{
  deserializeInputs: (inputs: Struct | undefined, dependencies: unknown) => Promise<Args>;
}>("provider/server");

const resourceModule = load<{
  DependencyProviderResource: new (reference: string) => pulumi.ProviderResource;
}>("resource");

/** Runs the callback with settings, config and monitor of its own, apart from any other program in this process. */
export const withLocalStorage = stateModule.withLocalStorage;
export const getStore = stateModule.getStore;
export const waitForRPCs = settingsModule.waitForRPCs;
export const awaitFeatureSupport = settingsModule.awaitFeatureSupport;
/** Inputs of a Construct request, as the SDK's own provider server makes them. */
export const deserializeInputs = serverModule.deserializeInputs;
export const DependencyProviderResource = resourceModule.DependencyProviderResource;

/** The value of an output, undefined when a preview does not know it. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

function load<T>(path: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- internal modules have no declarations
  return require(`@pulumi/pulumi/${path}`) as T;
}
