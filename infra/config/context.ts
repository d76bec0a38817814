import type { Fleet } from "./fleet";
import type { Profile } from "./profile";
import type { StackIdentity, StackKind } from "./stackName";
import type { BackboneConfig, GlobalConfig, RegionalConfig } from "./stackSchemas";

/** The config of each kind of stack. */
export interface StackConfigs {
  regional: RegionalConfig;
  global: GlobalConfig;
  backbone: BackboneConfig;
}

/** All that a stack knows before it registers its first resource: checked config, nothing from a cloud. */
export interface StackContext<K extends StackKind> {
  /** The directory that Pulumi.<stack>.yaml, fleet/ and workloads/values/ are read from. */
  projectRoot: string;
  identity: Extract<StackIdentity, { kind: K }>;
  fleet: Fleet;
  config: StackConfigs[K];
}

export interface RegionalContext extends StackContext<"regional"> {
  /** The environment's profile with the stack file's overrides applied. */
  profile: Profile;
}

export type GlobalContext = StackContext<"global">;
export type BackboneContext = StackContext<"backbone">;
