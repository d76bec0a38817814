import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { components, type Surroundings } from "../components";
import type { Args } from "../components/args";
import { refuse } from "../refusal";
import { checkInputs, schemaOf } from "../schema";
import {
  awaitFeatureSupport,
  DependencyProviderResource,
  deserializeInputs,
  promiseOf,
  waitForRPCs,
  withLocalStorage,
} from "../sdk";
import { UNKNOWN } from "../values";
import { common } from "./resources";
import { unary } from "./wire";

/** The gRPC service of a provider of components: awsx, eks. */
export function componentService(
  pkg: string,
  surroundings: Surroundings = {},
): UntypedServiceImplementation {
  let engineAddress = "";
  return {
    ...common(pkg, true),
    attach: unary((request: plugin.PluginAttach) => {
      engineAddress = request.getAddress();
      return new Empty();
    }),
    checkConfig: unary((request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => new proto.DiffResponse()),
    configure: unary(() => {
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setAcceptoutputs(true);
      return response;
    }),
    construct: unary((request: proto.ConstructRequest) =>
      failingFast(() => withLocalStorage(() => construct(request, engineAddress, surroundings))),
    ),
    cancel: unary(() => new Empty()),
  };
}

/**
 * Fails the call when a rejection goes unhandled meanwhile (a child that was refused, a throw in an
 * `apply`): the outputs that the call waits for would never come.
 */
async function failingFast<T>(work: () => Promise<T>): Promise<T> {
  let fail: (reason: unknown) => void = () => undefined;
  const rejected = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  process.on("unhandledRejection", fail);
  try {
    return await Promise.race([work(), rejected]);
  } finally {
    process.removeListener("unhandledRejection", fail);
  }
}

/** Runs a component's program on the monitor of the request, as `Server.construct` of the SDK does. */
async function construct(
  request: proto.ConstructRequest,
  engineAddress: string,
  surroundings: Surroundings,
): Promise<proto.ConstructResponse> {
  const type = request.getType();
  const build = components[type] ?? refuse(`the doubles do not know the component ${type}`);
  await configureRuntime(request, engineAddress);
  const inputs = await deserializeInputs(request.getInputs(), request.getInputdependenciesMap());
  refuseUnexpected(type, inputs);
  const component = new Constructed(type, request.getName(), optionsOf(request));
  const state = await build(component, request.getName(), inputs, surroundings);
  component.finish(state);
  const response = new proto.ConstructResponse();
  response.setUrn(await promiseOf(component.urn));
  const label = `construct(${type}, ${request.getName()})`;
  const [serialized, dependencies] = await pulumi.runtime.serializeResourceProperties(label, state);
  response.setState(Struct.fromJavaScript(serialized as Record<string, never>));
  for (const [key, resources] of dependencies) {
    const urns = new proto.ConstructResponse.PropertyDependencies();
    urns.setUrnsList(await Promise.all([...resources].map(({ urn }) => promiseOf(urn))));
    response.getStatedependenciesMap().set(key, urns);
  }
  await waitForRPCs();
  return response;
}

async function configureRuntime(
  request: proto.ConstructRequest,
  engineAddress: string,
): Promise<void> {
  pulumi.runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engineAddress,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await awaitFeatureSupport();
  const config = Object.fromEntries(request.getConfigMap().entries());
  pulumi.runtime.setAllConfig(config, request.getConfigsecretkeysList());
}

function optionsOf(request: proto.ConstructRequest): pulumi.ComponentResourceOptions {
  const parent = request.getParent();
  return {
    parent: parent === "" ? undefined : new pulumi.DependencyResource(parent),
    dependsOn: request.getDependenciesList().map((urn) => new pulumi.DependencyResource(urn)),
    providers: [...request.getProvidersMap().entries()].map(
      ([, reference]) => new DependencyProviderResource(reference),
    ),
    aliases: request
      .getAliasesList()
      .filter((alias) => alias.hasUrn())
      .map((alias) => alias.getUrn()),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
  };
}

/** Property names only: values may still be outputs, which the children check. */
function refuseUnexpected(type: string, inputs: Args): void {
  const schema = schemaOf(type);
  if (schema === undefined) return;
  checkInputs(type, schema, Object.fromEntries(Object.keys(inputs).map((key) => [key, UNKNOWN])));
}

/** The component itself, registered on the monitor of the request. */
class Constructed extends pulumi.ComponentResource {
  constructor(type: string, name: string, options: pulumi.ComponentResourceOptions) {
    super(type, name, {}, options);
  }

  /** Set by the base class's constructor, by way of {@link initialize}. */
  declare private release: () => void;

  /** Holds back the empty outputs that the base class would register. */
  protected override initialize(): Promise<void> {
    return new Promise((resolve) => {
      this.release = resolve;
    });
  }

  finish(outputs: pulumi.Inputs): void {
    this.registerOutputs(outputs);
    this.release();
  }
}
