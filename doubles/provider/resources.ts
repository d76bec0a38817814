import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type Difference, ProviderDouble } from "../providerDouble";
import { Refusal } from "../refusal";
import { packageVersion } from "../schema";
import { isProps, type Props, text } from "../values";
import { fromStruct, toStruct, unary } from "./wire";

/** The gRPC service of a provider of custom resources: aws, kubernetes, random. */
export function resourceService(pkg: string, double: ProviderDouble): UntypedServiceImplementation {
  return {
    ...common(pkg),
    checkConfig: unary((request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(diffConfig),
    configure: unary((request: proto.ConfigureRequest) => {
      if (pkg === "aws") double.configure(regionOf(request));
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    // The engine ends every operation with Cancel; the server goes on to serve the next one.
    cancel: unary(() => {
      double.forget();
      return new Empty();
    }),
    invoke: unary((request: proto.InvokeRequest) => {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(double.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    check: unary((request: proto.CheckRequest) => check(double, request)),
    diff: unary((request: proto.DiffRequest) => diff(double, request)),
    create: unary((request: proto.CreateRequest) => create(double, request)),
    read: unary((request: proto.ReadRequest) => read(double, request)),
    update: unary((request: proto.UpdateRequest) => update(double, request)),
    delete: unary((request: proto.DeleteRequest) => {
      const type = typeOf(request.getUrn());
      double.delete(type, request.getId(), fromStruct(request.getProperties()));
      return new Empty();
    }),
  };
}

/** What every provider answers the same way; providers of components also take secrets and outputs as such. */
export function common(pkg: string, components = false): UntypedServiceImplementation {
  return {
    handshake: unary((): proto.ProviderHandshakeResponse => {
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(components);
      response.setAcceptResources(components);
      response.setAcceptOutputs(components);
      return response;
    }),
    attach: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const response = new plugin.PluginInfo();
      // Anything else than the SDK's version makes the engine warn.
      response.setVersion(packageVersion(pkg));
      return response;
    }),
    getSchema: unary(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
  };
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function regionOf(request: proto.ConfigureRequest): string | undefined {
  return (
    text(fromStruct(request.getArgs()), "region") ??
    request.getVariablesMap().get("aws:config:region")
  );
}

/** A provider's own configuration: a change never replaces, but for a Kubernetes provider's cluster. */
function diffConfig(request: proto.DiffRequest): proto.DiffResponse {
  const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
  const news = fromStruct(request.getNews());
  const response = new proto.DiffResponse();
  const changed = Object.keys({ ...olds, ...news }).filter(
    (key) => key !== "version" && JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
  );
  response.setDiffsList(changed);
  response.setReplacesList(
    changed.filter((key) => key === "clusterIdentifier" || key === "region"),
  );
  response.setChanges(changed.length > 0 ? SOME : NONE);
  return response;
}

const { DIFF_SOME: SOME, DIFF_NONE: NONE } = proto.DiffResponse.DiffChanges;

function check(double: ProviderDouble, request: proto.CheckRequest): proto.CheckResponse {
  const response = new proto.CheckResponse();
  const urn = request.getUrn();
  const news = fromStruct(request.getNews());
  try {
    const seed = request.getRandomseed_asB64() || urn;
    const olds = fromStruct(request.getOlds());
    response.setInputs(toStruct(double.check(typeOf(urn), nameOf(urn), olds, news, urn + seed)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const failure = new proto.CheckFailure();
    failure.setProperty(error.property ?? "");
    failure.setReason(error.message);
    response.setInputs(toStruct(news));
    response.setFailuresList([failure]);
  }
  return response;
}

function diff(double: ProviderDouble, request: proto.DiffRequest): proto.DiffResponse {
  const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
  const news = withIgnored(fromStruct(request.getNews()), olds, request.getIgnorechangesList());
  return diffResponse(double.diff(typeOf(request.getUrn()), olds, news));
}

function diffResponse({ changes, deleteBeforeReplace }: Difference): proto.DiffResponse {
  const response = new proto.DiffResponse();
  const names = [...changes.keys()];
  response.setChanges(names.length > 0 ? SOME : NONE);
  response.setDiffsList(names);
  response.setReplacesList(names.filter((name) => changes.get(name)?.replace));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [name, { kind, replace }] of changes) {
    const property = new proto.PropertyDiff();
    property.setKind(KINDS[kind][replace ? 1 : 0]);
    property.setInputdiff(true);
    response.getDetaileddiffMap().set(name, property);
  }
  return response;
}

const { Kind } = proto.PropertyDiff;
const KINDS = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
} as const;

/** New inputs with the top-level properties of `ignoreChanges` as they were; the engine does the nested ones. */
function withIgnored(news: Props, olds: Props, ignored: readonly string[]): Props {
  const result = { ...news };
  for (const key of ignored) {
    if (/[.[]/.test(key)) continue;
    if (olds[key] === undefined) delete result[key];
    else result[key] = olds[key];
  }
  return result;
}

function create(double: ProviderDouble, request: proto.CreateRequest): proto.CreateResponse {
  const type = typeOf(request.getUrn());
  const inputs = fromStruct(request.getProperties());
  const response = new proto.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(toStruct(double.previewCreate(type, inputs)));
    return response;
  }
  const { id, state } = double.create(type, inputs);
  response.setId(id);
  response.setProperties(toStruct(state));
  return response;
}

function read(double: ProviderDouble, request: proto.ReadRequest): proto.ReadResponse {
  const type = typeOf(request.getUrn());
  const response = new proto.ReadResponse();
  const found = double.read(type, request.getId(), fromStruct(request.getProperties()));
  if (found === undefined) return response;
  response.setId(found.id);
  response.setProperties(toStruct(found.state));
  response.setInputs(toStruct(found.inputs));
  return response;
}

function update(double: ProviderDouble, request: proto.UpdateRequest): proto.UpdateResponse {
  const type = typeOf(request.getUrn());
  const olds = fromStruct(request.getOlds());
  const news = fromStruct(request.getNews());
  const response = new proto.UpdateResponse();
  const state = request.getPreview()
    ? double.previewUpdate(type, news, olds)
    : double.update(type, request.getId(), news, olds);
  response.setProperties(toStruct(isProps(state) ? state : {}));
  return response;
}
