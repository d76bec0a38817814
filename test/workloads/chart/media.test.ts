import assert from "node:assert/strict";
import { helmOrSkip } from "../../support/helm";
import { only, render } from "./committed";
import { from, GATEWAY, named, PROMETHEUS, specOf } from "./expected";
import { podTemplates } from "./podSecurity";

describe("The media service in production", () => {
  for (const region of ["us-east-1", "eu-west-1", "ap-southeast-1"]) {
    it(`runs on media nodes in ${region}, 1000m and 2Gi, with time for 300 s requests`, async function () {
      const media = await render(await helmOrSkip(this), region, "media");
      const [[, pod] = []] = podTemplates(only(media, "Deployment"));
      assert.deepEqual(pod?.spec.nodeSelector, { "karpenter.sh/nodepool": "media" });
      assert.deepEqual(pod?.spec.tolerations, [
        { key: "workload", operator: "Equal", value: "media-processing", effect: "NoSchedule" },
      ]);
      assert.equal(pod?.spec.terminationGracePeriodSeconds, 330);
      assert.deepEqual(pod?.spec.containers[0]?.resources, {
        requests: { cpu: "1000m", memory: "2Gi", "ephemeral-storage": "1Gi" },
        limits: { cpu: "2", memory: "4Gi", "ephemeral-storage": "6Gi" },
      });
      const { hosts, http } = specOf(media, "VirtualService") as {
        hosts: string[];
        http: { timeout: string; retries: { attempts: number } }[];
      };
      assert.deepEqual(hosts, ["media.example.com", "media.services.svc.cluster.local"]);
      assert.deepEqual([http[0]?.timeout, http[0]?.retries.attempts], ["300s", 3]);
      const { rules } = specOf(media, "AuthorizationPolicy") as {
        rules: { from: { source: { principals: string[] } }[] }[];
      };
      assert.deepEqual(rules[0]?.from[0]?.source.principals, [
        "cluster.local/ns/services/sa/api",
        "cluster.local/ns/istio-ingress/sa/istio-ingress",
      ]);
      const { ingress } = specOf(media, "NetworkPolicy") as { ingress: object[] };
      assert.deepEqual(ingress, [
        from(named("api"), 8080),
        from(GATEWAY, 8080),
        from(PROMETHEUS, 9090, 15090),
      ]);
    });
  }
});
