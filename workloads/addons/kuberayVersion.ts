/** Of the operator's chart, and the tag of the repository that its CRDs are read from. */
export const KUBERAY_VERSION = "1.7.0";
