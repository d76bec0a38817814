import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { type Cidr, formatCidr, overlaps, parseCidr, readCidr } from "../infra/config/cidr";
import { OperatorError } from "../infra/config/errors";
import type { Fleet } from "../infra/config/fleet";
import { fleetFile, loadFleet } from "../infra/config/load";
import { stackFile } from "../infra/config/stackFiles";
import { type Environment, ENVIRONMENTS } from "../infra/config/stackName";
import { PROJECT } from "../infra/config/tags";
import { listValuesFiles, VALUES_FOLDER } from "../workloads/valuesFiles";
import type { FileEdit } from "../edits/fileEdits";
import { withKey, YAML_STYLE } from "../edits/yamlEdits";

export interface NewRegion {
  projectRoot: string;
  environment: Environment;
  region: string;
  /** A region of the same fleet whose stack file and values the new one starts from. */
  like: string;
  /** Three availability zones. */
  zones: readonly string[];
}

/** What adding a region changes in the checkout. */
export interface NewRegionEdits {
  cidr: string;
  edits: FileEdit[];
}

/** What a stack file holds of one stack alone: emergency settings, and the key to its secrets. */
const NOT_COPIED = {
  config: ["takeover", "capacity", "edge"],
  top: ["encryptionsalt", "encryptedkey", "secretsprovider"],
};

/**
 * The edits that add a region: its facts in the fleet's file, its stack file, its traffic state in the
 * global stack's file, and copies of the model's values overrides. Writes nothing.
 *
 * The region starts `drained`: it is up and checked before it gets traffic. It joins the database
 * as `secondary` and takes no other region over.
 *
 * @throws OperatorError when the region is there already, or the model is not.
 */
export function newRegionEdits(args: NewRegion): NewRegionEdits {
  const { projectRoot, environment, region, like } = args;
  const fleet = loadFleet(projectRoot, environment);
  const file = fleetFile(environment);
  const own = stackFile({ environment, kind: "regional", region });
  if (Object.hasOwn(fleet.regions, region) || existsSync(join(projectRoot, own))) {
    throw new OperatorError({
      key: "region",
      value: region,
      rule: `a new region is not yet in ${file} and has no ${own}`,
      fix: "choose another region, or edit those files by hand",
    });
  }
  const model = stackFile({ environment, kind: "regional", region: like });
  if (!Object.hasOwn(fleet.regions, like) || !existsSync(join(projectRoot, model))) {
    throw new OperatorError({
      key: "--like",
      value: like,
      rule: `the model is a region of ${file} (${Object.keys(fleet.regions).join(", ")}) with its ${model}`,
      fix: "name one of these",
    });
  }
  const global = stackFile({ environment, kind: "global" });
  if (!existsSync(join(projectRoot, global))) {
    throw new OperatorError({
      key: global,
      rule: "a region's traffic state stands in the global stack's file",
      fix: "write that file first",
    });
  }
  const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");
  const cidr = nextCidr(projectRoot, fleet);
  const facts = { cidr, zones: [...args.zones] };
  const traffic = { traffic: "drained" };
  return {
    cidr,
    edits: [
      { file, text: withKey(read(file), ["regions"], region, facts) },
      { file: own, text: stackText(read(model), region) },
      {
        file: global,
        text: withKey(read(global), ["config", `${PROJECT}:regions`], region, traffic),
      },
      ...valuesCopies(args, read),
    ],
  };
}

/** The model's stack file as the new region's. */
function stackText(model: string, region: string): string {
  const document = parseDocument(model);
  document.setIn(["config", "aws:region"], region);
  const database = `${PROJECT}:database`;
  if (isMap(document.getIn(["config", database], true))) {
    document.setIn(["config", database, "role"], "secondary");
  } else {
    document.setIn(["config", database], document.createNode({ role: "secondary" }));
  }
  for (const key of NOT_COPIED.config) document.deleteIn(["config", `${PROJECT}:${key}`]);
  for (const key of NOT_COPIED.top) document.delete(key);
  return document.toString(YAML_STYLE);
}

/** The model's overrides under the new region's name; where they name the model they mean their own region. */
function valuesCopies(
  { projectRoot, environment, region, like }: NewRegion,
  read: (path: string) => string,
): FileEdit[] {
  return listValuesFiles(projectRoot)
    .filter((file) => file.endsWith(`/${environment}/${like}.yaml`))
    .map((file) => `${VALUES_FOLDER}/${file}`)
    .map((file) => ({
      file: `${file.slice(0, -basename(file).length)}${region}.yaml`,
      text: read(file).replaceAll(like, region),
    }));
}

/**
 * The /16 after the fleet's highest, or else the first of 10.0.0.0/8 from 10.16 on, that no environment
 * uses. Environments are not peered, but a VPN or a transit gateway may join them one day.
 *
 * @throws OperatorError when none is left.
 */
function nextCidr(projectRoot: string, fleet: Fleet): string {
  const fleets = ENVIRONMENTS.filter((environment) =>
    existsSync(join(projectRoot, fleetFile(environment))),
  ).map((environment) => loadFleet(projectRoot, environment));
  const taken = fleets.flatMap(cidrsOf);
  const highest = Math.max(...cidrsOf(fleet).map(({ base }) => base));
  const candidates = Array.from({ length: 240 }, (_, index) =>
    parseCidr(`10.${index + 16}.0.0/16`),
  );
  const after = candidates.filter(({ base }) => base > highest);
  const free = [...after, ...candidates].find(
    (candidate) => !taken.some((cidr) => overlaps(cidr, candidate)),
  );
  if (free !== undefined) return formatCidr(free);
  throw new OperatorError({
    key: `${fleetFile(fleet.environment)}: regions`,
    rule: "a region gets a /16 of 10.0.0.0/8 that no region of any environment uses; all are taken",
    fix: "add the region by hand, with a block of another private range",
  });
}

function cidrsOf({ regions }: Fleet): Cidr[] {
  return Object.values(regions).flatMap(({ cidr }) => readCidr(cidr) ?? []);
}
