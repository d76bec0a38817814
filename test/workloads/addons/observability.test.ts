import assert from "node:assert/strict";
import { parse } from "yaml";
import type { AddonObject } from "../../../workloads/addons/addon";
import { cloudWatchJobs } from "../../../workloads/addons/cloudWatchMetrics/jobs";
import { kubePrometheusStack } from "../../../workloads/addons/kubePrometheusStack";
import { sampleContext } from "../../../workloads/addons/sampleContext";
import { thanos } from "../../../workloads/addons/thanos";
import { thanosGlobal } from "../../../workloads/addons/thanosGlobal";
import { SERVICES } from "../../../workloads/catalogue";
import { context, fleet } from "./sample";

const asked = sampleContext(fleet, "us-east-1", SERVICES);
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-1"];

interface Sources {
  datasources: { name: string; url: string; uid: string }[];
}

const sourcesOf = (objects: readonly AddonObject[]): Sources["datasources"] => {
  const map = objects.find(({ kind }) => kind === "ConfigMap");
  const [text = ""] = Object.values((map?.data ?? {}) as Record<string, string>);
  return (parse(text) as Sources).datasources;
};

describe("Observability over all regions", () => {
  it("is in the one region that the fleet's file names, and nowhere without it", () => {
    const where = (given: typeof fleet) =>
      REGIONS.filter((region) => thanosGlobal.installedIn?.({ fleet: given, region }));
    assert.deepEqual(where(fleet), ["eu-west-1"]);
    assert.deepEqual(where({ ...fleet, observability: undefined }), []);
  });

  it("asks the own region inside the cluster, and the others by their entries", () => {
    const { additionalEndpoints } = thanosGlobal.values(context) as {
      additionalEndpoints: string[];
    };
    assert.deepEqual(additionalEndpoints, [
      "metrics.us-east-1.example.com:10901",
      "thanos-query.monitoring.svc.cluster.local:10901",
      "metrics.ap-southeast-1.example.com:10901",
    ]);
  });

  it("gives Grafana all regions at once, and each by itself", () => {
    const sources = sourcesOf(thanosGlobal.objects?.(context) ?? []);
    assert.deepEqual(
      sources.map(({ name, url }) => [name, url]),
      [
        ["All regions", "http://thanos-global-query.monitoring.svc.cluster.local:10902"],
        ["us-east-1", "http://metrics.us-east-1.example.com:10902"],
        ["eu-west-1", "http://thanos-query.monitoring.svc.cluster.local:10902"],
        ["ap-southeast-1", "http://metrics.ap-southeast-1.example.com:10902"],
      ],
    );
    assert.equal(new Set(sources.map(({ uid }) => uid)).size, sources.length);
  });

  it("registers a region's querier where it is asked, and not where it asks", () => {
    const bindings = (given: typeof context) =>
      (thanos.objects?.(given) ?? []).filter(({ kind }) => kind === "TargetGroupBinding");
    assert.deepEqual(
      bindings(asked).map(({ spec }) => (spec as { serviceRef: object }).serviceRef),
      [
        { name: "thanos-query", port: 10901 },
        { name: "thanos-query", port: 10902 },
      ],
    );
    assert.deepEqual(bindings(context), []);
  });
});

describe("Observability of a region", () => {
  it("puts the region on every series, so that it needs nobody else's", () => {
    const { prometheus } = kubePrometheusStack.values(context) as {
      prometheus: { prometheusSpec: { externalLabels: object; scrapeClasses: object[] } };
    };
    const { externalLabels, scrapeClasses } = prometheus.prometheusSpec;
    assert.deepEqual(externalLabels, {
      environment: "production",
      region: "eu-west-1",
      cluster: "production-eu-west-1",
    });
    assert.deepEqual(scrapeClasses, [
      {
        name: "region",
        default: true,
        relabelings: [{ targetLabel: "region", replacement: "eu-west-1", action: "replace" }],
      },
    ]);
  });

  it("has its own Grafana show the region, with history", () => {
    assert.deepEqual(
      sourcesOf(thanos.objects?.(asked) ?? []).map(({ name }) => name),
      ["Region, with history"],
    );
  });

  it("reads queues, dead letters, database and certificates from CloudWatch, in its own region", () => {
    const jobs = cloudWatchJobs(asked);
    for (const { name, queue } of SERVICES) {
      for (const dimension of [
        `production-us-east-1-${name}`,
        `production-us-east-1-${name}-dead`,
      ]) {
        assert.equal(jobs.includes(`"QueueName" = "${dimension}"`), queue !== undefined, dimension);
      }
    }
    assert.ok(jobs.includes(`"DBClusterIdentifier" = "production-us-east-1"`));
    assert.ok(jobs.includes(`"AWS/CertificateManager"`));
    assert.deepEqual([...new Set(jobs.match(/regions = .*/g))], [`regions = ["us-east-1"]`]);
    assert.equal(jobs.match(/[{[]/g)?.length, jobs.match(/[}\]]/g)?.length);
  });

  it("reads Route 53's health checks in the global region alone, from us-east-1", () => {
    assert.ok(!cloudWatchJobs(asked).includes("AWS/Route53"));
    assert.match(
      cloudWatchJobs(context),
      /type = "AWS\/Route53"\n\s+regions = \["us-east-1"\]\n\s+search_tags = { "Project" = "\^multi-region-eks\$", "Environment" = "\^production\$" }/,
    );
  });
});
