import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CrdLibrary } from "../../../rehearsal/clusters/crds";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  names: { kind: Thing, plural: things }
  conversion: { strategy: Webhook }
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          description: words
          properties: { description: { type: string, description: words } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: not-a-crd }
`;

describe("CRDs from chart data", () => {
  let folder: string;
  let library: CrdLibrary;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "crds-test-"));
    mkdirSync(join(folder, "data", "thing", "crds"), { recursive: true });
    mkdirSync(join(folder, "data", "no-crds"));
    writeFileSync(join(folder, "data", "thing", "crds", "crds.yaml"), CRD);
    library = new CrdLibrary(join(folder, "data"), join(folder, "cache"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("finds them by chart, by name and by kind", () => {
    const names = ["thing", "thing-crd", "oci://example.com/charts/thing"].map(
      (chart) => library.ofChart(chart)?.[0]?.metadata.name,
    );
    assert.deepEqual(names, Array(3).fill("things.example.com"));
    assert.equal(library.ofChart("no-crds"), undefined);
    assert.equal(library.named("things.example.com")?.kind, "CustomResourceDefinition");
    assert.equal(library.ofKind("example.com/v1", "Thing")?.chart, "thing");
    assert.equal(library.ofKind("example.com/v2", "Thing"), undefined);
  });

  it("leaves out words and the controller's conversion, not a property called description", () => {
    const spec = JSON.stringify(library.named("things.example.com")?.spec);
    assert.equal(spec.includes("words"), false);
    assert.equal(spec.includes("conversion"), false);
    assert.match(spec, /"properties":\{"description":\{"type":"string"\}\}/);
  });

  it("parses once and reads the cache then", () => {
    library.named("things.example.com");
    const [file = ""] = readdirSync(join(folder, "cache"));
    writeFileSync(join(folder, "cache", file), "[]");
    const again = new CrdLibrary(join(folder, "data"), join(folder, "cache"));
    assert.equal(again.named("things.example.com"), undefined);
  });

  it("has none without a folder", () => {
    assert.equal(
      new CrdLibrary(undefined, join(folder, "cache")).ofKind("example.com/v1", "Thing"),
      undefined,
    );
  });
});
