import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

/**
 * Route tables of the VPC's private and isolated subnets, in the subnets' order. The component has one
 * per subnet and does not say which is whose; the associations do.
 */
export function privateRouteTableIds(vpc: awsx.ec2.Vpc): pulumi.Output<string[]> {
  const associations = vpc.routeTableAssociations.apply((all) =>
    pulumi.all(
      all.map(({ subnetId, routeTableId }) => pulumi.all([subnetId, routeTableId] as const)),
    ),
  );
  return pulumi
    .all([vpc.privateSubnetIds, vpc.isolatedSubnetIds, associations])
    .apply(([privateIds, isolatedIds, pairs]) => {
      const tables = new Map(pairs.flatMap(([subnet, table]) => (subnet ? [[subnet, table]] : [])));
      return [...privateIds, ...isolatedIds].flatMap((subnet) => tables.get(subnet) ?? []);
    });
}
