import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MockEngine } from "../../../doubles/mocks";
import { loadFleet } from "../../../infra/config/load";
import type { AddonContext } from "../../../workloads/addons/addon";
import { sampleContext } from "../../../workloads/addons/sampleContext";
import { SERVICES } from "../../../workloads/catalogue";

export const ROOT = join(__dirname, "..", "..", "..");
export const fleet = loadFleet(ROOT, "production");
export const REGION = "eu-west-1";

export const context: AddonContext = sampleContext(fleet, REGION, SERVICES);

/** What an add-on computes, with every output's value in place of the output. */
export async function resolved<T>(compute: () => T): Promise<pulumi.Unwrap<T>> {
  const run = await MockEngine.run({ region: REGION }, () => pulumi.output(compute()));
  return run.value(run.result);
}
