import { z } from "zod";
import { ENVIRONMENTS } from "./stackName";

/**
 * What a regional stack tells the stacks that read it: names, addresses and ARNs, no secret, no whole
 * resource. Producer and readers share this one schema; raise `version` when a field changes meaning.
 */
export const REGION_OUTPUTS_VERSION = 1;

const named = z.strictObject({ name: z.string(), arn: z.string() });

export const regionOutputsSchema = z.strictObject({
  version: z.literal(REGION_OUTPUTS_VERSION),
  environment: z.enum(ENVIRONMENTS),
  region: z.string(),
  network: z.strictObject({
    vpcId: z.string(),
    cidr: z.string(),
    /** Route tables of the private and isolated subnets: those that need routes to peers. */
    routeTableIds: z.array(z.string()),
  }),
  cluster: z.strictObject({
    name: z.string(),
    arn: z.string(),
    endpoint: z.string(),
    securityGroupId: z.string(),
  }),
  database: z.strictObject({
    role: z.enum(["primary", "secondary"]),
    clusterIdentifier: z.string(),
    globalClusterIdentifier: z.string(),
    securityGroupId: z.string(),
    /** Follows the writer through a switchover; the same in every region. */
    writerEndpoint: z.string(),
    readerEndpoint: z.string(),
    port: z.number(),
    secretName: z.string(),
  }),
  cache: z.strictObject({
    endpoint: z.string(),
    readerEndpoint: z.string(),
    port: z.number(),
    secretName: z.string(),
  }),
  storage: z.strictObject({ kmsKeyArn: z.string(), data: named, metrics: named }),
  queues: z.record(z.string(), z.strictObject({ url: z.string(), arn: z.string() })),
  edge: z.strictObject({
    /** The region's own name, `<region>.<domain>`. */
    host: z.string(),
    /** The network load balancer's DNS name and the hosted zone of that name, for alias records. */
    dnsName: z.string(),
    zoneId: z.string(),
  }),
});

export type RegionOutputs = z.infer<typeof regionOutputsSchema>;

/** Name of the stack output that carries the {@link RegionOutputs} record. */
export const REGION_OUTPUT = "region";
