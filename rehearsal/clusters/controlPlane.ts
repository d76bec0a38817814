import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get as getHttps } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlaneBinaries } from "../tools/controlPlane";
import { freePorts, ServerProcess } from "./processes";

export interface ControlPlaneArgs {
  region: string;
  /** A directory of its own, which the caller removes. */
  directory: string;
  binaries: ControlPlaneBinaries;
  signal?: AbortSignal;
}

/** Who talks to the API server, each with a token of its own. */
const USERS = {
  admin: { name: "rehearsal", groups: "system:masters" },
  controllerManager: { name: "system:kube-controller-manager", groups: "" },
  scheduler: { name: "system:kube-scheduler", groups: "" },
  // Plays every kubelet, which the Node authorizer allows for its own node only.
  kwok: { name: "kwok", groups: "system:masters" },
} as const;
type User = keyof typeof USERS;

/** The service range of our EKS clusters; `kubernetes.default` is its first address. */
const SERVICE_RANGE = "172.20.0.0/16";
const READY_MS = 60_000;

/**
 * A Kubernetes control plane on this machine: etcd, kube-apiserver with RBAC and the default admission
 * plugins, kube-controller-manager, kube-scheduler, and kwok in the place of kubelets. Everything
 * listens on 127.0.0.1; data is gone with the directory.
 */
export class ControlPlane {
  readonly region: string;
  readonly endpoint: string;
  /** File with the administrator's access. */
  readonly kubeconfig: string;

  private readonly servers: Record<keyof ControlPlaneBinaries, ServerProcess>;
  private readonly tokens: Record<User, string>;

  private constructor(
    private readonly args: ControlPlaneArgs,
    private readonly ports: Ports,
  ) {
    this.region = args.region;
    this.endpoint = `https://127.0.0.1:${ports.api}`;
    this.tokens = {
      admin: token(),
      controllerManager: token(),
      scheduler: token(),
      kwok: token(),
    };
    this.kubeconfig = this.file("admin.kubeconfig");
    this.servers = this.describeServers();
  }

