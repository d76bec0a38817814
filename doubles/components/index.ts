import type * as pulumi from "@pulumi/pulumi";

/** Registers a remote component's children under `parent` and returns the component's outputs. */
export type Component = (
  parent: pulumi.Resource,
  name: string,
  args: pulumi.Inputs,
) => Promise<Record<string, unknown>>;

export const components: Record<string, Component> = {};
