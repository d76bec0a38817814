import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../infra/components/identity/policy";
import { SERVICES_NAMESPACE } from "../catalogue";
import type { Addon, AddonContext } from "./addon";
import { waitFor } from "./kubernetesObjects";
import { onSystemNodes } from "./placement";

const SERVICE_ACCOUNT = "external-secrets";

/** The store that ExternalSecrets name (`secretStore.name` of workloads/charts/service). */
export const SECRET_STORE = "aws-secrets-manager";

const REQUESTS = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } };

/** Copies secrets of AWS Secrets Manager into the services' namespace. It reads; it never writes there. */
export const externalSecrets: Addon = {
  name: "external-secrets",
  namespace: { name: "external-secrets", podSecurity: "restricted" },
  chart: {
    chart: "external-secrets",
    version: "2.9.0",
    repository: "https://charts.external-secrets.io",
  },
  crds: { by: "templates", value: "installCRDs" },
  dependsOn: ["aws-load-balancer-controller"],
  values: () => ({
    installCRDs: true,
    global: onSystemNodes(),
    replicaCount: 2,
    leaderElect: true,
    podDisruptionBudget: { enabled: true },
    serviceAccount: { name: SERVICE_ACCOUNT },
    resources: REQUESTS,
    processPushSecret: false,
    processClusterPushSecret: false,
    webhook: { replicaCount: 2, podDisruptionBudget: { enabled: true }, resources: REQUESTS },
    certController: { resources: REQUESTS },
  }),
  identity: (context) => ({
    serviceAccount: SERVICE_ACCOUNT,
    statements: readSecrets(context),
  }),
  objects: ({ region }) => [
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: SECRET_STORE, annotations: waitFor("condition=Ready") },
      spec: {
        // No `auth`: the controller's own role, by Pod Identity.
        provider: { aws: { service: "SecretsManager", region } },
        conditions: [{ namespaces: [SERVICES_NAMESPACE] }],
      },
    },
  ],
};

/**
 * The region's own secrets and replicas by name. Secrets Manager appends six characters to each in its
 * ARN, hence the question marks (Secrets Manager guide, "Identity-based policies"). They are encrypted
 * under `aws/secretsmanager`, whose key policy lets every principal of the account read through it.
 */
function readSecrets({ names, region, accountId }: AddonContext): PolicyStatement[] {
  const secrets = [names.commonSecret, names.databaseSecret, names.cacheSecret];
  return [
    {
      Sid: "ReadSecretsOfServices",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secrets.map(
        (name) =>
          pulumi.interpolate`arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-??????`,
      ),
    },
  ];
}
