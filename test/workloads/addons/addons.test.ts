import assert from "node:assert/strict";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { MockEngine } from "../../../doubles/mocks";
import { Addons } from "../../../workloads/addons/addons";
import type { Addon } from "../../../workloads/addons/addon";
import { ADDONS } from "../../../workloads/addons/catalogue";
import { chartDigest } from "../../../workloads/chart";
import { context, REGION, ROOT } from "./sample";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const metadataOf = (inputs: Record<string, unknown>) =>
  inputs["metadata"] as { name: string; labels: Record<string, string> };

const install = (addons: readonly Addon[]) =>
  MockEngine.run({ region: REGION }, () => {
    const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
    const args = { addons, context, clusterName: context.names.cluster, projectRoot: ROOT };
    return new Addons("addons", args, { provider });
  });

describe("Addons", () => {
  it("gives a release its namespace, its role and its dependencies' releases and objects to wait for", async () => {
    const run = await install(ADDONS);
    const namespaces = new Map(
      run.of(NAMESPACE).map(({ inputs, urn }) => [metadataOf(inputs).name, urn]),
    );
    for (const { name, namespace, dependsOn, identity, objects } of ADDONS) {
      const { options, inputs } = run.one(RELEASE, `addons-${name}`);
      const before = dependsOn.map((other) => run.one(RELEASE, `addons-${other}`).urn);
      if (typeof namespace !== "string") before.push(namespaces.get(namespace.name) ?? "none");
      if (identity !== undefined) {
        before.push(run.one(ASSOCIATION, `addons-${name}-association`).urn);
      }
      for (const urn of before) assert.ok(options.dependsOn.includes(urn), `${name}: ${urn}`);
      assert.equal(inputs.atomic, true);
      for (const { kind, metadata } of objects?.(context) ?? []) {
        const object = run.resources.find(
          (each) => each.name === `addons-${kind.toLowerCase()}-${metadata.name}`,
        );
        assert.ok(object?.options.dependsOn.includes(run.one(RELEASE, `addons-${name}`).urn), name);
      }
    }
  });

  it("labels each namespace with a Pod Security level, with the reason where it is not the strictest", async () => {
    const run = await install(ADDONS);
    for (const { name, namespace } of ADDONS) {
      if (typeof namespace === "string") {
        assert.equal(namespace, "kube-system", name);
        continue;
      }
      const { podSecurity, podSecurityReason = "" } = namespace;
      if (podSecurity !== "restricted") assert.ok(podSecurityReason.length > 20, name);
      const created = run.one(NAMESPACE, `addons-${namespace.name}`);
      const { labels } = metadataOf(created.inputs);
      for (const mode of ["enforce", "audit", "warn"]) {
        assert.equal(labels[`pod-security.kubernetes.io/${mode}`], podSecurity, name);
      }
    }
  });

  it("leaves a chart's crds folder out where another release has the CRDs, and nowhere else", async () => {
    const run = await install(ADDONS);
    for (const { name, crds } of ADDONS) {
      const { skipCrds } = run.one(RELEASE, `addons-${name}`).inputs;
      assert.equal(skipCrds, crds.by === "addon" ? true : undefined, name);
    }
  });

  it("shows an edit of a local chart by its digest", async () => {
    const run = await install(ADDONS);
    for (const { name, chart } of ADDONS) {
      const { values } = run.one(RELEASE, `addons-${name}`).inputs;
      const expected = "path" in chart ? chartDigest(join(ROOT, chart.path)) : undefined;
      assert.equal((values as { chartDigest?: string } | undefined)?.chartDigest, expected, name);
    }
  });

  it("refuses two descriptions of one namespace", async () => {
    const keda = ADDONS.find(({ name }) => name === "keda");
    const reloader = ADDONS.find(({ name }) => name === "reloader");
    assert.ok(keda && reloader);
    const alone = {
      dependsOn: [],
      namespace: { name: "shared", podSecurity: "restricted" },
    } as const;
    const other = { ...alone, namespace: { name: "shared", podSecurity: "baseline" } } as const;
    await assert.rejects(
      install([
        { ...keda, ...alone },
        { ...reloader, ...other },
      ]),
      {
        message: "reloader describes the namespace shared in another way than before it",
      },
    );
  });
});
