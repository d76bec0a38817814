import type { Catalogue } from "../definition";
import { cluster } from "./cluster";
import { commands } from "./commands";
import { data } from "./data";
import { edge } from "./edge";
import { network } from "./network";
import { observability } from "./observability";
import { others } from "./others";
import { security } from "./security";
import { storage } from "./storage";

export { invokes } from "./invokes";

/** Every resource type that the doubles know. */
export const catalogue: Catalogue = {
  ...cluster,
  ...commands,
  ...data,
  ...edge,
  ...network,
  ...observability,
  ...others,
  ...security,
  ...storage,
};
