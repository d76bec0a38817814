import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyPolicy, type ServicePrincipal } from "./keyPolicy";

export interface EncryptionKeyArgs {
  /** The account that owns the key; the stack asks for it once. */
  accountId: pulumi.Input<string>;
  /** Default: the provider's region. Only a stack that spans regions names it. */
  region?: string;
  /** Alias without `alias/`; unique in the account and region. */
  alias: string;
  /** What the key protects, for those who meet it in the console. */
  description: string;
  /** AWS services that use the key in their own name rather than a caller's. Default: none. */
  services?: readonly ServicePrincipal[];
  /** Days between a deletion and the loss of all that the key encrypted; 7 to 30, default 30. */
  deletionWindowDays?: number;
  tags: Record<string, string>;
}

/** The longest that KMS offers: what a lost key encrypted is lost for good. */
const DELETION_WINDOW_DAYS = 30;

/** A symmetric KMS key that AWS rotates every year, with its alias. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multi-region-eks:encryption:EncryptionKey", name, {}, opts);
    const key = this.createKey(name, args);
    this.createAlias(name, args, key);
    this.arn = key.arn;
    this.id = key.keyId;
    this.registerOutputs({ arn: this.arn, id: this.id });
  }

  private createKey(name: string, args: EncryptionKeyArgs): aws.kms.Key {
    return new aws.kms.Key(
      `${name}-key`,
      {
        region: args.region,
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: args.deletionWindowDays ?? DELETION_WINDOW_DAYS,
        policy: keyPolicy(args.accountId, args.services ?? []),
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private createAlias(name: string, args: EncryptionKeyArgs, key: aws.kms.Key): void {
    new aws.kms.Alias(
      `${name}-alias`,
      { region: args.region, name: `alias/${args.alias}`, targetKeyId: key.keyId },
      { parent: this },
    );
  }
}
