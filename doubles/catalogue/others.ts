import { createHash } from "node:crypto";
import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { flag, isProps, number, type Props, text } from "../values";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Everything about a generated string replaces it. */
const GENERATED = [
  "keepers",
  "length",
  "lower",
  "upper",
  "numeric",
  "number",
  "special",
  "overrideSpecial",
  "minLower",
  "minUpper",
  "minNumeric",
  "minSpecial",
];

function objectId(inputs: Props): string {
  const namespace = text(inputs, "metadata.namespace");
  const name = text(inputs, "metadata.name") ?? "";
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export const others: Catalogue = {
  "random:index/randomPassword:RandomPassword": {
    scope: "global",
    forceNew: GENERATED,
    validate: (inputs) => {
      const length = number(inputs, "length");
      if (length !== undefined && length < 1)
        refuse(`length is at least 1, not ${length}`, "length");
    },
    id: () => "none",
    outputs: (inputs, { cloud, old }) => {
      const length = number(inputs, "length") ?? 16;
      let digits = "";
      while (digits.length < length * 2) digits += cloud.hex(64);
      const result = Array.from(
        { length },
        (_, index) =>
          LETTERS[parseInt(digits.slice(index * 2, index * 2 + 2), 16) % LETTERS.length],
      ).join("");
      const kept = text(old ?? {}, "result") ?? result;
      return {
        result: kept,
        bcryptHash: `$2a$10$${createHash("sha256").update(kept).digest("hex").slice(0, 53)}`,
      };
    },
  },
  "random:index/randomString:RandomString": {
    scope: "global",
    forceNew: GENERATED,
    id: (_inputs, { cloud }) => cloud.hex(16),
    outputs: (_inputs, { id }) => ({ result: id }),
  },
  "random:index/randomId:RandomId": {
    scope: "global",
    forceNew: ["byteLength", "keepers", "prefix"],
    id: (inputs, { cloud }) =>
      Buffer.from(cloud.hex((number(inputs, "byteLength") ?? 8) * 2), "hex").toString("base64url"),
    outputs: (inputs, { id }) => {
      const hex = Buffer.from(id, "base64url").toString("hex");
      const prefix = text(inputs, "prefix") ?? "";
      return {
        hex: prefix + hex,
        b64Url: prefix + id,
        b64Std: prefix + Buffer.from(hex, "hex").toString("base64"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
      };
    },
  },
  "kubernetes:helm.sh/v3:Release": {
    scope: "global",
    autoName: { property: "name", max: 53, lower: true },
    forceNew: ["name", "namespace"],
    defaults: { namespace: "default" },
    validate: (inputs) => {
      const name = text(inputs, "name");
      if (name !== undefined && !/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(name)) {
        refuse(
          `release name "${name}": at most 53 lower-case letters, digits, inner hyphens`,
          "name",
        );
      }
      const timeout = number(inputs, "timeout");
      if (timeout !== undefined && timeout < 0)
        refuse(`timeout is not negative: ${timeout}`, "timeout");
    },
    id: (inputs) => `${text(inputs, "namespace")}/${text(inputs, "name")}`,
    outputs: (inputs, { old }) => ({
      status: {
        appVersion: "1.0.0",
        chart: text(inputs, "chart") ?? "",
        name: text(inputs, "name") ?? "",
        namespace: text(inputs, "namespace") ?? "",
        revision:
          (isProps(old?.status) && typeof old.status.revision === "number"
            ? old.status.revision
            : 0) + 1,
        status: "deployed",
        version: text(inputs, "version") ?? "0.0.0",
      },
      atomic: flag(inputs, "atomic"),
      resourceNames: {},
      version: inputs.version ?? "",
    }),
    volatile: ["status"],
  },
  "kubernetes:*": {
    scope: "global",
    forceNew: ["apiVersion", "kind", "metadata.name", "metadata.namespace"],
    id: objectId,
    outputs: (inputs, { cloud, type, old }) => {
      const [, groupVersion = "", kind = ""] = type.split(":");
      return {
        apiVersion: inputs.apiVersion ?? groupVersion,
        kind: inputs.kind ?? kind,
        metadata: {
          ...(isProps(inputs.metadata) ? inputs.metadata : {}),
          uid:
            text(old ?? {}, "metadata.uid") ??
            `${cloud.hex(8)}-${cloud.hex(4)}-4${cloud.hex(3)}-8${cloud.hex(3)}-${cloud.hex(12)}`,
          resourceVersion: "1",
        },
      };
    },
    validate: (inputs) => {
      const name = text(inputs, "metadata.name");
      if (name !== undefined && !/^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/.test(name)) {
        refuse(`metadata.name "${name}" is not a DNS subdomain name`, "metadata.name");
      }
    },
  },
};
