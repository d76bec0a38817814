import assert from "node:assert/strict";
import { Cloud } from "../../doubles";
import { ProviderDouble } from "../../doubles/providerDouble";
import { type Props, text } from "../../doubles/values";

/** A strict cloud with a provider, and short ways to make things in it. */
export class Bench {
  readonly cloud = new Cloud();
  readonly provider: ProviderDouble;

  constructor(region = "us-east-1") {
    this.provider = new ProviderDouble(this.cloud, region);
  }

  /** Checks and creates; returns the id. */
  make(type: string, inputs: Props, name = "it"): string {
    return this.provider.create(type, this.provider.check(type, name, {}, inputs)).id;
  }

  refuses(type: string, inputs: Props, message: RegExp): void {
    assert.throws(() => this.make(type, inputs, "refused"), message);
  }

  state(type: string, id: string, region = this.provider.region): Props {
    const found =
      this.cloud.get(type, region, id) ?? this.cloud.get(type, "aws-global", id) ?? assert.fail();
    return found.state;
  }

  delete(type: string, id: string): void {
    this.provider.delete(type, id, {});
  }

  vpc(cidrBlock = "10.0.0.0/16", more: Props = {}): string {
    return this.make("aws:ec2/vpc:Vpc", { cidrBlock, ...more });
  }

  subnet(vpcId: string, cidrBlock: string, zone = "us-east-1a", more: Props = {}): string {
    return this.make("aws:ec2/subnet:Subnet", {
      vpcId,
      cidrBlock,
      availabilityZone: zone,
      ...more,
    });
  }

  role(name: string, service = "eks.amazonaws.com"): string {
    const id = this.make("aws:iam/role:Role", { name, assumeRolePolicy: trust(service) });
    return text(this.state("aws:iam/role:Role", id), "arn") ?? assert.fail();
  }
}

export function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}
