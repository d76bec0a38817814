import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../refusal";
import { type Args, input, plain, plainOr, tags } from "./args";
import { layout, type Planned, type SubnetSpec } from "./vpcLayout";

const DEFAULT_SPECS: SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];

interface Nat {
  strategy: "None" | "Single" | "OnePerAz";
  elasticIpAllocationIds?: pulumi.Input<string>[];
}

/** What `awsx.ec2.Vpc` registers. @see pulumi-awsx awsx/ec2/vpc.ts */
export async function buildVpc(
  parent: pulumi.Resource,
  name: string,
  args: Args,
): Promise<Record<string, unknown>> {
  const built = new Built(parent, name, args);
  const zones = await zonesOf(args);
  const specs = plainOr<SubnetSpec[]>(args, "subnetSpecs", DEFAULT_SPECS);
  const cidrBlock = plainOr(args, "cidrBlock", "10.0.0.0/16");
  const nat = plainOr<Nat>(args, "natGateways", { strategy: "OnePerAz" });
  checkNat(nat, specs, zones.length);
  const strategy = plainOr(args, "subnetStrategy", "Legacy");
  const planned = layout(name, cidrBlock, zones, specs, strategy);
  // Public subnets first: the others' routes need their NAT gateways.
  for (const subnet of planned.filter(({ spec }) => spec.type === "Public"))
    built.subnet(subnet, nat);
  for (const subnet of planned.filter(({ spec }) => spec.type !== "Public"))
    built.subnet(subnet, nat);
  return built.outputs(specs);
}

async function zonesOf(args: Args): Promise<string[]> {
  const names = plain<string[]>(args, "availabilityZoneNames");
  const count = plain<number>(args, "numberOfAvailabilityZones");
  if (names !== undefined) {
    if (count !== undefined) {
      refuse("only one of availabilityZoneNames and numberOfAvailabilityZones can be given");
    }
    return names;
  }
  const available = await aws.getAvailabilityZones({ state: "available" });
  return available.names.slice(0, count ?? 3);
}

function checkNat(nat: Nat, specs: readonly SubnetSpec[], zones: number): void {
  if (nat.strategy !== "None" && !specs.some((spec) => spec.type === "Public")) {
    refuse(`NAT gateway strategy ${nat.strategy} needs a public subnet`, "natGateways");
  }
  const given = nat.elasticIpAllocationIds?.length;
  const needed = nat.strategy === "Single" ? 1 : zones;
  if (given !== undefined && given !== needed) {
    refuse(`${given} elasticIpAllocationIds for ${needed} NAT gateways`, "natGateways");
  }
}

/** The children of one VPC, in the making. */
class Built {
  private readonly vpc: aws.ec2.Vpc;
  private readonly internetGateway: aws.ec2.InternetGateway;
  private readonly subnets: { planned: Planned; subnet: aws.ec2.Subnet }[] = [];
  private readonly routeTables: aws.ec2.RouteTable[] = [];
  private readonly associations: aws.ec2.RouteTableAssociation[] = [];
  private readonly routes: aws.ec2.Route[] = [];
  private readonly eips: aws.ec2.Eip[] = [];
  private readonly natGateways: aws.ec2.NatGateway[] = [];
  private readonly shared: pulumi.Input<Record<string, string>> | undefined;

