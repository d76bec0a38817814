import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClientSecurityGroup } from "../access/clientSecurityGroup";
import { DATABASE_PORT } from "./engine";

export interface ProxyAccessArgs {
  /** IAM role of the proxy; IAM names are account-wide. */
  roleName: string;
  /** Database credentials in this region, as username and password in JSON. */
  secretArn: pulumi.Input<string>;
  databaseSecurityGroupId: pulumi.Input<string>;
  clientSecurityGroupIds: readonly pulumi.Input<string>[];
  vpcId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** What the proxy may: read one secret, be reached by the clients, reach the database. */
export class ProxyAccess extends pulumi.ComponentResource {
  /** Known once the role may read the secret. */
  readonly roleArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ProxyAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:database:ProxyAccess", name, {}, opts);

    this.roleArn = this.createRole(name, args);
    this.securityGroupId = this.createSecurityGroup(name, args);
    this.registerOutputs({ roleArn: this.roleArn, securityGroupId: this.securityGroupId });
  }

  private createRole(name: string, args: ProxyAccessArgs): pulumi.Output<string> {
    const role = new aws.iam.Role(
      name,
      {
        name: args.roleName,
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "rds.amazonaws.com" }),
        tags: args.tags,
      },
      { parent: this },
    );
    // The secret is under aws/secretsmanager, whose key policy lets the account's readers decrypt: no KMS grant.
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "secretsmanager:GetSecretValue",
              Resource: pulumi.output(args.secretArn),
            },
          ],
        },
      },
      { parent: this },
    );
    return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
  }

  private createSecurityGroup(name: string, args: ProxyAccessArgs): pulumi.Output<string> {
    const { databaseSecurityGroupId, tags } = args;
    const { securityGroupId } = new ClientSecurityGroup(
      `${name}-clients`,
      {
        description: "Clients of the database proxy",
        vpcId: args.vpcId,
        port: DATABASE_PORT,
        clientSecurityGroupIds: args.clientSecurityGroupIds,
        tags,
      },
      { parent: this },
    );
    const rule = { ipProtocol: "tcp", fromPort: DATABASE_PORT, toPort: DATABASE_PORT, tags };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-database`,
      { ...rule, securityGroupId, referencedSecurityGroupId: databaseSecurityGroupId },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-to-database`,
      {
        ...rule,
        securityGroupId: databaseSecurityGroupId,
        referencedSecurityGroupId: securityGroupId,
      },
      { parent: this },
    );
    return securityGroupId;
  }
}
