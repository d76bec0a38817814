import * as pulumi from "@pulumi/pulumi";
import { OperatorError, throwAll } from "../config/errors";
import {
  GLOBAL_OUTPUT,
  GLOBAL_OUTPUTS_VERSION,
  globalOutputsSchema,
  type GlobalOutputs,
} from "../config/globalOutputs";
import {
  REGION_OUTPUT,
  REGION_OUTPUTS_VERSION,
  regionOutputsSchema,
  type RegionOutputs,
} from "../config/outputs";
import { regionNames } from "../config/names";
import { stackName } from "../config/stackName";
import type { BackboneContext, GlobalContext } from "../config/context";
import { readStackRecord, type RecordSpec, type StackRecord } from "./stackRecord";

const REGION_RECORD: RecordSpec<RegionOutputs> = {
  output: REGION_OUTPUT,
  version: REGION_OUTPUTS_VERSION,
  schema: regionOutputsSchema,
};

const GLOBAL_RECORD: RecordSpec<GlobalOutputs> = {
  output: GLOBAL_OUTPUT,
  version: GLOBAL_OUTPUTS_VERSION,
  schema: globalOutputsSchema,
};

/**
 * The records of every region of the fleet that is up, by region, in the fleet's order.
 *
 * @throws OperatorError when a record is not what this program reads, or when a region is not up in an
 *   `up` whose config does not say `whenRegionMissing: skip`. A preview warns instead.
 */
export async function readRegions(
  ctx: GlobalContext | BackboneContext,
): Promise<Record<string, RegionOutputs>> {
  const { environment } = ctx.identity;
  const read = await Promise.all(
    Object.keys(ctx.fleet.regions).map(async (region) => {
      const stack = stackName({ environment, kind: "regional", region });
      return { region, found: await readStackRecord(stack, REGION_RECORD) };
    }),
  );

  await tolerateMissing(
    ctx,
    read.map(({ found }) => found),
  );

  const regions: Record<string, RegionOutputs> = {};
  for (const { region, found } of read) {
    if (found.state === "missing") continue;
    assertOwn(found.stack, "region: region", region, found.record.region);
    assertOwn(found.stack, "region: environment", environment, found.record.environment);
    assertOwn(
      found.stack,
      "region: edge.host",
      regionNames(ctx.fleet, region).host,
      found.record.edge.host,
    );
    regions[region] = found.record;
  }
  return regions;
}

/**
 * The global stack's record; undefined when the stack is not up, under the rules of {@link readRegions}.
 *
 * @throws OperatorError as {@link readRegions} does.
 */
export async function readGlobal(ctx: BackboneContext): Promise<GlobalOutputs | undefined> {
  const { environment } = ctx.identity;
  const found = await readStackRecord(stackName({ environment, kind: "global" }), GLOBAL_RECORD);
  await tolerateMissing(ctx, [found]);
  if (found.state === "missing") return undefined;
  assertOwn(found.stack, "global: environment", environment, found.record.environment);
  return found.record;
}

/**
 * What the global stack's last `up` left, for the global stack itself; undefined before the first, and
 * where another version of the program left it. Asked by the invoke behind a StackReference: a
 * resource that reads the own stack would be in the second preview and not in the first.
 */
export async function readDeployedGlobal(ctx: GlobalContext): Promise<GlobalOutputs | undefined> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), stackName(ctx.identity)].join("/");
  try {
    const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {
      name,
    })) as { outputs?: Record<string, unknown> };
    return globalOutputsSchema.safeParse(outputs?.[GLOBAL_OUTPUT]).data;
  } catch (error) {
    if (error instanceof Error && error.message.includes("unknown stack")) return undefined;
    throw error;
  }
}

async function tolerateMissing(
  ctx: GlobalContext | BackboneContext,
  read: readonly StackRecord<unknown>[],
): Promise<void> {
  const missing = read.filter(({ state }) => state === "missing").map(({ stack }) => stack);
  const reader = stackName(ctx.identity);

  if (!pulumi.runtime.isDryRun() && ctx.config.whenRegionMissing === "error") {
    throwAll(
      missing.map((stack) => ({
        key: `stack ${stack}`,
        rule: `it is up before ${reader} is brought up`,
        fix: `pulumi up -s ${stack}, or set whenRegionMissing: skip in Pulumi.${reader}.yaml`,
      })),
    );
  }
  for (const stack of missing) {
    await pulumi.log.warn(
      `stack ${stack} is not up: ${reader} goes without it, and what it had for it is removed`,
    );
  }
}

/** A stack that was brought up under another's name, environment or domain must not be taken for this one. */
function assertOwn(stack: string, field: string, expected: string, actual: string): void {
  if (expected === actual) return;
  throw new OperatorError({
    key: `stack ${stack}, output ${field}`,
    value: actual,
    rule: `it is ${JSON.stringify(expected)}, as the stack's name and the fleet file say`,
    fix: `pulumi up -s ${stack} with this checkout, or correct the fleet file`,
  });
}
