import { posix } from "node:path";
import { SERVICES_NAMESPACE } from "./catalogue";
import { SERVICE_CHART } from "./chart";
import { plainValues } from "./layers";
import type { Values } from "./layers";
import type { PlannedRelease } from "./releasePlan";

/** Where Argo CD reads this project from (`delivery` of the fleet's file). */
export interface GitSource {
  repository: string;
  revision: string;
}

/** An Argo CD Application, as far as we use it. */
export interface Application {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "Application";
  metadata: {
    name: string;
    namespace: string;
    finalizers: string[];
  };
  spec: {
    project: string;
    source: {
      repoURL: string;
      targetRevision: string;
      path: string;
      helm: { releaseName: string; valueFiles: string[]; valuesObject: Values };
    };
    destination: { server: string; namespace: string };
    syncPolicy: {
      automated: { prune: boolean; selfHeal: boolean };
      syncOptions: string[];
      retry: { limit: number; backoff: { duration: string; factor: number; maxDuration: string } };
    };
  };
}

/** From the repository's root, as Argo CD names it. */
const CHART_PATH = posix.normalize(SERVICE_CHART);

/**
 * The Application that installs what a planned release would: the same chart and layers, read by Argo CD
 * from the repository, with the stack's wiring over them (`valuesObject` goes over `valueFiles`, as the
 * last `-f`). An edit of a values file reaches the cluster when it is on the revision that is followed,
 * an edit of the stack's wiring by `pulumi up`.
 */
export function applicationOf(
  { service, files, wired }: Pick<PlannedRelease, "service" | "files" | "wired">,
  namespace: string,
  { repository, revision }: GitSource,
): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: service.name,
      namespace,
      // The service's objects go with the Application (Argo CD, "App Deletion").
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    },
    spec: {
      project: "default",
      source: {
        repoURL: repository,
        targetRevision: revision,
        path: CHART_PATH,
        helm: {
          releaseName: service.name,
          // Argo CD takes them from the chart's folder.
          valueFiles: files.map((file) => posix.relative(CHART_PATH, file)),
          valuesObject: plainValues(wired),
        },
      },
      destination: { server: "https://kubernetes.default.svc", namespace: SERVICES_NAMESPACE },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["ServerSideApply=true"],
        retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
      },
    },
  };
}
