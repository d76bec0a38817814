import type { Cloud, Thing } from "../cloud";
import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, isProps, number, text, texts } from "../values";
import { validName } from "./iam";
import { validPolicy } from "./iamPolicy";
import { withKey } from "./kms";

const SECRET = "aws:secretsmanager/secret:Secret";

/** The secret that a region's Secrets Manager knows by this name or ARN, its own or a replica, and its ARN there. */
export function secretIn(
  cloud: Cloud,
  region: string,
  nameOrArn: string,
): { arn: string; secret: Thing } | undefined {
  const known = cloud
    .all(SECRET)
    .filter((thing) => [thing.region, ...texts(thing.inputs, "replicas[].region")].includes(region))
    .map((secret) => ({ secret, arn: secret.id.replace(`:${secret.region}:`, `:${region}:`) }));
  return known.find(({ secret, arn }) => [arn, text(secret.inputs, "name")].includes(nameOrArn));
}

export const secretsManager: Catalogue = {
  [SECRET]: {
    autoName: { property: "name", max: 512 },
    forceNew: ["name", "namePrefix", "region"],
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    references: [withKey("kmsKeyId")],
    validate: (inputs) => {
      validName(inputs, 512, /^[\w/+=.@-]+$/);
      const days = number(inputs, "recoveryWindowInDays");
      if (days !== undefined && days !== 0 && (days < 7 || days > 30)) {
        refuse(`recoveryWindowInDays is 0 or 7 to 30, not ${days}`, "recoveryWindowInDays");
      }
      const regions = texts(inputs, "replicas[].region");
      const twice = regions.find((region, index) => regions.indexOf(region) !== index);
      if (twice !== undefined) refuse(`replicas name ${twice} twice`, "replicas");
      if (text(inputs, "policy") !== undefined) validPolicy(inputs, "policy", "resource");
    },
    admit: (inputs, { cloud, region, self }) => {
      const name = text(inputs, "name");
      for (const replica of texts(inputs, "replicas[].region")) {
        if (replica === region)
          refuse(`a secret cannot be replicated to its own region ${region}`, "replicas");
        const taken = cloud
          .all(SECRET, replica)
          .find((other) => text(other.inputs, "name") === name && other !== self);
        if (taken)
          refuse(`replica: a secret named "${name}" already exists in ${replica}`, "replicas");
        cloud.call(replica, "aws:secretsmanager replication");
      }
      const copy = cloud
        .all(SECRET)
        .find(
          (other) =>
            other !== self &&
            text(other.inputs, "name") === name &&
            texts(other.inputs, "replicas[].region").includes(region),
        );
      if (copy) refuse(`"${name}" already exists in ${region} (replica of ${copy.id})`, "name");
    },
    unique: { of: (inputs) => text(inputs, "name") },
    id: (inputs, { cloud, region }) =>
      cloud.arn("secretsmanager", region, `secret:${text(inputs, "name")}-${cloud.hex(6)}`),
    outputs: (inputs, { id, old }) => ({
      arn: id,
      policy: inputs.policy ?? old?.policy ?? "",
      replicas: at(inputs, "replicas[]").map((replica) => ({
        ...(isProps(replica) ? replica : {}),
        status: "InSync",
        statusMessage: "Replication succeeded",
        lastAccessedDate: "",
      })),
    }),
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    forceNew: ["secretId", "secretBinary", "region"],
    references: [{ path: "secretId", type: SECRET, blocks: false }],
    validate: (inputs) => {
      const given = ["secretString", "secretBinary", "secretStringWo"].filter(
        (key) => at(inputs, key).length > 0,
      );
      if (given.length > 1) refuse(`only one of ${given.join(", ")} can be given`, given[0]);
    },
    id: (inputs, { cloud }) => `${text(inputs, "secretId")}|terraform-${cloud.hex(26)}`,
    outputs: (inputs, { id }) => ({
      arn: text(inputs, "secretId"),
      versionId: id.split("|").at(-1),
      versionStages: inputs.versionStages ?? ["AWSCURRENT"],
      hasSecretStringWo: false,
    }),
  },
};
