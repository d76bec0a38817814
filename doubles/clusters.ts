import type { Props } from "./values";

/** How to reach the real API server that a region's EKS cluster stands for. */
export interface ClusterAccess {
  /** Such as `https://127.0.0.1:6443`. */
  endpoint: string;
  /** PEM in base64. */
  certificateAuthority: string;
  /** Bearer token of an administrator. */
  token: string;
}

/** A real cluster behind the Kubernetes double. Each method throws what the cluster refuses. */
export interface RealCluster {
  /** What the server says to an object or release that nobody wants to keep yet. */
  preview(type: string, inputs: Props): Promise<void>;
  /** Applies an object, or installs or upgrades a release, and waits for it as the provider does. */
  put(type: string, inputs: Props): Promise<void>;
  /** Deletes an object or uninstalls a release. */
  remove(type: string, inputs: Props): Promise<void>;
}

/** Real clusters in the place of the Kubernetes double's ledger, one a region. */
export interface RealClusters {
  /** Undefined for a region that has none. */
  access(region: string): ClusterAccess | undefined;
  /** The cluster that a kubeconfig reaches; undefined when it is none of these. */
  at(kubeconfig: string): RealCluster | undefined;
}
