import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegionNames } from "../../config/names";

/** Every day at 03:00 UTC. */
const SCHEDULE = "cron(0 3 * * ? *)";

/** Minutes within which a backup has to start, and to be done. */
const START_WINDOW = 60;
const COMPLETION_WINDOW = 360;

/** S3's two are not part of the general ones (AWS Backup guide, "Creating Amazon S3 backups"). */
const ROLE_POLICIES = {
  backup: aws.iam.ManagedPolicy.AWSBackupServiceRolePolicyForBackup,
  restore: aws.iam.ManagedPolicy.AWSBackupServiceRolePolicyForRestores,
  "s3-backup": aws.iam.ManagedPolicy.AWSBackupServiceRolePolicyForS3Backup,
  "s3-restore": aws.iam.ManagedPolicy.AWSBackupServiceRolePolicyForS3Restore,
} as const;

export interface BackupsArgs {
  names: Pick<RegionNames, "prefix" | "role">;
  /** What is backed up. A bucket has to be versioned. */
  resourceArns: readonly pulumi.Input<string>[];
  retentionDays: number;
  kmsKeyArn: pulumi.Input<string>;
  /** Pulumi's `protect` on the vault; off, a destroy deletes the recovery points with it. */
  deletionProtection: boolean;
  tags: Record<string, string>;
}

/**
 * AWS Backup of a region: a vault, a daily plan, and the role that it runs as. Resources are named by
 * ARN, so that a tag edit cannot drop one from the plan. Aurora and S3 have to be switched on in the
 * region's AWS Backup settings, which are the account's, not a stack's.
 *
 * The vault is not locked: a lock in compliance mode cannot be undone by anybody, which is a decision
 * for the account's owner.
 */
export class Backups extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;

  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:backup:Backups", name, {}, opts);

    const vault = this.createVault(name, args);
    const plan = this.createPlan(name, args, vault);
    const { role, policies } = this.createRole(name, args);
    this.createSelection(name, args, plan, role, policies);

    this.vaultName = vault.name;
    this.registerOutputs({ vaultName: this.vaultName });
  }

  private createVault(name: string, args: BackupsArgs): aws.backup.Vault {
    return new aws.backup.Vault(
      name,
      {
        name: args.names.prefix,
        kmsKeyArn: args.kmsKeyArn,
        forceDestroy: !args.deletionProtection,
        tags: args.tags,
      },
      { parent: this, protect: args.deletionProtection },
    );
  }

  private createPlan(name: string, args: BackupsArgs, vault: aws.backup.Vault): aws.backup.Plan {
    return new aws.backup.Plan(
      name,
      {
        name: args.names.prefix,
        rules: [
          {
            ruleName: "daily",
            targetVaultName: vault.name,
            schedule: SCHEDULE,
            startWindow: START_WINDOW,
            completionWindow: COMPLETION_WINDOW,
            lifecycle: { deleteAfter: args.retentionDays },
            recoveryPointTags: args.tags,
          },
        ],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createRole(name: string, args: BackupsArgs) {
    const role = new aws.iam.Role(
      name,
      {
        name: args.names.role("backup"),
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }),
        tags: args.tags,
      },
      { parent: this },
    );
    const policies = Object.entries(ROLE_POLICIES).map(
      ([suffix, policyArn]) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${suffix}`,
          { role: role.name, policyArn },
          { parent: this },
        ),
    );
    return { role, policies };
  }

  private createSelection(
    name: string,
    args: BackupsArgs,
    plan: aws.backup.Plan,
    role: aws.iam.Role,
    policies: aws.iam.RolePolicyAttachment[],
  ): void {
    new aws.backup.Selection(
      name,
      {
        name: args.names.prefix,
        planId: plan.id,
        iamRoleArn: role.arn,
        resources: [...args.resourceArns],
      },
      { parent: this, dependsOn: policies },
    );
  }
}
