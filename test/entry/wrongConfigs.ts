import { type Edits, remove, replace, write } from "../config/checkout";

/** A checkout that is wrong in one way, and the whole of what its operator is told. */
export interface WrongConfig {
  title: string;
  stack: string;
  edits: Edits;
  /** A real update, without the rehearsal's leave to run with placeholders. */
  realUpdate?: true;
  message: string[];
}

const FLEET = "fleet/production.yaml";
const GLOBAL = "Pulumi.global.yaml";
const EU = "Pulumi.eu-west-1.yaml";
const US = "Pulumi.us-east-1.yaml";

const append =
  (text: string) =>
  (file: string): string =>
    file + text;

export const WRONG_CONFIGS: readonly WrongConfig[] = [
  {
    title: "a misspelt key inside a map",
    stack: "global",
    edits: { [GLOBAL]: replace("traffic: active", "trafic: active") },
    message: [
      'Pulumi.global.yaml: regions.us-east-1.trafic is "active"',
      "  rule: unknown key; the keys here are traffic and accept",
      "  fix:  rename it to traffic",
    ],
  },
  {
    title: "a misspelt top-level key",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:takover: [us-east-1]\n") },
    message: [
      'Pulumi.eu-west-1.yaml: takover is ["us-east-1"]',
      "  rule: unknown key; the keys here are database, takeover, capacity, network, cluster, cache, edge, backup, addons, delivery and deletionProtection",
      "  fix:  rename it to takeover",
    ],
  },
  {
    title: "a key that no other is like",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:colour: blue\n") },
    message: [
      'Pulumi.eu-west-1.yaml: colour is "blue"',
      "  rule: unknown key; the keys here are database, takeover, capacity, network, cluster, cache, edge, backup, addons, delivery and deletionProtection",
      "  fix:  remove it",
    ],
  },
  {
    title: "a key of another kind of stack",
    stack: "global",
    edits: { [GLOBAL]: append("  multi-region-eks:takeover: [us-east-1]\n") },
    message: [
      'Pulumi.global.yaml: takeover is ["us-east-1"]',
      "  rule: unknown key; the keys here are regions, whenRegionMissing and deletionProtection",
      "  fix:  move it to a regional stack's file, Pulumi.<region>.yaml",
    ],
  },
  {
    title: "a fact of the whole fleet in a stack file",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:domain: example.com\n") },
    message: [
      'Pulumi.eu-west-1.yaml: domain is "example.com"',
      "  rule: unknown key; the keys here are database, takeover, capacity, network, cluster, cache, edge, backup, addons, delivery and deletionProtection",
      "  fix:  move it to the fleet's facts, fleet/<environment>.yaml",
    ],
  },
  {
    title: "a misspelt namespace",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-ekz:capacity: 2\n") },
    message: [
      "Pulumi.eu-west-1.yaml: multi-region-ekz:capacity",
      "  rule: this project's keys start with multi-region-eks:",
      "  fix:  rename it to multi-region-eks:capacity",
    ],
  },
  {
    title: "a misspelt word",
    stack: "global",
    edits: { [GLOBAL]: replace("traffic: active", "traffic: Draned") },
    message: [
      'Pulumi.global.yaml: regions.us-east-1.traffic is "Draned"',
      "  rule: must be active, drained or pinned",
      "  fix:  write drained",
    ],
  },
  {
    title: "a word that is none of those known",
    stack: "global",
    edits: { [GLOBAL]: replace("traffic: active", "traffic: off") },
    message: [
      'Pulumi.global.yaml: regions.us-east-1.traffic is "off"',
      "  rule: must be active, drained or pinned",
      "  fix:  write active, drained or pinned",
    ],
  },
  {
    title: "text where a number belongs",
    stack: "eu-west-1",
    edits: { [EU]: append("    instances: two\n") },
    message: [
      'Pulumi.eu-west-1.yaml: database.instances is "two"',
      "  rule: must be a whole number from 1 to 15",
      "  fix:  write a whole number from 1 to 15",
    ],
  },
  {
    title: "a number in quotes",
    stack: "eu-west-1",
    edits: { [EU]: append('    instances: "2"\n') },
    message: [
      'Pulumi.eu-west-1.yaml: database.instances is "2"',
      "  rule: must be a whole number from 1 to 15",
      "  fix:  write 2 without quotes",
    ],
  },
  {
    title: "a number out of range",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:capacity: 15\n") },
    message: [
      "Pulumi.eu-west-1.yaml: capacity is 15",
      "  rule: must be a number from 1 to 10",
      "  fix:  write a number from 1 to 10",
    ],
  },
  {
    title: "a word where a map belongs",
    stack: "global",
    edits: { [GLOBAL]: replace("us-east-1:\n      traffic: active", "us-east-1: active") },
    message: [
      'Pulumi.global.yaml: regions.us-east-1 is "active"',
      "  rule: must be a map with traffic and accept",
      "  fix:  write traffic and accept under it, indented",
    ],
  },
  {
    title: "a word where a list belongs",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:takeover: us-east-1\n") },
    message: [
      'Pulumi.eu-west-1.yaml: takeover is "us-east-1"',
      "  rule: must be a list of regions such as [us-east-1]",
      "  fix:  write a list of regions such as [us-east-1]",
    ],
  },
  {
    title: "a missing map",
    stack: "eu-west-1",
    edits: { [EU]: write("config:\n  aws:region: eu-west-1\n") },
    message: [
      "Pulumi.eu-west-1.yaml: database",
      "  rule: required: a map with role, instanceClass, instances, proxy, onPromotion, maxLagSeconds and promoteDrained",
      "  fix:  add it to Pulumi.eu-west-1.yaml",
    ],
  },
  {
    title: "a missing value",
    stack: "eu-west-1",
    edits: { [EU]: replace("role: secondary", "instances: 2") },
    message: [
      "Pulumi.eu-west-1.yaml: database.role",
      "  rule: required: primary or secondary",
      "  fix:  add it to Pulumi.eu-west-1.yaml",
    ],
  },
  {
    title: "fewer nodes at most than at least",
    stack: "eu-west-1",
    edits: {
      [EU]: append(
        "  multi-region-eks:cluster:\n    systemNodes: { instanceTypes: [m7g.large], min: 3, max: 2 }\n",
      ),
    },
    message: [
      'Pulumi.eu-west-1.yaml: cluster.systemNodes is {"instanceTypes":["m7g.large"],"min":3,"max":2}',
      "  rule: min is at most max",
      "  fix:  correct it in Pulumi.eu-west-1.yaml",
    ],
  },
  {
    title: "a secret, whose value is not shown",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:capacity:\n    secure: v1:abcdef\n") },
    message: [
      "Pulumi.eu-west-1.yaml: capacity",
      "  rule: no key of this project is a secret; one that is encrypted cannot be read by the other stacks' checks",
      "  fix:  set it again in plain text, without --secret",
    ],
  },
  {
    title: "several problems at once, in one message",
    stack: "eu-west-1",
    edits: {
      [EU]: append("    proxy: maybe\n  multi-region-eks:takeover: [us-east-1, us-east-1]\n"),
    },
    message: [
      'Pulumi.eu-west-1.yaml: database.proxy is "maybe"',
      "  rule: must be true or false",
      "  fix:  write true or false",
      'Pulumi.eu-west-1.yaml: takeover is ["us-east-1","us-east-1"]',
      "  rule: a region is named once",
      "  fix:  correct it in Pulumi.eu-west-1.yaml",
    ],
  },
  {
    title: "no fleet file",
    stack: "global",
    edits: { [FLEET]: remove },
    message: [
      "fleet/production.yaml",
      "  rule: the facts of every environment's fleet stand in fleet/<environment>.yaml",
      "  fix:  write the file (start from another environment's) or select a stack of an environment that has one",
    ],
  },
  {
    title: "a fleet file that is no YAML",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("hosts: [api, media]", "hosts: [api, media") },
    message: [
      "fleet/production.yaml: line 10, column 1",
      "  rule: the file is YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "  fix:  correct that line (or the one above it)",
    ],
  },
  {
    title: "a region listed twice",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("  ap-southeast-1:\n", "  eu-west-1:\n") },
    message: [
      "fleet/production.yaml: line 22, column 3",
      "  rule: the file is YAML: Map keys must be unique",
      "  fix:  correct that line (or the one above it)",
    ],
  },
  {
    title: "another environment's fleet",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("environment: production", "environment: staging") },
    message: [
      'fleet/production.yaml: environment is "staging"',
      "  rule: the environment is the one in the file's name",
      "  fix:  write production",
    ],
  },
  {
    title: "an environment that there is none of",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("environment: production", "environment: prod") },
    message: [
      'fleet/production.yaml: environment is "prod"',
      "  rule: must be development, staging or production",
      "  fix:  write development, staging or production",
    ],
  },
  {
    title: "a misspelt key in the fleet",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("dataHome:", "datahome:") },
    message: [
      'fleet/production.yaml: datahome is "us-east-1"',
      "  rule: unknown key; the keys here are environment, organisation, domain, zone, hosts, dataHome, regions, homes, operators, apiAllowedCidrs, delivery, observability and alarmEmails",
      "  fix:  rename it to dataHome",
    ],
  },
  {
    title: "a domain in capitals",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("domain: example.com", "domain: Acme.com") },
    message: [
      'fleet/production.yaml: domain is "Acme.com"',
      "  rule: must be a DNS domain in lower case such as example.com",
      "  fix:  write acme.com",
    ],
  },
  {
    title: "a user's ARN where a role's belongs",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("111122223333:role/platform-viewer", "111122223333:user/viewer") },
    message: [
      'fleet/production.yaml: operators[1].roleArn is "arn:aws:iam::111122223333:user/viewer"',
      "  rule: must be an IAM role's ARN, arn:aws:iam::<account>:role/<name>",
      "  fix:  write an IAM role's ARN, arn:aws:iam::<account>:role/<name>",
    ],
  },
  {
    title: "a role with two entries",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("role/platform-viewer", "role/platform-operator") },
    message: [
      'fleet/production.yaml: operators[1].roleArn is "arn:aws:iam::111122223333:role/platform-operator"',
      "  rule: a role has one access entry on a cluster",
      "  fix:  keep the entry with the access that the role needs",
    ],
  },
  {
    title: "a fleet without regions",
    stack: "global",
    edits: {
      [FLEET]: (text) => text.replace(/^regions:\n(?: .*\n)+/m, "regions: {}\n"),
    },
    message: [
      "fleet/production.yaml: regions is {}",
      "  rule: a fleet has at least one region",
      "  fix:  add a region with its cidr and zones",
    ],
  },
  {
    title: "CIDRs that overlap",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("10.18.0.0/16", "10.16.0.0/16") },
    message: [
      'fleet/production.yaml: regions.ap-southeast-1.cidr is "10.16.0.0/16"',
      "  rule: regions are peered, so a region's CIDR overlaps nothing else's; this one overlaps us-east-1's (10.16.0.0/16)",
      "  fix:  give ap-southeast-1 a /16 that nothing uses, such as 10.18.0.0/16",
    ],
  },
  {
    title: "a CIDR that overlaps the clusters' services",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("10.18.0.0/16", "172.20.0.0/16") },
    message: [
      'fleet/production.yaml: regions.ap-southeast-1.cidr is "172.20.0.0/16"',
      "  rule: regions are peered, so a region's CIDR overlaps nothing else's; this one overlaps the clusters' services (172.20.0.0/16)",
      "  fix:  give ap-southeast-1 a /16 that nothing uses, such as 10.18.0.0/16",
    ],
  },
  {
    title: "a CIDR of another size",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("10.18.0.0/16", "10.18.64.0/20") },
    message: [
      'fleet/production.yaml: regions.ap-southeast-1.cidr is "10.18.64.0/20"',
      "  rule: a region's CIDR is a /16: three zones of a /18 each, the rest in reserve",
      "  fix:  write 10.18.0.0/16 if nothing else uses it",
    ],
  },
  {
    title: "a CIDR with bits beyond its prefix",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("10.18.0.0/16", "10.18.64.0/16") },
    message: [
      'fleet/production.yaml: regions.ap-southeast-1.cidr is "10.18.64.0/16"',
      "  rule: must be a network address: no bit set beyond the /16",
      "  fix:  write 10.18.0.0/16",
    ],
  },
  {
    title: "a CIDR that cannot be",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("10.18.0.0/16", "10.300.0.0/16") },
    message: [
      'fleet/production.yaml: regions.ap-southeast-1.cidr is "10.300.0.0/16"',
      "  rule: must be an IPv4 CIDR block such as 10.16.0.0/16",
      "  fix:  write four numbers up to 255 and a prefix up to 32",
    ],
  },
  {
    title: "a zone of another region",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("eu-west-1c", "eu-west-2c") },
    message: [
      'fleet/production.yaml: regions.eu-west-1.zones[2] is "eu-west-2c"',
      "  rule: the zones of eu-west-1 are named eu-west-1<letter>",
      "  fix:  write a zone of eu-west-1",
    ],
  },
  {
    title: "a zone twice",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("eu-west-1c", "eu-west-1b") },
    message: [
      'fleet/production.yaml: regions.eu-west-1.zones[2] is "eu-west-1b"',
      "  rule: a region has three different zones",
      "  fix:  write another zone of eu-west-1",
    ],
  },
  {
    title: "two zones",
    stack: "eu-west-1",
    edits: { [FLEET]: replace(", eu-west-1c", "") },
    message: [
      'fleet/production.yaml: regions.eu-west-1.zones is ["eu-west-1a","eu-west-1b"]',
      "  rule: must be a list of three availability zones",
      "  fix:  write a list of three availability zones",
    ],
  },
  {
    title: "an unknown data home",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("dataHome: us-east-1", "dataHome: us-east-2") },
    message: [
      'fleet/production.yaml: dataHome is "us-east-2"',
      "  rule: must be a region of the fleet: us-east-1, eu-west-1 or ap-southeast-1",
      "  fix:  write us-east-1, eu-west-1 or ap-southeast-1",
    ],
  },
  {
    title: "metrics shown in an unknown region",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("globalRegion: eu-west-1", "globalRegion: eu-west-9") },
    message: [
      'fleet/production.yaml: observability.globalRegion is "eu-west-9"',
      "  rule: must be a region of the fleet: us-east-1, eu-west-1 or ap-southeast-1",
      "  fix:  write us-east-1, eu-west-1 or ap-southeast-1",
    ],
  },
  {
    title: "a service homed in an unknown region",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("ai-training: ap-southeast-1", "ai-training: sa-east-1") },
    message: [
      'fleet/production.yaml: homes.ai-training is "sa-east-1"',
      "  rule: must be a region of the fleet: us-east-1, eu-west-1 or ap-southeast-1",
      "  fix:  write us-east-1, eu-west-1 or ap-southeast-1",
    ],
  },
  {
    title: "a misspelt service, which leaves the real one homed nowhere",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("ai-training:", "ai-trainig:") },
    message: [
      'fleet/production.yaml: homes.ai-trainig is "ap-southeast-1"',
      "  rule: unknown service; the homed services are chat-generation, text-editor-chat, feed-copy-generation, ai-inference and ai-training",
      "  fix:  rename it to ai-training",
      "fleet/production.yaml: homes.ai-training",
      "  rule: a service that the catalogue places at home has a home region; this one is homed nowhere",
      "  fix:  add ai-training: us-east-1, eu-west-1 or ap-southeast-1",
    ],
  },
  {
    title: "a home for a service that runs everywhere",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("homes:\n", "homes:\n  api: us-east-1\n") },
    message: [
      'fleet/production.yaml: homes.api is "us-east-1"',
      "  rule: api runs everywhere; only services that the catalogue places at home have one",
      "  fix:  remove it, or place the service at home in the catalogue",
    ],
  },
  {
    title: "a host twice",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("[api, media]", "[api, media, api]") },
    message: [
      'fleet/production.yaml: hosts[2] is "api"',
      "  rule: a host is listed once",
      "  fix:  remove it",
    ],
  },
  {
    title: "a host with a region's name",
    stack: "global",
    edits: { [FLEET]: replace("[api, media]", "[api, eu-west-1]") },
    message: [
      'fleet/production.yaml: hosts[1] is "eu-west-1"',
      "  rule: no host has a region's name: <region>.<domain> is the region's own",
      "  fix:  rename the host",
    ],
  },
  {
    title: "an API open to everyone",
    stack: "eu-west-1",
    edits: { [FLEET]: replace("203.0.113.0/24", "0.0.0.0/0") },
    message: [
      'fleet/production.yaml: apiAllowedCidrs[0] is "0.0.0.0/0"',
      "  rule: the EKS API is never open to the whole internet: a block of /8 or narrower",
      "  fix:  list the addresses of your VPN and CI runners instead",
    ],
  },
  {
    title: "an existing zone without its id",
    stack: "global",
    edits: { [FLEET]: replace("\n  id: Z0EXAMPLE0EXAMPLE0", "") },
    message: [
      "fleet/production.yaml: zone.id",
      "  rule: required where zone.source is existing: certificates are validated in the zone without a look-up",
      "  fix:  add the id of example.com's hosted zone (`aws route53 list-hosted-zones-by-name --dns-name example.com`)",
    ],
  },
  {
    title: "a region before the zone that is to be created",
    stack: "us-east-1",
    edits: { [FLEET]: replace("existing\n  id: Z0EXAMPLE0EXAMPLE0", "create") },
    message: [
      "fleet/production.yaml: zone.id",
      "  rule: a regional stack validates its certificate in the hosted zone, which comes first; zone.source is create",
      "  fix:  set whenRegionMissing: skip in Pulumi.global.yaml, run `pulumi up -s global` and copy zoneId of its output here",
    ],
  },
  {
    title: "two primaries",
    stack: "eu-west-1",
    edits: { [EU]: replace("secondary", "primary") },
    message: [
      'Pulumi.eu-west-1.yaml and Pulumi.us-east-1.yaml: database.role is "primary"',
      "  rule: exactly one region of the fleet is the primary, the Aurora writer",
      "  fix:  write secondary in the others; the edit of a file is enough, their stacks need not run",
    ],
  },
  {
    title: "no primary",
    stack: "eu-west-1",
    edits: { [US]: replace("primary", "secondary") },
    message: [
      'Pulumi.ap-southeast-1.yaml, Pulumi.eu-west-1.yaml and Pulumi.us-east-1.yaml: database.role is "secondary"',
      "  rule: exactly one region of the fleet is the primary, the Aurora writer",
      "  fix:  write primary in the file of the region that is the writer",
    ],
  },
  {
    title: "stack name and aws:region that disagree",
    stack: "eu-west-1",
    edits: { [EU]: replace("aws:region: eu-west-1", "aws:region: eu-west-2") },
    message: [
      'Pulumi.eu-west-1.yaml: aws:region is "eu-west-2"',
      "  rule: a regional stack works in the region that its name says, eu-west-1",
      "  fix:  set it to eu-west-1; a live stack never moves, another region is another stack",
    ],
  },
  {
    title: "a regional stack without aws:region",
    stack: "eu-west-1",
    edits: { [EU]: replace("  aws:region: eu-west-1\n", "") },
    message: [
      "Pulumi.eu-west-1.yaml: aws:region",
      "  rule: a regional stack works in the region that its name says, eu-west-1",
      "  fix:  set it to eu-west-1; a live stack never moves, another region is another stack",
    ],
  },
  {
    title: "a global stack without aws:region",
    stack: "global",
    edits: { [GLOBAL]: replace("  aws:region: eu-west-1\n", "") },
    message: [
      "Pulumi.global.yaml: aws:region",
      "  rule: required: the region in which this stack asks AWS who it is",
      "  fix:  set it to a region that works, such as eu-west-1",
    ],
  },
  {
    title: "a stack of a region that is not the fleet's",
    stack: "eu-west-2",
    edits: {
      "Pulumi.eu-west-2.yaml": write(
        "config:\n  aws:region: eu-west-2\n  multi-region-eks:database:\n    role: secondary\n",
      ),
    },
    message: [
      'Pulumi.eu-west-2.yaml: the stack\'s region is "eu-west-2"',
      "  rule: must be a region of the fleet: us-east-1, eu-west-1 or ap-southeast-1",
      "  fix:  add eu-west-2 to fleet/production.yaml: regions, or remove Pulumi.eu-west-2.yaml",
    ],
  },
  {
    title: "a stack name that is none",
    stack: "prod-us-east-1",
    edits: {},
    message: [
      'stack name is "prod-us-east-1"',
      "  rule: a stack is named <region>, global or backbone, with development- or staging- before it outside production",
      "  fix:  select a stack such as us-east-1, global or staging-us-east-1 (`pulumi stack ls` lists them)",
    ],
  },
  {
    title: "a misspelt region in the global stack",
    stack: "global",
    edits: { [GLOBAL]: replace("    eu-west-1:", "    eu-wst-1:") },
    message: [
      'Pulumi.global.yaml: regions.eu-wst-1 is {"traffic":"active"}',
      "  rule: must be a region of the fleet: us-east-1, eu-west-1 or ap-southeast-1",
      "  fix:  rename it to eu-west-1",
    ],
  },
  {
    title: "a region that the global stack leaves out",
    stack: "global",
    edits: { [GLOBAL]: replace("    eu-west-1:\n      traffic: active\n", "") },
    message: [
      "Pulumi.global.yaml: regions.eu-west-1.traffic",
      "  rule: required: every region of the fleet has a traffic state",
      "  fix:  write active, drained or pinned",
    ],
  },
  {
    title: "a name that is no region's in the global stack",
    stack: "global",
    edits: { [GLOBAL]: append("    europe:\n      traffic: active\n") },
    message: [
      'Pulumi.global.yaml: regions.europe is {"traffic":"active"}',
      "  rule: the key must be an AWS region such as eu-west-1",
      "  fix:  correct the key's name",
    ],
  },
  {
    title: "every region drained",
    stack: "global",
    edits: { [GLOBAL]: (text) => text.replaceAll("active", "drained") },
    message: [
      'Pulumi.global.yaml: traffic of us-east-1, eu-west-1 and ap-southeast-1 is "drained"',
      "  rule: at least one region is not drained; with all of them drained Route 53 answers as if all were healthy",
      "  fix:  write active for a region that can serve",
    ],
  },
  {
    title: "a region that takes itself over",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:takeover: [eu-west-1]\n") },
    message: [
      'Pulumi.eu-west-1.yaml: takeover[0] is "eu-west-1"',
      "  rule: a region takes over others; what is homed in it runs in it anyway",
      "  fix:  remove it",
    ],
  },
  {
    title: "a takeover of a region that is not the fleet's",
    stack: "eu-west-1",
    edits: { [EU]: append("  multi-region-eks:takeover: [us-east-2]\n") },
    message: [
      'Pulumi.eu-west-1.yaml: takeover[0] is "us-east-2"',
      "  rule: must be another region of the fleet: us-east-1 or ap-southeast-1",
      "  fix:  write us-east-1 or ap-southeast-1",
    ],
  },
  {
    title: "a region without its stack file, to the stack that spans regions",
    stack: "backbone",
    edits: { [EU]: remove },
    message: [
      "fleet/production.yaml: regions.eu-west-1",
      "  rule: every region of the fleet has its stack file; there is no Pulumi.eu-west-1.yaml",
      "  fix:  write Pulumi.eu-west-1.yaml (start from another region's) or remove eu-west-1 from the fleet",
    ],
  },
  {
    title: "a sibling that cannot be read, to the stack that spans regions",
    stack: "backbone",
    edits: { [EU]: replace("role: secondary", "role: [secondary") },
    message: [
      "Pulumi.eu-west-1.yaml: line 5, column 1",
      "  rule: the file is YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "  fix:  correct that line (or the one above it)",
    ],
  },
  {
    title: "placeholders in a real update",
    stack: "us-east-1",
    edits: {},
    realUpdate: true,
    message: [
      'fleet/production.yaml: organisation is "example"',
      "  rule: a placeholder stands for your organisation's short name; a real update needs the real value",
      "  fix:  write your own",
      'fleet/production.yaml: domain is "example.com"',
      "  rule: a placeholder stands for your public domain; a real update needs the real value",
      "  fix:  write a domain that you own",
      'fleet/production.yaml: zone.id is "Z0EXAMPLE0EXAMPLE0"',
      "  rule: a placeholder stands for the id of your hosted zone; a real update needs the real value",
      "  fix:  write the id that `aws route53 list-hosted-zones-by-name --dns-name example.com` gives",
      'fleet/production.yaml: operators[0].roleArn is "arn:aws:iam::111122223333:role/platform-operator"',
      "  rule: a placeholder stands for a role of your account; a real update needs the real value",
      "  fix:  write the ARN of a role that operates your clusters",
      'fleet/production.yaml: operators[1].roleArn is "arn:aws:iam::111122223333:role/platform-viewer"',
      "  rule: a placeholder stands for a role of your account; a real update needs the real value",
      "  fix:  write the ARN of a role that operates your clusters",
      'fleet/production.yaml: apiAllowedCidrs[0] is "203.0.113.0/24"',
      "  rule: a placeholder stands for the addresses of your VPN and CI runners; a real update needs the real value",
      "  fix:  write your own",
    ],
  },
];
