import type { RepositoryChart } from "../release";

/** One chart, installed once for each part that has a role of its own. */
export const THANOS_CHART: RepositoryChart = {
  chart: "oci://ghcr.io/stevehipwell/helm-charts/thanos",
  version: "1.24.1",
};
