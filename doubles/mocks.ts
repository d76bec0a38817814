import * as pulumi from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { Cloud } from "./cloud";
import { components } from "./components";
import type { Args } from "./components/args";
import { plainStacks } from "./plainStacks";
import { ProviderDouble } from "./providerDouble";
import { Refusal, refuse } from "./refusal";
import { checkInputs, schemaOf } from "./schema";
import { getStore, promiseOf, waitForRPCs, withLocalStorage } from "./sdk";
import { decodeProps, type Json, type Props, secretKeys, text, UNKNOWN } from "./values";

/** A resource as the program registered it. */
export interface Registered {
  /** Type token such as `aws:s3/bucket:Bucket`. */
  type: string;
  name: string;
  urn: string;
  /** Id that the cloud gave; empty in a preview and for components. */
  id: string;
  /** Inputs as the program gave them, secrets unwrapped, unknowns as the engine's sentinel. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests reach into nested inputs
  inputs: Record<string, any>;
  /** What the cloud answered; empty for components. */
  state: Record<string, unknown>;
  /** Inputs that are or hold a secret. */
  secrets: string[];
  custom: boolean;
  /** URN of the parent. */
  parent?: string;
  options: {
    protect?: boolean;
    ignoreChanges: string[];
    /** URNs that the engine waits for: `dependsOn` and what the inputs come from. */
    dependsOn: string[];
    /** URNs or `name`/`type` specs that the resource had before. */
    aliases: unknown[];
    deleteBeforeReplace?: boolean;
    replaceOnChanges: string[];
    retainOnDelete?: boolean;
    additionalSecretOutputs: string[];
    customTimeouts: { create: string; update: string; delete: string };
    provider?: string;
    version?: string;
    import?: string;
  };
}

export interface MockOptions {
  /** Default `test`. */
  stack?: string;
  /** The provider's region; default `aws:region` of `config`, else us-east-1. */
  region?: string;
  /** A dry run: nothing is created and what the cloud computes is unknown. */
  preview?: boolean;
  /** Stack config with full keys such as `aws:region`. */
  config?: Record<string, string>;
  /** Outputs of other stacks, by the name that a StackReference uses or its last part. */
  stackOutputs?: Record<string, Record<string, unknown>>;
  /** Ledger to run over; default a new one that takes dangling references to exist. */
  cloud?: Cloud;
  project?: string;
}

export interface MockRun<T> {
  result: T;
  cloud: Cloud;
  /** What the program registered, in order of registration; children of remote components are in {@link inner}. */
  resources: Registered[];
  /** What remote components (awsx Vpc, eks Cluster) registered inside. */
  inner: Registered[];
  of(type: string): Registered[];
  /** The only resource of the type, or the only one with that name; throws when there is not exactly one. */
  one(type: string, name?: string): Registered;
  /** Value of an output; undefined when the preview does not know it. */
  value<U>(output: pulumi.Output<U>): Promise<U>;
}

type Answer<R> = (error: Error | null, response?: R) => void;

/** Runs a program on the SDK's runtime over the doubles' catalogue, with no engine. */
export class MockEngine {
  /**
   * Runs the program and waits for every registration.
   * @throws what the program throws, and the first refusal: unknown types and invokes, inputs that the
   * provider's schema does not have, what AWS would refuse.
   */
  static run<T>(options: MockOptions, program: () => T | Promise<T>): Promise<MockRun<T>> {
    return withLocalStorage(() => runMocked(options, program));
  }
}

