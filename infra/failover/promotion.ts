import { OperatorError } from "../config/errors";

export interface PromotionArgs {
  /** The region that is to become the writer; only its endpoints are asked. */
  region: string;
  /** Identifier of the Aurora Global Database. */
  globalCluster: string;
  /** Identifier of the region's own cluster in it. */
  cluster: string;
  /** `switchover` loses nothing and needs the old writer to answer; `allow-data-loss` fails over without it. */
  mode: "switchover" | "allow-data-loss";
  /** Replication lag, seconds, above which nothing is promoted. */
  maxLagSeconds: number;
  /** Seconds that a promotion may take, from its request on. */
  timeoutSeconds: number;
}

/** A Global Database as RDS describes it. */
export interface GlobalDatabaseState {
  /** Such as `available` or `switching-over`. */
  status: string;
  members: { arn: string; writer: boolean }[];
  /** A switchover or failover that is under way; undefined when none is. */
  moving?: { status: string; to: string };
}

/** What a promotion asks of AWS; the real one is in `rdsGlobalDatabase.ts`. */
export interface GlobalDatabaseApi {
  /** Undefined when there is no Global Database of that name. */
  describe(globalCluster: string): Promise<GlobalDatabaseState | undefined>;
  /** The highest replication lag of the last minutes, seconds; undefined when there is no measurement. */
  lagSeconds(cluster: string): Promise<number | undefined>;
  switchover(globalCluster: string, targetArn: string): Promise<void>;
  failoverAllowingDataLoss(globalCluster: string, targetArn: string): Promise<void>;
}

/** Time, so that tests need not wait. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

const POLL_MS = 5000;

/**
 * Makes a region the writer of its Aurora Global Database and waits until it is. Does nothing when it is
 * already; joins a promotion of this region that is under way, so that it can be run again after a
 * time-out or an interruption.
 *
 * @param say progress, a line at a time
 * @throws OperatorError when the region is no member, another region is being promoted, the lag is above
 *   the bound or unknown, or the time is up.
 */
export async function promote(
  args: PromotionArgs,
  api: GlobalDatabaseApi,
  clock: Clock,
  say: (line: string) => void,
): Promise<"was the writer" | "is the writer"> {
  const { region, globalCluster } = args;
  const state = await describe(args, api);
  const own = ownMember(args, state);
  if (own.writer && state.moving === undefined) {
    say(`${region} is the writer of ${globalCluster} already; nothing to do`);
    return "was the writer";
  }
  const started = clock.now();
  if (state.moving === undefined) await request(args, api, own.arn, writerOf(state), say);
  else joinMove(args, state.moving, own.arn, say);
  await waitFor(args, api, clock, started, say);
  return "is the writer";
}

async function request(
  args: PromotionArgs,
  api: GlobalDatabaseApi,
  target: string,
  writer: string,
  say: (line: string) => void,
): Promise<void> {
  const { globalCluster, mode } = args;
  await checkLag(args, api, say);
  if (mode === "allow-data-loss") {
    say(
      `failing ${globalCluster} over from ${writer} to ${args.region}; what was not replicated is lost`,
    );
    await api.failoverAllowingDataLoss(globalCluster, target);
  } else {
    say(`switching ${globalCluster} over from ${writer} to ${args.region}`);
    await api.switchover(globalCluster, target);
  }
}

async function checkLag(
  { region, cluster, mode, maxLagSeconds }: PromotionArgs,
  api: GlobalDatabaseApi,
  say: (line: string) => void,
): Promise<void> {
  const lag = await api.lagSeconds(cluster);
  if (lag === undefined) {
    if (mode === "allow-data-loss") {
      say("the replication lag is not known: there are no recent measurements");
      return;
    }
    throw new OperatorError({
      key: `replication lag of ${cluster}`,
      rule: "a switchover starts from a known lag; CloudWatch has no measurement of the last minutes",
      fix: "look at the cluster; where the old writer is gone, set database.onPromotion: allow-data-loss",
    });
  }
  say(`replication lag ${lag.toFixed(1)} s, at most ${maxLagSeconds} s allowed`);
  if (lag <= maxLagSeconds) return;
  throw new OperatorError({
    key: `replication lag of ${cluster}`,
    value: `${lag.toFixed(1)} s`,
    rule: `at most database.maxLagSeconds, ${maxLagSeconds} s${mode === "allow-data-loss" ? ": so much would be lost" : ": until it has caught up, nobody could write"}`,
    fix: `wait until it falls, or raise database.maxLagSeconds for ${region}`,
  });
}

function joinMove(
  { region, globalCluster }: PromotionArgs,
  { status, to }: NonNullable<GlobalDatabaseState["moving"]>,
  own: string,
  say: (line: string) => void,
): void {
  if (to === own) {
    say(`a promotion of ${region} is under way (${status})`);
    return;
  }
  throw new OperatorError({
    key: `Global Database ${globalCluster}`,
    value: status,
    rule: `one promotion at a time; ${regionOf(to)} is being promoted`,
    fix: "wait until it is done, then run this again",
  });
}

async function waitFor(
  args: PromotionArgs,
  api: GlobalDatabaseApi,
  clock: Clock,
  started: number,
  say: (line: string) => void,
): Promise<void> {
  const { region, globalCluster, timeoutSeconds } = args;
  let said = "";
  for (;;) {
    const state = await describe(args, api);
    const seconds = Math.round((clock.now() - started) / 1000);
    if (
      ownMember(args, state).writer &&
      state.moving === undefined &&
      state.status === "available"
    ) {
      say(`${region} is the writer of ${globalCluster}, after ${seconds} s`);
      return;
    }
    const now = `${state.moving?.status ?? state.status}, writer ${writerOf(state)}`;
    if (now !== said) say(`${seconds} s: ${now}`);
    said = now;
    if (seconds >= timeoutSeconds) {
      throw new OperatorError({
        key: `Global Database ${globalCluster}`,
        value: now,
        rule: `${region} is the writer within ${timeoutSeconds} s of the request; it is not yet`,
        fix: `run this stack's \`pulumi up\` again: it joins a promotion that goes on, and asks for one that was given up; \`aws rds describe-global-clusters --region ${region}\` and the cluster's events say why`,
      });
    }
    await clock.sleep(POLL_MS);
  }
}

async function describe(
  { globalCluster, region }: PromotionArgs,
  api: GlobalDatabaseApi,
): Promise<GlobalDatabaseState> {
  const state = await api.describe(globalCluster);
  if (state !== undefined) return state;
  throw new OperatorError({
    key: `Global Database ${globalCluster}`,
    rule: `${region} becomes the writer of a Global Database that exists`,
    fix: "bring the data home's stack up first",
  });
}

function ownMember(
  { region, globalCluster, cluster }: PromotionArgs,
  { members }: GlobalDatabaseState,
): GlobalDatabaseState["members"][number] {
  const found = members.find(
    ({ arn }) => regionOf(arn) === region && arn.endsWith(`:cluster:${cluster}`),
  );
  if (found !== undefined) return found;
  throw new OperatorError({
    key: `Global Database ${globalCluster}`,
    value: members.map(({ arn }) => arn),
    rule: `${cluster} in ${region} is a member of it`,
    fix: "bring this region's stack up, so that its cluster joins; a cluster that was detached joins again only as a new one",
  });
}

function writerOf({ members }: GlobalDatabaseState): string {
  const writer = members.find((member) => member.writer);
  return writer === undefined ? "none" : regionOf(writer.arn);
}

/** `arn:aws:rds:<region>:<account>:cluster:<identifier>`. */
function regionOf(arn: string): string {
  return arn.split(":")[3] ?? arn;
}
