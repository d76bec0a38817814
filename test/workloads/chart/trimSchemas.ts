import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Schema, SchemaSet } from "./structural";

/** Kubernetes' own kinds that the chart renders, as its OpenAPI document names them. */
const BUILT_IN: Record<string, string> = {
  "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment",
  "apps/v1/StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
  "autoscaling/v2/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
  "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
  "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1/Service": "io.k8s.api.core.v1.Service",
  "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
};

/** Custom kinds that the chart renders -> CRD file in the folder of charts' data. */
const CUSTOM: Record<string, string> = {
  "autoscaling.k8s.io/v1/VerticalPodAutoscaler": "vertical-pod-autoscaler/crds/vpa-v1-crd-gen.yaml",
  "external-secrets.io/v1/ExternalSecret":
    "external-secrets/crds/external-secrets.io_externalsecrets.yaml",
  "keda.sh/v1alpha1/ScaledObject": "keda/crds/scaledobjects.keda.sh.yaml",
  "keda.sh/v1alpha1/TriggerAuthentication": "keda/crds/triggerauthentications.keda.sh.yaml",
  "monitoring.coreos.com/v1/PodMonitor": "kube-prometheus-stack/crds/crd-podmonitors.yaml",
  "monitoring.coreos.com/v1/ServiceMonitor": "kube-prometheus-stack/crds/crd-servicemonitors.yaml",
  "networking.istio.io/v1/DestinationRule": "istio-base/crds/crd-all.gen.yaml",
  "networking.istio.io/v1/VirtualService": "istio-base/crds/crd-all.gen.yaml",
  "ray.io/v1/RayCluster": "kuberay-operator/crds/ray.io_rayclusters.yaml",
  "security.istio.io/v1/AuthorizationPolicy": "istio-base/crds/crd-all.gen.yaml",
};

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const TEXT: Schema = { type: "string" };
const POD_TEMPLATE = "io.k8s.api.core.v1.PodTemplateSpec";

/** The schemas of the custom kinds, by `<apiVersion>/<kind>`, from the charts' CRDs. */
export function customSchemas(charts: string): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(CUSTOM).map(([id, file]) => [id, customSchema(id, join(charts, file))]),
  );
}

function customSchema(id: string, file: string): Schema {
  const [group, version, kind] = id.split("/");
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const crd = document.toJS() as Crd | null;
    if (crd?.spec.group !== group || crd?.spec.names.kind !== kind) continue;
    const found = crd?.spec.versions.find(({ name, served }) => name === version && served);
    if (found === undefined) continue;
    const schema = trim(found.schema.openAPIV3Schema) as Schema;
    // The API server knows these of every object, named in the CRD or not.
    const always = { apiVersion: TEXT, kind: TEXT, metadata: { $ref: META } };
    return { ...schema, properties: { ...schema.properties, ...always } };
  }
  throw new Error(`${file} serves no ${id}`);
}

interface Crd {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: unknown } }[];
  };
}

/** A schema without prose, defaults and formats; RayCluster's copies of the pod template as a reference. */
function trim(node: unknown, key = ""): unknown {
  if (Array.isArray(node)) return node.map((item) => trim(item));
  if (typeof node !== "object" || node === null) return node;
  const schema = node as Record<string, unknown>;
  if (key === "template" && isPodTemplate(schema)) return { $ref: POD_TEMPLATE };
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !isProse(name, value))
      .map(([name, value]) => [
        name,
        name === "$ref" ? String(value).replace("#/definitions/", "") : trim(value, name),
      ]),
  );
}

function isPodTemplate(schema: Record<string, unknown>): boolean {
  const spec = (schema.properties as Record<string, Schema> | undefined)?.spec;
  return spec?.properties?.containers !== undefined;
}

/** Fields named `description` and `default` hold objects; the schema's own hold no schema. */
function isProse(name: string, value: unknown): boolean {
  if (name === "description" || name === "title" || name === "x-kubernetes-validations") {
    return typeof value === "string" || Array.isArray(value);
  }
  return name === "default" || name === "format"
    ? !isSchema(value)
    : /^x-kubernetes-(?!int-or-string|preserve)/.test(name);
}

function isSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("type" in value || "$ref" in value);
}

/** The built-in kinds and every definition that they reach. */
function builtInSchemas(swaggerFile: string): Pick<SchemaSet, "kinds" | "definitions"> {
  const swagger = JSON.parse(readFileSync(swaggerFile, "utf8")) as {
    definitions: Record<string, unknown>;
  };
  const definitions: Record<string, Schema> = {};
  const pending = [...Object.values(BUILT_IN), META, POD_TEMPLATE];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name in definitions) continue;
    const schema = name.endsWith(".Quantity")
      ? { "x-kubernetes-int-or-string": true } // the API server takes a number as well
      : name.endsWith(".IntOrString")
        ? { "x-kubernetes-int-or-string": true }
        : (trim(swagger.definitions[name]) as Schema);
    definitions[name] = schema;
    for (const [, ref] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) {
      if (ref !== undefined) pending.push(ref);
    }
  }
  const kinds = Object.entries(BUILT_IN).map(([id, name]) => [id, { $ref: name }] as const);
  return { kinds: Object.fromEntries(kinds), definitions };
}

/**
 * Writes schemas.json: `node -r ts-node/register trimSchemas.ts <swagger.json> <charts>`, with
 * api/openapi-spec/swagger.json of the pinned Kubernetes version and the charts' data.
 */
function main([swagger = "", charts = ""]: string[]): void {
  const builtIn = builtInSchemas(swagger);
  const lines = (record: Record<string, unknown>) =>
    Object.entries(record)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => `${JSON.stringify(name)}: ${JSON.stringify(schema)}`)
      .join(",\n");
  const kinds = lines({ ...builtIn.kinds, ...customSchemas(charts) });
  const text = `{\n"kinds": {\n${kinds}\n},\n"definitions": {\n${lines(builtIn.definitions)}\n}\n}\n`;
  writeFileSync(join(__dirname, "schemas.json"), text);
}

if (require.main === module) main(process.argv.slice(2));
