/**
 * The composition root: builds every part from the configuration, in the order in which a message travels,
 * and nothing else. Run as a program it reads the environment and serves until it is told to stop.
 */
import { loadAgent } from "@/agent/model.ts";
import { makeAccountEraser } from "@/account_eraser.ts";
import { apiRoutes } from "@/api/api.ts";
import { streamEvents } from "@/api/event_stream.ts";
import { metaRoutes } from "@/api/meta_routes.ts";
import { healthRoutes } from "@/api/health.ts";
import { LiveFeed } from "@/api/live_feed.ts";
import { buildApp } from "@/app.ts";
import { backofficeRoutes } from "@/backoffice/backoffice.ts";
import { noteHandshake } from "@/backoffice/first_steps.ts";
import { makeOperatorActions } from "@/backoffice/operator_actions.ts";
import { type Clock, systemClock } from "@/clock.ts";
import { type Config, ConfigError, readConfig, secretsOf } from "@/config.ts";
import { readEnvironment } from "@/env_file.ts";
import { makeFirstAccountWorker } from "@/first_account.ts";
import { greet } from "@/greeting.ts";
import { Heartbeat } from "@/heartbeat.ts";
import { makeHousekeeper } from "@/housekeeping.ts";
import { BackfillWorker } from "@/ingest/backfill_worker.ts";
import { makeInstagramClient, type ReadPace } from "@/instagram/client.ts";
import { ProfileWorker } from "@/instagram/profile_worker.ts";
import { TokenWorker } from "@/instagram/token_worker.ts";
import { configureLog, getLogger } from "@/log.ts";
import { makeMetrics } from "@/metrics.ts";
import { UsageKeeper } from "@/outbound/usage_keeper.ts";
import type { Timings } from "@/outbound/timings.ts";
import { environmentNames } from "@/permissions.ts";
import { buildPipeline } from "@/pipeline.ts";
import { RewindJobs } from "@/rules/rewind/rewind_jobs.ts";
import { openRuleBook } from "@/rules/rule_book.ts";
import { refuseMixture } from "@/refuse_mixture.ts";
import { makeSealer } from "@/seal.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import { CaseRunner } from "@/simulator/cases/case_runner.ts";
import { Phone, type PhoneTime } from "@/simulator/phone.ts";
import { moveOn, resumeTime, SandboxClock } from "@/simulator/sandbox_clock.ts";
import { simulatorRoutes } from "@/simulator/simulator_routes.ts";
import { lockDataDir } from "@/store/data_dir_lock.ts";
import { madeUpAccountId } from "@/store/sandbox_mark.ts";
import { openMongoStore } from "@/store/mongodb/mongodb_store.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import type { Worker } from "@/worker.ts";
import { version } from "@/version.ts";

/** Moca, built and listening. */
export interface Moca {
  /** Where it listens, e.g. `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Everything that is answered, middleware included; a test holds each against a table. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** In the order in which a message meets them. */
  readonly workers: readonly Worker[];
  /** Sets the workers to work until `stop`. Tests leave it out and drain the workers by hand. */
  work(): void;
  /** Stops taking requests, lets what is under way end, closes the store. */
  stop(): Promise<void>;
}

export interface BuildOptions {
  readonly clock?: Clock;
  /** Durations of sending and settling; tests of real processes run them faster. */
  readonly timings?: Partial<Timings>;
  /** Calls that read, of one account in this process. Default: the client's. */
  readonly readPace?: ReadPace;
  /** Whether MongoDB's time or `clock` alone decides; tests that move the clock want `clock`. Default `database`. */
  readonly timeSource?: "database" | "clock";
}