async function runMocked<T>(
  options: MockOptions,
  program: () => T | Promise<T>,
): Promise<MockRun<T>> {
  const monitor = new Monitor(options);
  pulumi.runtime.setMockOptions(
    monitor,
    options.project ?? "multi-region-eks",
    monitor.stack,
    options.preview ?? false,
    "organization",
  );
  Object.assign(getStore(), {
    supportsSecrets: true,
    supportsResourceReferences: true,
    supportsOutputValues: false,
    supportsDeletedWith: true,
    supportsReplaceWith: true,
    supportsAliasSpecs: true,
    supportsParameterization: true,
  });
  pulumi.runtime.setAllConfig({ "aws:region": monitor.provider.region, ...options.config });
  const release = catchRejections((reason) => monitor.fail(reason));
  const mapped = plainStacks();
  try {
    const finished = (async () => {
      const result = await program();
      await waitForRPCs();
      await new Promise(setImmediate);
      await waitForRPCs();
      return result;
    })();
    const result = await Promise.race([finished, monitor.failure]);
    return runOf(result, monitor);
  } finally {
    await new Promise(setImmediate);
    mapped();
    release();
  }
}

function runOf<T>(result: T, monitor: Monitor): MockRun<T> {
  const resources = monitor.registered.filter((resource) => !monitor.isInner(resource));
  const of = (type: string): Registered[] => resources.filter((found) => found.type === type);
  return {
    result,
    cloud: monitor.cloud,
    resources,
    inner: monitor.registered.filter((resource) => monitor.isInner(resource)),
    of,
    one: (type, name) => {
      const found = of(type).filter((resource) => name === undefined || resource.name === name);
      const [only] = found;
      if (only !== undefined && found.length === 1) return only;
      const names = of(type).map((resource) => resource.name);
      throw new Error(
        `${found.length} resources of ${type}${name === undefined ? "" : ` named ${name}`}; there are: ${names.join(", ") || "none"}`,
      );
    },
    value: promiseOf,
  };
}

/** The resource monitor that the SDK talks to in place of the engine's. */
class Monitor {
  readonly stack: string;
  readonly cloud: Cloud;
  readonly provider: ProviderDouble;
  readonly registered: Registered[] = [];
  readonly failure: Promise<never>;
  fail!: (reason: unknown) => void;
  private readonly project: string;
  private readonly byUrn = new Map<string, { id: string; state: Props }>();
  private readonly remotes = new Set<string>();
  private readonly providers = new Map<string, ProviderDouble>();

  constructor(private readonly options: MockOptions) {
    this.stack = options.stack ?? "test";
    this.project = options.project ?? "multi-region-eks";
    this.cloud = options.cloud ?? new Cloud({ assumeExisting: true });
    const region = options.region ?? options.config?.["aws:region"] ?? "us-east-1";
    this.provider = new ProviderDouble(this.cloud, region);
    this.failure = new Promise<never>((_resolve, reject) => {
      this.fail = reject;
    });
    this.failure.catch(() => undefined);
  }

  /** Whether a remote component registered it. */
  isInner(resource: Registered): boolean {
    for (let parent = resource.parent; parent !== undefined;) {
      if (this.remotes.has(parent)) return true;
      const urn: string = parent;
      parent = this.registered.find((other) => other.urn === urn)?.parent;
    }
    return false;
  }

