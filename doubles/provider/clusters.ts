import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { RealCluster, RealClusters } from "../clusters";
import { refuse } from "../refusal";
import { decodeExact, isProps, type Props, text } from "../values";
import { fromStruct, unary } from "./wire";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/**
 * The Kubernetes double over real API servers: each call goes to the cluster first, and to the ledger
 * behind `ledger` once the cluster has agreed. Calls do not say which provider they are for, so an
 * operation may configure one cluster only.
 */
export function clusterService(
  ledger: UntypedServiceImplementation,
  clusters: RealClusters,
): UntypedServiceImplementation {
  let cluster: RealCluster | undefined;
  const current = (): RealCluster =>
    cluster ?? refuse("a Kubernetes resource before the cluster's kubeconfig is known");
  return {
    ...ledger,
    configure: unary((request: proto.ConfigureRequest) => {
      const kubeconfig = text(fromStruct(request.getArgs()), "kubeconfig");
      const asked = kubeconfig === undefined ? undefined : clusters.at(kubeconfig);
      if (asked === undefined) refuse("the kubeconfig reaches none of the rehearsal's clusters");
      if (cluster !== undefined && cluster !== asked) refuse("two clusters in one operation");
      cluster = asked;
      return call(ledger, "configure", request);
    }),
    cancel: unary((request: Empty) => {
      cluster = undefined;
      return call(ledger, "cancel", request);
    }),
    check: unary(async (request: proto.CheckRequest) => {
      const response = await call<proto.CheckResponse>(ledger, "check", request);
      if (typeOf(request.getUrn()) === RELEASE) keepNulls(request.getNews(), response);
      return response;
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const type = typeOf(request.getUrn());
      const inputs = exactly(request.getProperties());
      if (request.getPreview()) await current().preview(type, inputs);
      else await current().put(type, inputs);
      return call(ledger, "create", request);
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const type = typeOf(request.getUrn());
      const inputs = exactly(request.getNews());
      if (request.getPreview()) await current().preview(type, inputs);
      else await current().put(type, inputs);
      return call(ledger, "update", request);
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      const type = typeOf(request.getUrn());
      const inputs = request.getOldInputs() ?? request.getProperties();
      await current().remove(type, exactly(inputs));
      return call(ledger, "delete", request);
    }),
  };
}

/** A null in a release's values takes the chart's default away; the ledger's check drops it. */
function keepNulls(news: Struct | undefined, response: proto.CheckResponse): void {
  const { values } = news?.toJavaScript() ?? {};
  if (values !== undefined && values !== null) {
    response.getInputs()?.getFieldsMap().set("values", structField(news, "values"));
  }
}

function structField(struct: Struct | undefined, key: string) {
  return struct?.getFieldsMap().get(key) as never;
}

function exactly(struct: Struct | undefined): Props {
  const props = decodeExact(struct?.toJavaScript());
  return isProps(props) ? props : {};
}

function call<R>(
  service: UntypedServiceImplementation,
  method: string,
  request: unknown,
): Promise<R> {
  const handler = service[method] as handleUnaryCall<unknown, R>;
  return new Promise((resolve, reject) => {
    const answer: sendUnaryData<R> = (error, value) => {
      if (error !== null || value === undefined || value === null) reject(asError(error));
      else resolve(value);
    };
    handler({ request } as ServerUnaryCall<unknown, R>, answer);
  });
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  const { details } = (error ?? {}) as { details?: string };
  return new Error(details ?? "no answer");
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}