  constructor(parent: pulumi.Resource, name: string, args: Args) {
    this.shared = input(args, "tags");
    this.vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: plainOr(args, "cidrBlock", "10.0.0.0/16"),
        assignGeneratedIpv6CidrBlock: input(args, "assignGeneratedIpv6CidrBlock"),
        enableDnsHostnames: input(args, "enableDnsHostnames") ?? true,
        enableDnsSupport: input(args, "enableDnsSupport") ?? true,
        enableNetworkAddressUsageMetrics: input(args, "enableNetworkAddressUsageMetrics"),
        instanceTenancy: input(args, "instanceTenancy"),
        tags: tags({ Name: name }, this.shared),
      },
      { parent },
    );
    this.internetGateway = new aws.ec2.InternetGateway(
      name,
      { vpcId: this.vpc.id, tags: tags({ Name: name }, this.shared) },
      { parent: this.vpc, dependsOn: [this.vpc] },
    );
    this.prefix = name;
  }

  private readonly prefix: string;

  subnet(planned: Planned, nat: Nat): void {
    const { spec, name, zone, cidrBlock, index } = planned;
    const subnet = new aws.ec2.Subnet(
      name,
      {
        vpcId: this.vpc.id,
        availabilityZone: zone,
        mapPublicIpOnLaunch: spec.type === "Public",
        cidrBlock,
        assignIpv6AddressOnCreation: spec.assignIpv6AddressOnCreation,
        tags: tags({ Name: name, SubnetType: spec.type }, this.shared, spec.tags),
      },
      { parent: this.vpc, dependsOn: [this.vpc] },
    );
    this.subnets.push({ planned, subnet });
    const table = new aws.ec2.RouteTable(
      name,
      { vpcId: this.vpc.id, tags: tags({ Name: name, SubnetType: spec.type }, this.shared) },
      { parent: subnet, dependsOn: [subnet] },
    );
    this.routeTables.push(table);
    this.associations.push(
      new aws.ec2.RouteTableAssociation(
        name,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: table, dependsOn: [table] },
      ),
    );
    if (spec.type === "Public") this.publicParts(name, subnet, table, nat, index);
    if (spec.type === "Private") this.privateRoute(name, table, nat, index);
  }

  private publicParts(
    name: string,
    subnet: aws.ec2.Subnet,
    table: aws.ec2.RouteTable,
    nat: Nat,
    index: number,
  ): void {
    this.routes.push(
      new aws.ec2.Route(
        name,
        {
          routeTableId: table.id,
          gatewayId: this.internetGateway.id,
          destinationCidrBlock: "0.0.0.0/0",
        },
        { parent: table, dependsOn: [table] },
      ),
    );
    const wanted = nat.strategy === "OnePerAz" || (nat.strategy === "Single" && index === 0);
    if (!wanted || this.natGateways.length > index) return;
    const gateway = `${this.prefix}-${index + 1}`;
    const given = nat.elasticIpAllocationIds?.[index];
    const allocationId = given ?? this.eip(gateway, subnet).allocationId;
    this.natGateways.push(
      new aws.ec2.NatGateway(
        gateway,
        { subnetId: subnet.id, allocationId, tags: tags({ Name: gateway }, this.shared) },
        { parent: subnet, dependsOn: [subnet] },
      ),
    );
  }

  private eip(name: string, subnet: aws.ec2.Subnet): aws.ec2.Eip {
    const eip = new aws.ec2.Eip(
      name,
      { tags: tags({ Name: name }, this.shared) },
      { parent: subnet, dependsOn: [subnet] },
    );
    this.eips.push(eip);
    return eip;
  }

  private privateRoute(name: string, table: aws.ec2.RouteTable, nat: Nat, index: number): void {
    if (nat.strategy === "None") return;
    const gateway = this.natGateways[nat.strategy === "Single" ? 0 : index];
    if (gateway === undefined) refuse(`no NAT gateway for zone ${index + 1}`, "natGateways");
    this.routes.push(
      new aws.ec2.Route(
        name,
        {
          routeTableId: table.id,
          natGatewayId: gateway.id,
          destinationCidrBlock: "0.0.0.0/0",
        },
        { parent: table, dependsOn: [table] },
      ),
    );
  }

  outputs(specs: readonly SubnetSpec[]): Record<string, unknown> {
    const of = (kind?: string): aws.ec2.Subnet[] =>
      this.subnets
        .filter(({ planned }) => kind === undefined || planned.spec.type === kind)
        .map(({ subnet }) => subnet);
    const ids = (kind: string): pulumi.Output<string>[] => of(kind).map((subnet) => subnet.id);
    return {
      vpc: this.vpc,
      vpcId: this.vpc.id,
      internetGateway: this.internetGateway,
      subnets: of(),
      publicSubnets: of("Public"),
      privateSubnets: of("Private"),
      isolatedSubnets: of("Isolated"),
      publicSubnetIds: ids("Public"),
      privateSubnetIds: ids("Private"),
      isolatedSubnetIds: ids("Isolated"),
      routeTables: this.routeTables,
      routeTableAssociations: this.associations,
      routes: this.routes,
      eips: this.eips,
      natGateways: this.natGateways,
      vpcEndpoints: [],
      subnetLayout: specs.map((spec) => ({
        type: spec.type,
        cidrBlocks: this.subnets
          .filter(({ planned }) => planned.spec === spec)
          .map(({ planned }) => planned.cidrBlock),
      })),
    };
  }
}
