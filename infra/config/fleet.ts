import { z } from "zod";
import { regionCode, text } from "./schema";
import { ENVIRONMENTS, ZONE_PATTERN } from "./stackName";

/** Shape of an IPv4 CIDR block; whether it is a network address is checked with the other CIDRs. */
const cidr = text(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 CIDR block such as 10.16.0.0/16");

const dnsLabel = text(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a DNS label: lower-case letters, digits and inner hyphens",
);

export const fleetRegionSchema = z.strictObject({
  /** The VPC's IPv4 block, a /16. Distinct per region: the VPCs are peered. */
  cidr,
  /** Three pinned availability zones; AWS's own order changes from account to account. */
  zones: z
    .array(text(ZONE_PATTERN, "an availability zone such as eu-west-1a"))
    .length(3)
    .describe("a list of three availability zones"),
  /**
   * Load and capacity, in replicas of the api, for the failover guard and the what-if. A region that
   * states none adds none and carries none; where no region does, the guard has nothing to say.
   */
  load: z
    .strictObject({
      /** What the users nearest to the region need at their peak. */
      peak: z.number().min(0),
      /** What the region carries with `capacity: 1`: the floor that runs however quiet it is. */
      carries: z.number().min(1),
    })
    .optional(),
});

const operatorSchema = z.strictObject({
  /** IAM role that gets an EKS access entry. Never the role that creates the cluster: EKS refuses a second entry for it. */
  roleArn: text(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
    "an IAM role's ARN, arn:aws:iam::<account>:role/<name>",
  ),
  /** Which EKS access policy the role gets on the whole cluster. */
  access: z.enum(["admin", "view"]),
});

/** Facts of the whole fleet of one environment: `fleet/<environment>.yaml`. */
export const fleetSchema = z.strictObject({
  environment: z.enum(ENVIRONMENTS),
  /** Short name of the owner; part of globally unique names (S3 buckets). */
  organisation: dnsLabel
    .max(20)
    .describe("a DNS label of at most 20 characters: it is part of bucket names"),
  /** The public domain; hosts and regional endpoint names stand under it. */
  domain: text(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    "a DNS domain in lower case such as example.com",
  ),
  zone: z.strictObject({
    /** `existing`: looked up by name; `create`: the global stack creates it, with accelerated recovery. */
    source: z.enum(["existing", "create"]),
    /**
     * Route 53 hosted zone id. Regional stacks validate their certificates in it without asking
     * Route 53's control plane (which is in us-east-1) for it on every run.
     */
    id: text(
      /^Z[A-Z0-9]{1,31}$/,
      "a Route 53 hosted zone id such as Z0123456789ABCDEFGHIJ",
    ).optional(),
  }),
  /** Public hosts served from every region, as labels under `domain`. */
  hosts: z.array(dnsLabel).min(1).describe("a list of at least one DNS label"),
  /** The region that creates the Aurora Global Database and comes up first. */
  dataHome: regionCode,
  regions: z.record(regionCode, fleetRegionSchema).describe("a map of regions to cidr and zones"),
  /** Home region of each homed service (catalogue placement `home`); every other service runs everywhere. */
  homes: z.record(z.string(), regionCode).describe("a map of services to regions").default({}),
  operators: z.array(operatorSchema).min(1).describe("a list of at least one operator role"),
  /** CIDRs from which the EKS API endpoints may be reached (operators' VPN, CI runners). */
  apiAllowedCidrs: z.array(cidr).min(1).describe("a list of at least one CIDR block"),
  /** Where Argo CD reads this project from; needed where a stack's `delivery` is `argocd`. */
  delivery: z
    .strictObject({
      /** URL of the Git repository, with this project at its root. */
      repository: text(/^(https:\/\/|ssh:\/\/|git@)\S+$/, "the URL of a Git repository"),
      /** Branch, tag or commit. */
      revision: text(/^[\w./-]+$/, "a branch, a tag or a commit"),
    })
    .optional(),
  /** Metrics across regions; without it each region observes itself only. */
  observability: z
    .strictObject({
      /** The region that asks all others and shows them together; best not the data home, so as not to go with it. */
      globalRegion: regionCode,
    })
    .optional(),
  /** Addresses that the alarm topic mails; each has to confirm its subscription. */
  alarmEmails: z
    .array(z.email().describe("an e-mail address"))
    .describe("a list of e-mail addresses, [] for none"),
});

export type Fleet = z.infer<typeof fleetSchema>;
export type FleetRegion = z.infer<typeof fleetRegionSchema>;
