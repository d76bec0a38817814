import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type * as grpc from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";
import { decodeProps, type Props } from "../values";

/** Answers one unary call. */
export type Handler<Q, R> = (request: Q) => R | Promise<R>;

/** A gRPC method from a function that returns the response or throws what the provider answers. */
export function unary<Q, R>(handler: Handler<Q, R>): grpc.handleUnaryCall<Q, R> {
  return (call, callback) => {
    void (async () => {
      try {
        callback(null, await handler(call.request));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        callback({ code: status.UNKNOWN, details: message, message, metadata: new Metadata() });
      }
    })();
  };
}

export function fromStruct(struct: Struct | undefined): Props {
  return struct === undefined ? {} : decodeProps(struct.toJavaScript());
}

export function toStruct(props: Props): Struct {
  const present = Object.fromEntries(
    Object.entries(props).filter(([, value]) => value !== undefined),
  );
  return Struct.fromJavaScript(present as Record<string, never>);
}
