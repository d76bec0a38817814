import * as pulumi from "@pulumi/pulumi";

/** Inputs of a remote component as the engine hands them over. */
export type Args = Record<string, unknown>;

/** An input that the component takes as an Input. */
export function input<T>(args: Args, key: string): pulumi.Input<T> | undefined {
  return args[key] as pulumi.Input<T> | undefined;
}

/** An input that the component takes as a plain value. */
export function plain<T>(args: Args, key: string): T | undefined {
  const value = args[key];
  if (pulumi.Output.isInstance(value)) {
    throw new Error(`${key} must be a plain value: the component needs it before it is known`);
  }
  return value as T | undefined;
}

/** As {@link plain}, with a default. */
export function plainOr<T>(args: Args, key: string, otherwise: T): T {
  return plain<T>(args, key) ?? otherwise;
}

/** Several tag maps as one. */
export function tags(
  ...all: (pulumi.Input<Record<string, string>> | undefined)[]
): pulumi.Output<Record<string, string>> {
  return pulumi
    .all(all.map((map) => pulumi.output(map ?? {})))
    .apply((maps) => Object.assign({}, ...maps) as Record<string, string>);
}
