import { join } from "node:path";
import { throwAll, type OperatorErrorArgs } from "../../infra/config/errors";
import type { AddonSwitches } from "../../infra/config/profile";
import type { Environment } from "../../infra/config/stackName";
import type { Service } from "../catalogue";
import { SERVICE_CHART } from "../chart";
import {
  coalesce,
  effectiveKeys,
  mergeLayers,
  type EffectiveKey,
  type TrackedMap,
} from "../layers";
import { servicesIn, type PlacementArgs } from "../placement";
import { readLayers, readValuesFile } from "../valuesFiles";
import type { AddonName } from "./names";
import { turnedOff } from "./selection";

/** An add-on without which a value of the shared chart comes to nothing, or fails to install. */
interface Need {
  addon: AddonName;
  /** The key, as its path is written, or the start of it. */
  key: RegExp;
  when: (value: unknown) => boolean;
}

const is =
  (...wanted: unknown[]) =>
  (value: unknown): boolean =>
    wanted.includes(value);

const given = (): boolean => true;

const NEEDS: readonly Need[] = [
  { addon: "external-secrets", key: /^secrets\.[^.]+\.source$/, when: given },
  { addon: "keda", key: /^autoscaling\.mode$/, when: is("queue") },
  { addon: "metrics-server", key: /^autoscaling\.mode$/, when: is("resources") },
  { addon: "vertical-pod-autoscaler", key: /^vpa\.mode$/, when: is("recommend", "auto") },
  { addon: "istiod", key: /^mesh\.enabled$/, when: is(true) },
  {
    addon: "istio-gateway",
    key: /^mesh\.hosts$/,
    when: (hosts) => Array.isArray(hosts) && hosts.length > 0,
  },
  { addon: "kube-prometheus-stack", key: /^metrics\.enabled$/, when: is(true) },
  { addon: "kuberay-operator", key: /^kind$/, when: is("RayCluster") },
  { addon: "karpenter", key: /^nodeSelector\.karpenter\.sh\/nodepool$/, when: given },
  { addon: "nvidia-device-plugin", key: /^resources\.limits\.nvidia\.com\/gpu$/, when: given },
];

export interface NeedsArgs extends PlacementArgs {
  projectRoot: string;
  environment: Environment;
  /** Where an operator turns add-ons off. */
  file: string;
  switches: AddonSwitches;
}

/**
 * Refuses an add-on that is off while a service of the region has a value that needs it.
 *
 * @throws OperatorError naming every such value, with the file and line that sets it.
 */
export function checkNeeds(args: NeedsArgs): void {
  const off = NEEDS.filter(({ addon }) => args.switches[addon]?.enabled === false);
  if (off.length === 0) return;
  const defaults = readValuesFile(args.projectRoot, join(SERVICE_CHART, "values.yaml"));
  throwAll(
    servicesIn(args).flatMap(({ service }) =>
      effectiveKeys(valuesOf(service, args, defaults)).flatMap((key) =>
        off
          .filter((need) => needs(need, key))
          .map(({ addon }) => problem(args, service, addon, key)),
      ),
    ),
  );
}

function valuesOf(
  { name }: Service,
  { projectRoot, environment, region }: NeedsArgs,
  defaults: TrackedMap,
): TrackedMap {
  const layers = readLayers({ projectRoot, service: name, environment, region });
  return coalesce(mergeLayers(layers), defaults);
}

function needs({ key, when }: Need, { path, value }: EffectiveKey): boolean {
  return key.test(path.join(".")) && when(value);
}

function problem(
  { file }: NeedsArgs,
  { name }: Service,
  addon: AddonName,
  { path, value, origin }: EffectiveKey,
): OperatorErrorArgs {
  const where = origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
  const what = `${path.join(".")}: ${JSON.stringify(value)} (${where})`;
  return turnedOff(file, addon, `the service ${name} needs it for ${what}`);
}