  registerResource(
    request: resourceProto.RegisterResourceRequest,
    answer: Answer<resourceProto.RegisterResourceResponse>,
  ): void {
    this.answering(answer, async () => {
      const raw = request.getObject()?.toJavaScript() as Props;
      const urn = this.urn(request.getParent(), request.getType(), request.getName());
      if (this.byUrn.has(urn)) refuse(`duplicate resource URN ${urn}: give it another name`);
      const registered = this.record(request, urn, raw);
      const { id, state } = await this.resolve(request, registered, raw);
      registered.id = id;
      registered.state = state;
      this.byUrn.set(urn, { id, state });
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id);
      response.setObject(Struct.fromJavaScript(state as Record<string, never>));
      return response;
    });
  }

  readResource(
    request: resourceProto.ReadResourceRequest,
    answer: Answer<resourceProto.ReadResourceResponse>,
  ): void {
    this.answering(answer, () => {
      const props = decodeProps(request.getProperties()?.toJavaScript() ?? {});
      const state =
        request.getType() === "pulumi:pulumi:StackReference"
          ? this.stackReference(request.getId())
          : this.providerOf(request.getProvider()).lookUp(
              request.getType(),
              request.getId(),
              props,
            );
      const urn = this.urn(request.getParent(), request.getType(), request.getName());
      this.byUrn.set(urn, { id: request.getId(), state });
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(Struct.fromJavaScript(state as Record<string, never>));
      return Promise.resolve(response);
    });
  }

  /** A failed invoke fails alone, as on the engine: the program may catch it. One that the doubles do not know fails the run. */
  invoke(
    request: resourceProto.ResourceInvokeRequest,
    answer: Answer<providerProto.InvokeResponse>,
  ): void {
    try {
      const args = decodeProps(request.getArgs()?.toJavaScript() ?? {});
      const response = new providerProto.InvokeResponse();
      const result = this.invoked(request.getTok(), request.getProvider(), args);
      response.setReturn(Struct.fromJavaScript(result as Record<string, never>));
      answer(null, response);
    } catch (error) {
      if (!(error instanceof Refusal) || error.message.startsWith("the doubles do not know")) {
        this.fail(error);
        return;
      }
      const details = `invocation of ${request.getTok()} returned an error: ${error.message}`;
      answer(Object.assign(new Error(details), { details }));
    }
  }

  private invoked(token: string, provider: string, args: Props): Record<string, Json | undefined> {
    switch (token) {
      case "pulumi:pulumi:getResource":
        return this.registeredResource(text(args, "urn") ?? "");
      // What a StackReference reads, asked for directly.
      case "pulumi:pulumi:readStackOutputs":
        return this.stackReference(text(args, "name") ?? "");
      default:
        return this.providerOf(provider).invoke(token, args);
    }
  }

  call(request: resourceProto.ResourceCallRequest, answer: Answer<never>): void {
    this.answering(answer, () =>
      refuse(`the doubles do not know the method ${request.getTok()} under mocks`),
    );
  }

  registerResourceOutputs(
    _request: unknown,
    answer: (error: null, response: object) => void,
  ): void {
    answer(null, {});
  }

  supportsFeature(
    request: resourceProto.SupportsFeatureRequest,
    answer: (error: null, response: { getHassupport(): boolean }) => void,
  ): void {
    answer(null, { getHassupport: () => request.getId() !== "outputValues" });
  }

  registerPackage(_request: unknown, answer: Answer<resourceProto.RegisterPackageResponse>): void {
    const response = new resourceProto.RegisterPackageResponse();
    response.setRef("mocked-package");
    answer(null, response);
  }

  close(): void {
    // Nothing is held open.
  }

  private record(
    request: resourceProto.RegisterResourceRequest,
    urn: string,
    raw: Props,
  ): Registered {
    const timeouts = request.getCustomtimeouts();
    const registered: Registered = {
      type: request.getType(),
      name: request.getName(),
      urn,
      id: "",
      inputs: decodeProps(raw),
      state: {},
      secrets: secretKeys(raw),
      custom: request.getCustom(),
      parent: request.getParent() || undefined,
      options: {
        protect: request.hasProtect() ? request.getProtect() : undefined,
        ignoreChanges: request.getIgnorechangesList(),
        dependsOn: request.getDependenciesList(),
        aliases: request.getAliasesList().map((alias) => alias.toObject()),
        deleteBeforeReplace: request.getDeletebeforereplacedefined()
          ? request.getDeletebeforereplace()
          : undefined,
        replaceOnChanges: request.getReplaceonchangesList(),
        retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        customTimeouts: {
          create: timeouts?.getCreate() ?? "",
          update: timeouts?.getUpdate() ?? "",
          delete: timeouts?.getDelete() ?? "",
        },
        provider: request.getProvider() || undefined,
        version: request.getVersion() || undefined,
        import: request.getImportid() || undefined,
      },
    };
    this.registered.push(registered);
    return registered;
  }

  private async resolve(
    request: resourceProto.RegisterResourceRequest,
    { type, name, urn, inputs }: Registered,
    raw: Props,
  ): Promise<{ id: string; state: Props }> {
    if (request.getRemote()) return this.construct(type, name, urn, raw, inputs);
    if (!request.getCustom()) return { id: "", state: {} };
    if (type.startsWith("pulumi:providers:")) return this.configure(type, urn, inputs);
    const provider = this.providerOf(request.getProvider());
    const importId = request.getImportid();
    if (importId !== "") return { id: importId, state: provider.lookUp(type, importId, inputs) };
    const checked = provider.check(type, name, {}, inputs, urn);
    if (this.options.preview) return { id: "", state: provider.previewCreate(type, checked) };
    return provider.create(type, checked);
  }

  private async construct(
    type: string,
    name: string,
    urn: string,
    raw: Props,
    inputs: Props,
  ): Promise<{ id: string; state: Props }> {
    const component = components[type];
    if (component === undefined) return refuse(`the doubles do not know the component ${type}`);
    const schema = schemaOf(type);
    if (schema) checkInputs(type, schema, inputs);
    this.remotes.add(urn);
    const args = unwrapped(
      pulumi.runtime.deserializeProperties(
        Struct.fromJavaScript(raw as Record<string, never>),
        true,
      ),
    );
    const outputs = await component(new pulumi.DependencyResource(urn), name, args);
    const state = await pulumi.runtime.serializeProperties(name, outputs);
    return { id: "", state: state as Props };
  }

  private configure(type: string, urn: string, inputs: Props): { id: string; state: Props } {
    const id = this.options.preview ? "" : `${this.cloud.hex(8)}-0000-4000-8000-000000000000`;
    if (type === "pulumi:providers:aws") {
      const region = text(inputs, "region") ?? this.provider.region;
      this.providers.set(urn, new ProviderDouble(this.cloud, region));
    }
    return { id: this.options.preview ? UNKNOWN : id, state: inputs };
  }

  /** The double of a provider reference, `<urn>::<id>`; the default provider's for none. */
  private providerOf(reference: string): ProviderDouble {
    const urn = reference.split("::").slice(0, -1).join("::");
    return this.providers.get(urn) ?? this.provider;
  }

  private stackReference(name: string): Props {
    const known = this.options.stackOutputs ?? {};
    const outputs = known[name] ?? known[name.split("/").at(-1) ?? name];
    if (outputs === undefined) refuse(`unknown stack "${name}"`);
    return { name, outputs: outputs as Props, secretOutputNames: [] };
  }

  private registeredResource(urn: string): Record<string, Json | undefined> {
    const found = this.byUrn.get(urn);
    if (found === undefined) refuse(`unknown resource ${urn}`);
    return { urn, id: found.id, state: found.state };
  }

  private urn(parent: string, type: string, name: string): string {
    const parentType = parent === "" ? undefined : parent.split("::")[2];
    const qualified = parentType === undefined ? type : `${parentType}$${type}`;
    return `urn:pulumi:${[this.stack, this.project, qualified, name].join("::")}`;
  }

  /**
   * Answers with what `work` gives. A refusal fails the run and is never answered: as on the engine,
   * nothing that depends on the refused resource goes on.
   */
  private answering<R>(answer: Answer<R>, work: () => Promise<R>): void {
    void (async () => {
      try {
        answer(null, await work());
      } catch (error) {
        this.fail(error);
      }
    })();
  }
}

/** Secret inputs as secret outputs, the way the engine's Construct hands them over. */
function unwrapped(args: Args): Args {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      pulumi.runtime.isRpcSecret(value)
        ? pulumi.secret(pulumi.runtime.unwrapRpcSecret(value))
        : value,
    ]),
  );
}

/** Hands rejections that nobody handles (a throw in an `apply`) to the run they belong to. */
function catchRejections(handler: (reason: unknown) => void): () => void {
  if (handlers.size === 0) {
    parked = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", forward);
  }
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
    if (handlers.size > 0) return;
    process.removeListener("unhandledRejection", forward);
    for (const listener of parked) process.on("unhandledRejection", listener);
    parked = [];
  };
}

const handlers = new Set<(reason: unknown) => void>();
let parked: NodeJS.UnhandledRejectionListener[] = [];

function forward(reason: unknown): void {
  for (const handler of handlers) handler(reason);
}
