import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { flag, isProps, number, type Props, text } from "../values";

function objectId(inputs: Props): string {
  const namespace = text(inputs, "metadata.namespace");
  const name = text(inputs, "metadata.name") ?? "";
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export const kubernetes: Catalogue = {
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
