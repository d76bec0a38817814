import type * as pulumi from "@pulumi/pulumi";
import type { Args } from "./args";
import { buildCluster, type Surroundings } from "./cluster";
import { buildManagedNodeGroup } from "./managedNodeGroup";
import { buildVpc } from "./vpc";

/**
 * Registers a remote component's children under `parent` and returns the component's outputs; the same
 * code serves the mocks and the engine's Construct.
 */
export type Component = (
  parent: pulumi.Resource,
  name: string,
  args: Args,
  surroundings?: Surroundings,
) => Promise<Record<string, unknown>>;

export type { Surroundings };

export const components: Record<string, Component> = {
  "awsx:ec2:Vpc": buildVpc,
  "eks:index:Cluster": buildCluster,
  "eks:index:ManagedNodeGroup": buildManagedNodeGroup,
};
