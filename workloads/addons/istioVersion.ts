/** Version of Istio's charts, which are released together and of which no two may be a minor apart. */
// renovate: datasource=helm depName=istiod registryUrl=https://istio-release.storage.googleapis.com/charts
export const ISTIO_VERSION = "1.30.3";

/** Where all of Istio's charts are. */
export const ISTIO_REPOSITORY = "https://istio-release.storage.googleapis.com/charts";