/** Builds everything and listens. */
export async function buildMoca(config: Config, options: BuildOptions = {}): Promise<Moca> {
  const realClock = options.clock ?? systemClock;
  const sandboxClock = config.simulated ? new SandboxClock(realClock) : undefined;
  const clock = sandboxClock ?? realClock;
  const owner = crypto.randomUUID();
  const stopping = new AbortController();
  const metrics = makeMetrics();
  const sealer = await makeSealer([config.secretKey, ...config.oldSecretKeys ?? []]);

  const opened = new AsyncDisposableStack();
  // The database's own time cannot be moved on.
  const timeSource = options.timeSource ?? (sandboxClock && "clock");
  const store = await openStore(config, { clock, timeSource, opened });
  await refuseMixture(config, store).catch(async (error) => {
    await opened.disposeAsync();
    throw error;
  });
  if (sandboxClock !== undefined) await resumeTime(sandboxClock, store);

  const pretended = config.simulated
    ? await startPretendedInstagram(config, { clock, origin: () => moca.url })
    : undefined;
  const graph = pretended === undefined ? config.graph : { ...config.graph, url: pretended.url };
  const usageKeeper = new UsageKeeper(store);
  const instagram = makeInstagramClient({
    graph,
    clock,
    readPace: options.readPace,
    onUsage: (accountId, usage) => usageKeeper.note(accountId, usage),
  });

  const rules = await openRuleBook({ dir: config.rulesDir, clock });
  const agent = await loadAgent({ model: config.model, mode: config.mode, clock });

  const rewinds = new RewindJobs({ store, rules, agent, clock });
  const live = new LiveFeed({ store, clock });
  const profiles = new ProfileWorker({ store, instagram, sealer, clock });
  const { webhook, ingest, turns, outbound, taken } = buildPipeline({
    config,
    store,
    rules,
    agent,
    instagram,
    sealer,
    clock,
    metrics,
    owner,
    timings: options.timings,
    onPending: (id) => profiles.want(id),
    onChange: () => live.poke(),
    onVerified: () => noteHandshake(store),
  });
  const eraser = makeAccountEraser({ store, clock });
  const housekeeper = makeHousekeeper({ store, clock, metrics });
  const firstAccount = config.account &&
    makeFirstAccountWorker({ account: config.account, store, sealer, instagram, clock });
  await firstAccount?.drain().catch(() => undefined);
  // The pretended Instagram forgets at a restart what it gave out and what was said: there is nothing to look after.
  const caretakers = pretended === undefined
    ? [
      new TokenWorker({ store, instagram, sealer, clock, metrics }),
      new BackfillWorker({ store, instagram, sealer, clock, metrics, ...taken }),
    ]
    : [];
  const heartbeat: Heartbeat = new Heartbeat({
    store,
    clock,
    metrics,
    owner,
    host: Deno.hostname(),
    version,
    rules,
    workers: () => workers,
  });
  const workers: readonly Worker[] = [
    ingest,
    turns,
    outbound,
    profiles,
    housekeeper,
    eraser,
    ...caretakers,
    heartbeat,
    ...(firstAccount ? [firstAccount] : []),
  ];

  const actions = makeOperatorActions({
    store,
    clock,
    sealer,
    wake: () => outbound.wake(),
    ownerOf: pretended === undefined ? (token) => instagram.me(token) : undefined,
  });
  const phone = pretended && sandboxClock && new Phone(pretended, timeOf(sandboxClock, store));
  const simulator = pretended && phone && simulatorRoutes({ instagram: pretended, time: phone });
  const cases = phone && new CaseJobs(
    new CaseRunner({ store, rules, agent, openStore: (at) => openSqliteStore({ path: ":memory:", clock: at }) }),
    () => rules.state().version,
  );
  const app = buildApp({
    webhook,
    health: healthRoutes({ config, store, workers, metrics }),
    api: apiRoutes({ config, store, clock, actions, rules, rewinds, simulator, stopping: stopping.signal, live }),
    meta: metaRoutes({ config, store, onDeletion: () => eraser.wake() }),
    backoffice: backofficeRoutes({
      config,
      store,
      clock,
      rules,
      rewinds,
      actions,
      sealer,
      wake: () => outbound.wake(),
      live: (c) => streamEvents(c, { live, clock, stopping: stopping.signal }),
      simulator: phone,
      cases,
    }),
  });

  const server = Deno.serve({ hostname: config.host, port: config.port, onListen: () => {} }, app.fetch);
  let running: readonly Promise<void>[] = [];
  const moca: Moca = {
    url: `http://${config.host}:${server.addr.port}`,
    routes: app.routes.map(({ method, path }) => ({ method, path })),
    workers,
    work: () => {
      running = workers.map((worker) => worker.run(stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await server.shutdown();
      await turns.stop();
      await outbound.settled();
      await Promise.all(running);
      await heartbeat.leave();
      instagram[Symbol.dispose]();
      await rewinds[Symbol.asyncDispose]();
      await cases?.[Symbol.asyncDispose]();
      await rules[Symbol.asyncDispose]();
      await pretended?.[Symbol.asyncDispose]();
      await opened.disposeAsync();
    },
  };
  return moca;
}

interface OpenOptions extends Pick<BuildOptions, "timeSource"> {
  readonly clock: Clock;
  /** Takes what must be closed at the end. */
  readonly opened: AsyncDisposableStack;
}

/** MongoDB when it is configured; else SQLite, for which this process must be the only one. */
async function openStore(
  config: Config,
  { clock, timeSource, opened }: OpenOptions,
): Promise<Store> {
  if (config.mongodbUri !== undefined) {
    const store = opened.use(await openMongoStore({ uri: config.mongodbUri, clock, timeSource }));
    const isSingle = store.server.kind === "single";
    if (isSingle) {
      getLogger("main").warning("MongoDB is a single server, one copy of the data: a replica set keeps more");
    }
    return store;
  }
  opened.use(await lockDataDir(config.dataDir));
  const store = opened.use(await openSqliteStore({ path: `${config.dataDir}/moca.db`, clock }));
  await store.forgetLeases();
  return store;
}

/** The pretended Instagram of the sandbox; its webhooks go to wherever Moca listens. */
function startPretendedInstagram(
  config: Config,
  deps: { clock: Clock; origin: () => string },
): Promise<PretendInstagram> {
  return startInstagram({
    clock: deps.clock,
    accountId: config.account?.id ?? madeUpAccountId,
    username: "moca.sandbox",
    token: config.account?.token ?? "sandbox-token",
    appSecret: config.appSecrets[0] ?? "",
    // Message ids must differ from those that an earlier run left in the data folder.
    seed: crypto.getRandomValues(new Uint32Array(1))[0],
    webhookUrl: () => `${deps.origin()}/webhook`,
  });
}

/** The sandbox's time, to be moved on from the simulator. */
function timeOf(clock: SandboxClock, store: Store): PhoneTime {
  return {
    get aheadMs() {
      return clock.aheadMs;
    },
    now: () => clock.now(),
    moveOn: (ms) => moveOn(clock, store, ms),
  };
}

/** An instance that hangs at its end is ended after so long; everything is safe in the store. */
const hardExitMs = 25_000;

async function main(): Promise<void> {
  const config = readConfig(readEnvironment(environmentNames));
  await configureLog(config.logLevel, secretsOf(config));
  const moca = await buildMoca(config);
  moca.work();
  greet(config, moca.url);
  getLogger("main").info("listening at {url}", { url: moca.url });
  const end = (): void => {
    getLogger("main").info("stopping");
    Deno.unrefTimer(setTimeout(() => Deno.exit(1), hardExitMs));
    moca.stop().then(() => Deno.exit(0), () => Deno.exit(1));
  };
  Deno.addSignalListener("SIGTERM", end);
  Deno.addSignalListener("SIGINT", end);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await Deno.stderr.write(new TextEncoder().encode(`${error.message}\n`));
    Deno.exit(1);
  }
}
