import assert from "node:assert/strict";
import { join } from "node:path";
import { OperatorError } from "../../infra/config/errors";
import { SERVICE_CHART } from "../../workloads/chart";
import { renderRelease, splitManifest } from "../../workloads/render";
import { helmOrSkip } from "../support/helm";

const object = (kind: string, name: string, apiVersion = "v1", namespace?: string) =>
  `---\n# Source: service/templates/x.yaml\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n` +
  `  name: ${name}\n${namespace === undefined ? "" : `  namespace: ${namespace}\n`}`;

describe("splitManifest", () => {
  const files = (...objects: string[]) => splitManifest(objects.join("")).map(({ file }) => file);

  it("gives each object a file by kind and name, in their order, whatever Helm's was", () => {
    assert.deepEqual(
      files(object("Service", "b"), object("Deployment", "b"), object("Service", "a")),
      ["deployment-b.yaml", "service-a.yaml", "service-b.yaml"],
    );
  });

  it("keeps objects of one kind and name apart by group and namespace", () => {
    const names = files(
      object("Service", "a", "v1", "one"),
      object("Service", "a", "v1", "two"),
      object("Service", "a", "serving.knative.dev/v1", "one"),
      object("Role", "system:a:b"),
    );
    assert.deepEqual(names, [
      "role-system_a_b.yaml",
      "service-one-a.yaml",
      "service-serving.knative.dev-one-a.yaml",
      "service-two-a.yaml",
    ]);
  });

  it("keeps the text, drops Helm's source line and empty templates", () => {
    const text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  x: |\n    ---\n    y # z\n";
    const manifest = `---\n# Source: a.yaml\n${text}---\n# Source: empty.yaml\n# nothing to see\n---\n`;
    assert.deepEqual(splitManifest(manifest), [{ file: "configmap-a.yaml", text }]);
  });
});

describe("renderRelease", () => {
  it("tells the chart's refusal and where to look", async function () {
    const helm = await helmOrSkip(this);
    const chart = join(__dirname, "..", "..", SERVICE_CHART);
    const args = {
      helm,
      release: "api",
      namespace: "services",
      chart,
      values: { no: { such: 1 } },
    };
    await assert.rejects(renderRelease(args), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.details.rule, /additional properties 'no' not allowed/i);
      assert.match(error.details.fix, /npm run values -- <stack> api/);
      return true;
    });
  });
});
