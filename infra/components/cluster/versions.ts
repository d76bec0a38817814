/**
 * What runs on the control plane and the nodes, pinned: a version that AWS picks changes previews by
 * itself. Raise all of them together, one minor version of Kubernetes at a time.
 *
 * EKS user guide, "Kubernetes versions" (1.34 in standard support). Add-on versions: each stands
 * in public configurations of clusters on 1.34 (the first, second, third and fifth together), not read
 * from AWS; before a real `up` compare with
 * `aws eks describe-addon-versions --kubernetes-version 1.34`.
 */
export const KUBERNETES_VERSION = "1.34";

export const ADDON_VERSIONS = {
  vpcCni: "v1.21.1-eksbuild.1",
  kubeProxy: "v1.34.1-eksbuild.2",
  coredns: "v1.12.4-eksbuild.1",
  podIdentityAgent: "v1.3.10-eksbuild.2",
  ebsCsiDriver: "v1.54.0-eksbuild.1",
} as const;
