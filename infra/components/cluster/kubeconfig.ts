import * as pulumi from "@pulumi/pulumi";

/** What of a kubeconfig is touched here: the command that gets a token. */
interface Kubeconfig {
  users?: { user: { exec?: { args?: string[] } } }[];
}

/**
 * The kubeconfig with the cluster's own region for `aws eks get-token`. The component names none: the token
 * would be signed for the region of the caller's environment, so that a lost region took this one's cluster
 * with it, and where the environment has none the command fails.
 *
 * @param kubeconfig as JSON
 * @param clusterArn names the region
 */
export function regionalKubeconfig(
  kubeconfig: pulumi.Input<string>,
  clusterArn: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.all([kubeconfig, clusterArn]).apply(([json, arn]) => {
    const [, , , region] = arn.split(":");
    const config = JSON.parse(json) as Kubeconfig;
    for (const { user } of config.users ?? []) {
      const { exec } = user;
      if (region === undefined || exec?.args === undefined) continue;
      if (!exec.args.includes("--region")) exec.args.push("--region", region);
    }
    return JSON.stringify(config);
  });
}
