/** Of the operator's chart, and the tag of the repository that its CRDs are read from. */
// renovate: datasource=helm depName=kuberay-operator registryUrl=https://ray-project.github.io/kuberay-helm/
export const KUBERAY_VERSION = "1.7.0";
