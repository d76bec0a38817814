import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Days in which a deleted secret can be restored; Secrets Manager's maximum. */
const RECOVERY_WINDOW_DAYS = 30;

export interface ReplicatedSecretArgs {
  /** Name of the secret, the same in every region, such as `production/database`. */
  name: string;
  /** This region makes the secret; elsewhere Secrets Manager's replica has the same name, and nothing is made. */
  home: boolean;
  /** What the secret holds; the home region's alone. Left out: operators put it in, and the program never touches it. */
  value?: pulumi.Input<string>;
  /** The other regions of the fleet. */
  replicaRegions: readonly string[];
  /** Off: a deleted secret is gone at once, so that its name is free again. Default true. */
  deletionProtection?: boolean;
  tags: Record<string, string>;
}

/**
 * A secret that Secrets Manager keeps the same in every region, readable there while its home is down.
 *
 * It is encrypted under each region's own `aws/secretsmanager` key: a customer's key would have to
 * exist in every replica region before the home region, which comes up first.
 */
export class ReplicatedSecret extends pulumi.ComponentResource {
  readonly secretName: pulumi.Output<string>;

  /** @throws Error when a region that is not the home gives a value. */
  constructor(name: string, args: ReplicatedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:secrets:ReplicatedSecret", name, {}, opts);
    if (!args.home && args.value !== undefined) {
      throw new Error(`${name}: only the home region gives the secret its value`);
    }
    this.secretName = args.home ? this.createSecret(name, args).name : pulumi.output(args.name);
    this.registerOutputs({ secretName: this.secretName });
  }

  private createSecret(name: string, args: ReplicatedSecretArgs): aws.secretsmanager.Secret {
    const { deletionProtection = true, value } = args;
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.name,
        replicas: args.replicaRegions.map((region) => ({ region })),
        // A secret of that name in a replica region is somebody else's: fail rather than overwrite it.
        forceOverwriteReplicaSecret: false,
        recoveryWindowInDays: deletionProtection ? RECOVERY_WINDOW_DAYS : 0,
        tags: args.tags,
      },
      { parent: this, protect: deletionProtection },
    );
    if (value !== undefined) {
      new aws.secretsmanager.SecretVersion(
        name,
        { secretId: secret.id, secretString: value },
        { parent: this },
      );
    }
    return secret;
  }
}