  /** @throws Error with the server's last words when one does not come up. */
  static async start(args: ControlPlaneArgs): Promise<ControlPlane> {
    mkdirSync(args.directory, { recursive: true });
    const [etcd = 0, peer = 0, api = 0, kwok = 0] = await freePorts(4);
    const plane = new ControlPlane(args, { etcd, peer, api, kwok });
    try {
      plane.writeSecrets();
      plane.servers.etcd.start();
      await plane.startApiServer();
      for (const name of ["kube-controller-manager", "kube-scheduler", "kwok"] as const) {
        plane.servers[name].start();
      }
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** PEM of the serving certificate with its issuer, which clients trust. */
  get certificateAuthority(): string {
    return readFileSync(join(this.file("certificates"), "apiserver.crt"), "utf8");
  }

  get adminToken(): string {
    return this.tokens.admin;
  }

  /** Starts the API server, on the same port and data as before, and waits until it is ready. */
  async startApiServer(): Promise<void> {
    this.servers["kube-apiserver"].start();
    await this.waitUntilReady();
    for (const user of Object.keys(USERS) as User[]) this.writeKubeconfig(user);
  }

  /** As a crash of the machine that it runs on would. */
  killApiServer(): Promise<void> {
    return this.servers["kube-apiserver"].stop("SIGKILL");
  }

  /** Kills etcd, starts it on the same data, and waits until the API server answers from it. */
  async restartEtcd(): Promise<void> {
    await this.servers.etcd.stop("SIGKILL");
    this.servers.etcd.start();
    await sleep(1000);
    await this.waitUntilReady();
  }

  /** Ids of the processes that are running, for measurements. */
  async stop(): Promise<void> {
    const { etcd, ...others } = this.servers;
    await Promise.all(Object.values(others).map((server) => server.stop()));
    // Nothing has to be kept: a clean end would only cost time.
    await etcd.stop("SIGKILL");
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (!(await this.isReady())) {
      this.args.signal?.throwIfAborted();
      for (const name of ["etcd", "kube-apiserver"] as const) {
        const server = this.servers[name];
        if (!server.alive || Date.now() > deadline) {
          throw new Error(`${name} of ${this.region} does not come up:\n${server.lastWords()}`);
        }
      }
      await sleep(200);
    }
  }

  private isReady(): Promise<boolean> {
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${this.tokens.admin}` };
      // The certificate is made by the server at its first start; it is read for all later calls.
      const options = { headers, rejectUnauthorized: false, timeout: 2000 };
      const request = getHttps(`${this.endpoint}/readyz`, options, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      request.on("timeout", () => request.destroy());
      request.on("error", () => resolve(false));
    });
  }

  private writeSecrets(): void {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const secret = { mode: 0o600 };
    writeFileSync(
      this.file("service-accounts.key"),
      privateKey.export({ type: "pkcs8", format: "pem" }),
      secret,
    );
    writeFileSync(
      this.file("service-accounts.pub"),
      publicKey.export({ type: "spki", format: "pem" }),
    );
    const rows = (Object.keys(USERS) as User[]).map((user) => {
      const { name, groups } = USERS[user];
      return `${this.tokens[user]},${name},${user},"${groups}"`;
    });
    writeFileSync(this.file("tokens.csv"), `${rows.join("\n")}\n`, secret);
  }

  private writeKubeconfig(user: User): void {
    const certificate = Buffer.from(this.certificateAuthority).toString("base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: this.region,
          cluster: { server: this.endpoint, "certificate-authority-data": certificate },
        },
      ],
      users: [{ name: user, user: { token: this.tokens[user] } }],
      contexts: [{ name: this.region, context: { cluster: this.region, user } }],
      "current-context": this.region,
    };
    writeFileSync(this.file(`${user}.kubeconfig`), JSON.stringify(config), { mode: 0o600 });
  }

  private describeServers(): Record<keyof ControlPlaneBinaries, ServerProcess> {
    const flags = this.flags();
    const server = (name: keyof ControlPlaneBinaries): ServerProcess =>
      new ServerProcess(
        name,
        this.args.binaries[name],
        flags[name],
        join(this.args.directory, `${name}.log`),
      );
    return {
      etcd: server("etcd"),
      "kube-apiserver": server("kube-apiserver"),
      "kube-controller-manager": server("kube-controller-manager"),
      "kube-scheduler": server("kube-scheduler"),
      kwok: server("kwok"),
    };
  }

  private flags(): Record<keyof ControlPlaneBinaries, string[]> {
    const { etcd, peer, api, kwok } = this.ports;
    const [etcdUrl, peerUrl] = [etcd, peer].map((port) => `http://127.0.0.1:${port}`);
    return {
      etcd: [
        `--name=${this.region}`,
        `--data-dir=${this.file("etcd")}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=${this.region}=${peerUrl}`,
        // A killed process loses nothing that it wrote; only a machine that loses power would.
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      "kube-apiserver": [
        `--etcd-servers=${etcdUrl}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${api}`,
        `--cert-dir=${this.file("certificates")}`,
        `--token-auth-file=${this.file("tokens.csv")}`,
        "--authorization-mode=Node,RBAC",
        // On EKS as well; Pod Security is what refuses privileged pods.
        "--allow-privileged=true",
        `--service-cluster-ip-range=${SERVICE_RANGE}`,
        `--service-account-issuer=https://kubernetes.default.svc`,
        `--service-account-key-file=${this.file("service-accounts.pub")}`,
        `--service-account-signing-key-file=${this.file("service-accounts.key")}`,
        // The endpoint of `kubernetes.default` may not be a loopback address.
        "--endpoint-reconciler-type=none",
        "--profiling=false",
      ],
      "kube-controller-manager": [
        `--kubeconfig=${this.file("controllerManager.kubeconfig")}`,
        "--use-service-account-credentials",
        `--service-account-private-key-file=${this.file("service-accounts.key")}`,
        `--root-ca-file=${join(this.file("certificates"), "apiserver.crt")}`,
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
        // While the API server is away no heartbeat arrives: that must not empty the nodes.
        "--node-monitor-grace-period=10m",
        // Floors are reached in seconds, not after the usual quarter of a minute.
        "--horizontal-pod-autoscaler-sync-period=3s",
      ],
      "kube-scheduler": [
        `--kubeconfig=${this.file("scheduler.kubeconfig")}`,
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
      ],
      kwok: [
        `--kubeconfig=${this.file("kwok.kubeconfig")}`,
        "--manage-all-nodes=true",
        "--node-lease-duration-seconds=40",
        `--server-address=127.0.0.1:${kwok}`,
      ],
    };
  }

  private file(name: string): string {
    return join(this.args.directory, name);
  }
}

interface Ports {
  etcd: number;
  peer: number;
  api: number;
  kwok: number;
}

function token(): string {
  return randomBytes(24).toString("hex");
}
