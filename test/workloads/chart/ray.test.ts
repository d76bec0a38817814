import assert from "node:assert/strict";
import { helmOrSkip } from "../../support/helm";
import { only, render } from "./committed";
import type { Rendered } from "./committed";
import {
  AWS,
  block,
  CONTAINER_SECURITY,
  DNS,
  from,
  ids,
  ISTIOD,
  named,
  POD_IDENTITY,
  PROMETHEUS,
  selector,
  specOf,
  to,
  TRACES,
} from "./expected";
import { podTemplates } from "./podSecurity";

describe("The Ray cluster", () => {
  for (const [region, floor, cidr] of [
    ["us-east-1", 6, "10.16.0.0/16"],
    ["eu-west-1", 4, "10.17.0.0/16"],
    ["ap-southeast-1", 2, "10.18.0.0/16"],
  ] as const) {
    describe(`in ${region}`, () => {
      let ray: Rendered[];
      before("needs Helm", async function () {
        ray = await render(await helmOrSkip(this), region, "ray");
      });

      it("is these objects and no other", () => {
        assert.deepEqual(ids(ray), [
          "ConfigMap/ray-env",
          "ExternalSecret/ray-common-secrets",
          "NetworkPolicy/ray",
          "PodDisruptionBudget/ray",
          "PodMonitor/ray",
          "RayCluster/ray",
          "ServiceAccount/ray",
        ]);
      });

      it(`has a head without GPU work and ${floor} to 20 GPU workers`, () => {
        const { headGroupSpec, workerGroupSpecs, autoscalerOptions, ...rest } = specOf(
          ray,
          "RayCluster",
        ) as Record<string, Record<string, unknown>> & {
          workerGroupSpecs: Record<string, unknown>[];
        };
        assert.deepEqual(rest, {
          rayVersion: "2.52.0",
          authOptions: { mode: "token" },
          upgradeStrategy: { type: "Recreate" },
          enableInTreeAutoscaling: true,
        });
        assert.equal(autoscalerOptions?.version, "v2");
        assert.deepEqual(headGroupSpec?.rayStartParams, {
          "dashboard-host": "0.0.0.0",
          "num-cpus": "0",
          "metrics-export-port": "8080",
        });
        const groups = workerGroupSpecs.map((group) => ({ ...group, template: undefined }));
        assert.deepEqual(groups, [
          {
            groupName: "gpu",
            minReplicas: floor,
            maxReplicas: 20,
            rayStartParams: { "metrics-export-port": "8080" },
            template: undefined,
          },
        ]);
      });

      it("puts workers on gpu nodes with a GPU each, the head on amd64, no sidecar in either", () => {
        const [head, gpu] = podTemplates(only(ray, "RayCluster")).map(([, pod]) => pod);
        assert.deepEqual(head?.spec.nodeSelector, { "kubernetes.io/arch": "amd64" });
        assert.deepEqual(head?.spec.tolerations, undefined);
        assert.equal(head?.spec.automountServiceAccountToken, true);
        assert.equal(head?.metadata.annotations["karpenter.sh/do-not-disrupt"], "true");
        assert.deepEqual(gpu?.spec.nodeSelector, { "karpenter.sh/nodepool": "gpu" });
        assert.deepEqual(gpu?.spec.tolerations, [
          { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
        ]);
        assert.equal(gpu?.spec.automountServiceAccountToken, false);
        assert.deepEqual(gpu?.spec.containers[0]?.resources, {
          requests: { cpu: "4", memory: "16Gi", "ephemeral-storage": "4Gi", "nvidia.com/gpu": 1 },
          limits: { cpu: "7", memory: "24Gi", "ephemeral-storage": "20Gi", "nvidia.com/gpu": 1 },
        });
        for (const pod of [head, gpu]) {
          assert.equal(pod?.metadata.labels["sidecar.istio.io/inject"], "false");
          assert.equal(pod?.spec.containers[0]?.image, "rayproject/ray:2.52.0-gpu");
          assert.deepEqual(pod?.spec.containers[0]?.securityContext, CONTAINER_SECURITY);
        }
      });

      it("is reached by the AI consumers alone, and among itself", () => {
        const self = { podSelector: { matchLabels: selector("ray") } };
        assert.deepEqual(specOf(ray, "NetworkPolicy"), {
          podSelector: { matchLabels: selector("ray") },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            from(named("ai-inference"), 8265, 10001),
            from(named("ai-training"), 8265, 10001),
            from(PROMETHEUS, 8080),
            { from: [self] },
          ],
          egress: [
            AWS,
            DNS,
            ISTIOD,
            to(block(cidr), [443, "TCP"]),
            POD_IDENTITY,
            TRACES,
            { to: [self] },
          ],
        });
      });
    });
  }
});
