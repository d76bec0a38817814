import type { Rendered } from "./committed";

interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type: string };
}

export interface Container {
  name: string;
  image: string;
  securityContext?: SecurityContext;
  ports?: { hostPort?: number }[];
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Record<string, unknown>[];
  securityContext?: SecurityContext;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: PodSpec;
}

/** Kinds of volume that the restricted standard allows. */
const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Templates of the pods that an object makes, by a word for each. */
export function podTemplates(object: Rendered): [string, PodTemplate][] {
  if (object.kind === "Deployment" || object.kind === "StatefulSet") {
    const { template } = object.spec as { template: PodTemplate };
    return [["pod", template]];
  }
  if (object.kind !== "RayCluster") return [];
  const { headGroupSpec, workerGroupSpecs } = object.spec as {
    headGroupSpec: { template: PodTemplate };
    workerGroupSpecs: { groupName: string; template: PodTemplate }[];
  };
  return [
    ["head", headGroupSpec.template],
    ...workerGroupSpecs.map(({ groupName, template }): [string, PodTemplate] => [
      groupName,
      template,
    ]),
  ];
}

/**
 * What of a pod breaks the restricted Pod Security Standard, and our own rules above it: UID 1000 and
 * a read-only root file system.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedProblems(spec: PodSpec): string[] {
  const problems: string[] = [];
  const refuse = (broken: boolean, problem: string) => {
    if (broken) problems.push(problem);
  };
  refuse(Boolean(spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC), "a host namespace");
  for (const { name, ...volume } of spec.volumes ?? []) {
    refuse(!Object.keys(volume).every((kind) => VOLUMES.includes(kind)), `volume ${String(name)}`);
  }
  const { containers, initContainers = [] } = spec;
  for (const { name, ports = [], securityContext = {} } of [...initContainers, ...containers]) {
    const own = { ...spec.securityContext, ...securityContext };
    refuse(own.runAsNonRoot !== true, `${name}: runAsNonRoot`);
    refuse(own.runAsUser !== 1000, `${name}: runAsUser ${own.runAsUser}`);
    refuse(own.seccompProfile?.type !== "RuntimeDefault", `${name}: seccompProfile`);
    refuse(own.privileged === true, `${name}: privileged`);
    refuse(own.allowPrivilegeEscalation !== false, `${name}: allowPrivilegeEscalation`);
    refuse(own.readOnlyRootFilesystem !== true, `${name}: readOnlyRootFilesystem`);
    refuse(!own.capabilities?.drop?.includes("ALL"), `${name}: capabilities not dropped`);
    refuse((own.capabilities?.add ?? []).length > 0, `${name}: capabilities added`);
    refuse(
      ports.some(({ hostPort }) => hostPort !== undefined),
      `${name}: hostPort`,
    );
  }
  return problems;
}
