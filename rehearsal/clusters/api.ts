import type * as client from "@kubernetes/client-node" with { "resolution-mode": "import" };

/** A Kubernetes object of any kind. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
}

/** What names an object. */
export type ObjectName = Pick<KubeObject, "apiVersion" | "kind"> & {
  metadata: Pick<Metadata, "name" | "namespace">;
};

/** What the API server refuses, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The API server has no such kind: its CRD is not there. */
export class NoSuchKind extends ApiError {
  constructor(
    readonly apiVersion: string,
    readonly kind: string,
  ) {
    // As kubectl and Helm put it.
    super(404, `no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

/** The field manager of everything that the rehearsal applies. */
const MANAGER = "multi-region-eks-rehearsal";

interface Request {
  method: "GET" | "PATCH" | "POST" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  contentType?: string;
}

/**
 * An API server, asked with @kubernetes/client-node: it finds the paths of kinds, trusts the
 * certificate and signs in. Objects travel as they are, for the client's own models drop the fields
 * that they do not know, which the server is to judge.
 */
export class Api {
  private constructor(
    private readonly place: (object: ObjectName, action: Action) => Promise<Place>,
    private readonly send: (request: Request) => Promise<unknown>,
  ) {}

  /** @param kubeconfig its text. */
  static async open(kubeconfig: string): Promise<Api> {
    // An ES module: only `import()` loads it on every Node that the project supports.
    const k8s = await import("@kubernetes/client-node");
    const config = new k8s.KubeConfig();
    config.loadFromString(kubeconfig);

    class RawApi extends k8s.KubernetesObjectApi {
      async place(object: ObjectName, action: Action): Promise<Place> {
        const { apiVersion, kind } = object;
        const known = await this.resource(apiVersion, kind).catch((error: unknown) => {
          if (error instanceof k8s.ApiException && error.code === 404) return undefined;
          throw error;
        });
        if (known === undefined) throw new NoSuchKind(apiVersion, kind);
        const metadata = { ...object.metadata };
        const path = await this.specUriPath({ apiVersion, kind, metadata }, action);
        return { path, namespaced: known.namespaced };
      }

      async send({ method, path, query = {}, body, contentType }: Request): Promise<unknown> {
        const context = this.configuration.baseServer.makeRequestContext(
          path,
          method as client.HttpMethod,
        );
        context.setHeaderParam("Accept", "application/json");
        for (const [key, value] of Object.entries(query)) context.setQueryParam(key, value);
        if (body !== undefined) {
          context.setHeaderParam("Content-Type", contentType ?? "application/json");
          context.setBody(JSON.stringify(body));
        }
        await this.configuration.authMethods.default?.applySecurityAuthentication(context);
        const response = await this.configuration.httpApi.send(context).toPromise();
        const text = await response.body.text();
        if (response.httpStatusCode < 300) return JSON.parse(text) as unknown;
        throw new ApiError(response.httpStatusCode, statusMessage(text));
      }
    }
    const api = config.makeApiClient(RawApi);
    return new Api(
      (object, action) => api.place(object, action),
      (request) => api.send(request),
    );
  }

  /**
   * Server-side apply. A field that the kind does not have is refused, not dropped.
   *
   * @param options.dryRun the server judges, admission included, and keeps nothing.
   * @param options.namespace of an object that names none and is of a kind that has one.
   */
  async apply(
    object: KubeObject,
    options: { dryRun?: boolean; namespace?: string } = {},
  ): Promise<KubeObject> {
    const { dryRun = false, namespace: otherwise } = options;
    const { namespace = otherwise, ...metadata } = object.metadata;
    const named = { ...object, metadata: { ...metadata, namespace } };
    const { path, namespaced } = await this.place(named, "patch");
    return (await this.send({
      method: "PATCH",
      path,
      query: { ...strict(dryRun), fieldManager: MANAGER, force: "true" },
      body: namespaced ? named : { ...object, metadata },
      contentType: "application/apply-patch+yaml",
    })) as KubeObject;
  }

  /** Creates, and fails when it is there already. */
  async create(object: KubeObject, dryRun = false): Promise<KubeObject> {
    const { path } = await this.place(object, "create");
    return (await this.send({
      method: "POST",
      path,
      query: strict(dryRun),
      body: object,
    })) as KubeObject;
  }

  async read(name: ObjectName): Promise<KubeObject | undefined> {
    return this.found(async () => {
      const { path } = await this.place(name, "patch");
      return (await this.send({ method: "GET", path })) as KubeObject;
    });
  }

  /** Deletes; nothing happens when it is gone. */
  async delete(name: ObjectName): Promise<void> {
    const query = { propagationPolicy: "Background" };
    await this.found(async () => {
      const { path } = await this.place(name, "patch");
      return this.send({ method: "DELETE", path, query });
    });
  }

  /** Objects of a kind, in a namespace or in all. Without their kind, which only the list says. */
  async list(
    kind: Pick<KubeObject, "apiVersion" | "kind">,
    options: { namespace?: string; labels?: string } = {},
  ): Promise<KubeObject[]> {
    const { namespace, labels } = options;
    const { path } = await this.place({ ...kind, metadata: { name: "", namespace } }, "list");
    const query: Record<string, string> = labels === undefined ? {} : { labelSelector: labels };
    const { items } = (await this.send({ method: "GET", path, query })) as { items: KubeObject[] };
    return items.map((item) => ({ ...item, ...kind }));
  }

  /** Asks for an eviction without one; throws with the disruption budget's reason when it is refused. */
  async tryEviction(pod: Pick<Metadata, "name" | "namespace">): Promise<void> {
    const body = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: pod,
      deleteOptions: { dryRun: ["All"] },
    };
    const { path } = await this.place({ apiVersion: "v1", kind: "Pod", metadata: pod }, "patch");
    await this.send({ method: "POST", path: `${path}/eviction`, body });
  }

  private async found<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }
}

type Action = "create" | "patch" | "list";

interface Place {
  path: string;
  namespaced: boolean;
}

function strict(dryRun: boolean): Record<string, string> {
  return { fieldValidation: "Strict", ...(dryRun ? { dryRun: "All" } : {}) };
}

/** The message of a Status with the causes that it leaves out, or the text itself. */
function statusMessage(text: string): string {
  try {
    const status = JSON.parse(text) as { message?: string; details?: { causes?: Cause[] } };
    const { message = text, details } = status;
    const more = (details?.causes ?? []).flatMap((cause) => cause.message ?? []);
    return [message, ...more.filter((each) => !message.includes(each))].join(" ");
  } catch {
    return text;
  }
}

interface Cause {
  message?: string;
}
