import { z } from "zod";
import { ADDON_NAMES, type AddonName } from "../../workloads/addons/names";
import { regionCode, text } from "./schema";

const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;

const distinct = (words: readonly string[]): boolean => new Set(words).size === words.length;

/** Argo CD is where `delivery` says so, hence no switch of its own. */
type SwitchedAddon = Exclude<AddonName, "argo-cd">;

const addonSwitch = z.strictObject({ enabled: z.boolean() }).optional();

/** One switch per add-on, so that a misspelt name is an unknown key. */
const addonSwitches = Object.fromEntries(
  ADDON_NAMES.filter((name): name is SwitchedAddon => name !== "argo-cd").map((name) => [
    name,
    addonSwitch,
  ]),
) as Record<SwitchedAddon, typeof addonSwitch>;

/** Keys of a regional stack's file, under the project's namespace. Every default is the environment's profile. */
export const regionalSchema = z.strictObject({
  database: z.strictObject({
    /** `primary`: this region is the Aurora writer; exactly one region of the fleet says so. */
    role: z.enum(["primary", "secondary"]),
    instanceClass: text(/^db\./, "an RDS instance class such as db.r6g.large").optional(),
    instances: z.number().int().min(1).max(15).optional(),
    proxy: z.boolean().optional(),
    /**
     * How this region becomes the writer. `switchover` loses no data and needs the old writer to
     * answer; `allow-data-loss` fails over and may lose what had not been replicated yet. The latter is
     * for the day that the old writer is gone, and is taken out again afterwards.
     */
    onPromotion: z.enum(["switchover", "allow-data-loss"]).default("switchover"),
    /** Replication lag, seconds, above which a promotion is refused; typical is below 1. */
    maxLagSeconds: z.number().min(1).max(3600).default(10),
    /** Lets a region become the writer while its traffic is drained. */
    promoteDrained: z.boolean().default(false),
  }),
  /** Home regions whose homed services this region runs as well. */
  takeover: z
    .array(regionCode)
    .refine(distinct, "a region is named once")
    .describe("a list of regions such as [us-east-1]")
    .default([]),
  /** Factor on replica floors and node limits, raised before another region is drained. */
  capacity: z.number().min(1).max(10).default(1),
  network: z
    .strictObject({
      nat: z.enum(["per-zone", "single"]).optional(),
      interfaceEndpoints: z.boolean().optional(),
    })
    .optional(),
  cluster: z
    .strictObject({
      systemNodes: z
        .strictObject({
          instanceTypes: z
            .array(text(INSTANCE_TYPE, "an EC2 instance type such as m7g.large"))
            .min(1)
            .describe("a list of at least one EC2 instance type"),
          min: z.number().int().min(1),
          max: z.number().int().min(1),
        })
        .refine(({ min, max }) => min <= max, "min is at most max")
        .optional(),
      /** Creates the IAM OIDC provider as well (IRSA). Pod Identity needs none. */
      oidcProvider: z.boolean().default(false),
    })
    .prefault({}),
  cache: z
    .strictObject({
      nodeType: text(/^cache\./, "an ElastiCache node type such as cache.r7g.large").optional(),
    })
    .optional(),
  edge: z
    .strictObject({
      /** A certificate that exists already, instead of one that is made and validated in the zone. */
      certificateArn: text(
        /^arn:aws[a-z-]*:acm:/,
        "an ACM certificate's ARN, arn:aws:acm:<region>:<account>:certificate/<id>",
      ).optional(),
    })
    .prefault({}),
  backup: z.strictObject({ enabled: z.boolean() }).optional(),
  /** Turns add-ons on or off; one that something else needs stays on, or the program says what needs it. */
  addons: z.strictObject(addonSwitches).optional(),
  /** Who installs the services; `argocd` needs `delivery` in the fleet's file. */
  delivery: z.enum(["pulumi", "argocd"]).optional(),
  /**
   * Deletion protection and Pulumi's `protect`; the environment's profile when left out. `false`,
   * then `up`, is how an operator makes a stack destroyable.
   */
  deletionProtection: z.boolean().optional(),
});

/** What traffic a region gets. `drained` and `pinned` move the gate's threshold, nothing else. */
export const TRAFFIC_STATES = ["active", "drained", "pinned"] as const;
export type TrafficState = (typeof TRAFFIC_STATES)[number];

/**
 * What an operator accepts of a drained region, by name:
 *
 * - `overload`: the others get more than they carry at the peak;
 * - `drained-writer`: it still holds the database's writer;
 * - `joint-change`: the drain goes together with other changes of the global stack.
 */
export const ACCEPTANCES = ["overload", "drained-writer", "joint-change"] as const;
export type Acceptance = (typeof ACCEPTANCES)[number];

/** What an `up` does about a region whose stack is not up yet; a preview warns and skips it always. */
const whenRegionMissing = z.enum(["error", "skip"]).default("error");

/** Keys of the global stack's file. */
export const globalSchema = z.strictObject({
  regions: z
    .record(
      regionCode,
      z.strictObject({
        traffic: z.enum(TRAFFIC_STATES),
        accept: z
          .array(z.enum(ACCEPTANCES))
          .refine(distinct, "a word is written once")
          .describe("a list of overload, drained-writer, joint-change")
          .optional(),
      }),
    )
    .describe("a map of every region of the fleet to its traffic"),
  whenRegionMissing,
  /**
   * Deletion protection and Pulumi's `protect`; the environment's profile when left out. `false`,
   * then `up`, is how an operator makes a stack destroyable.
   */
  deletionProtection: z.boolean().optional(),
});

/** Keys of the backbone stack's file. */
export const backboneSchema = z.strictObject({
  whenRegionMissing,
  replication: z
    .strictObject({
      /** S3 replication time control: 99.99 % of objects within 15 minutes, at a price. */
      timeControl: z.boolean().default(false),
    })
    .prefault({}),
});

export type RegionalConfig = z.infer<typeof regionalSchema>;
export type GlobalConfig = z.infer<typeof globalSchema>;
export type BackboneConfig = z.infer<typeof backboneSchema>;
