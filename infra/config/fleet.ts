import { z } from "zod";
import { ENVIRONMENTS, REGION_PATTERN, ZONE_PATTERN } from "./stackName";

/** Shape of an IPv4 CIDR block; whether it is a network address is checked with the other CIDRs. */
const cidr = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 CIDR block such as 10.16.0.0/16");

const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a DNS label: lower-case letters, digits and inner hyphens",
  );

export const fleetRegionSchema = z.strictObject({
  /** The VPC's IPv4 block, a /16. Distinct per region: the VPCs are peered. */
  cidr,
  /** Three pinned availability zones; AWS's own order changes from account to account. */
  zones: z
    .array(z.string().regex(ZONE_PATTERN, "an availability zone such as eu-west-1a"))
    .length(3),
});

const operatorSchema = z.strictObject({
  /** IAM role that gets an EKS access entry. Never the role that creates the cluster: EKS refuses a second entry for it. */
  roleArn: z
    .string()
    .regex(
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
  organisation: dnsLabel.max(20, "at most 20 characters: it is part of bucket names"),
  /** The public domain; hosts and regional endpoint names stand under it. */
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a DNS domain such as example.com"),
  zone: z.strictObject({
    /** `existing`: looked up by name; `create`: the global stack creates it, with accelerated recovery. */
    source: z.enum(["existing", "create"]),
    /**
     * Route 53 hosted zone id. Regional stacks validate their certificates in it without asking
     * Route 53's control plane (which is in us-east-1) for it on every run.
     */
    id: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, "a Route 53 hosted zone id such as Z0123456789ABCDEFGHIJ")
      .optional(),
  }),
  /** Public hosts served from every region, as labels under `domain`. */
  hosts: z.array(dnsLabel).min(1),
  /** The region that creates the Aurora Global Database and comes up first. */
  dataHome: z.string().regex(REGION_PATTERN, "an AWS region such as eu-west-1"),
  regions: z.record(
    z.string().regex(REGION_PATTERN, "an AWS region such as eu-west-1"),
    fleetRegionSchema,
  ),
  /** Home region of each homed service (catalogue placement `home`); every other service runs everywhere. */
  homes: z
    .record(z.string(), z.string().regex(REGION_PATTERN, "an AWS region such as eu-west-1"))
    .default({}),
  operators: z.array(operatorSchema).min(1),
  /** CIDRs from which the EKS API endpoints may be reached (operators' VPN, CI runners). */
  apiAllowedCidrs: z.array(cidr).min(1),
  /** Addresses that the alarm topic mails; each has to confirm its subscription. */
  alarmEmails: z.array(z.email()),
});

export type Fleet = z.infer<typeof fleetSchema>;
export type FleetRegion = z.infer<typeof fleetRegionSchema>;
