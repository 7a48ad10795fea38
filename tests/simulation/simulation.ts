/** The whole pipeline in one process on a loop of its own; everything that chance decides comes from the seed. */
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import { type InstagramClient, makeInstagramClient } from "@/instagram/client.ts";
import { threadReach } from "@/instagram/client_thread.ts";
import { makeMetrics, type Metrics } from "@/metrics.ts";
import { makeSealer, type Sealer } from "@/seal.ts";
import { type Random, seededRandom } from "@/simulator/random.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { type Bug, type BugName, bugOf } from "@tests/simulation/bugs.ts";
import { checkEnding } from "@tests/simulation/checks.ts";
import { EventLoop } from "@tests/simulation/event_loop.ts";
import { type Instance, startInstance } from "@tests/simulation/instance.ts";
import { makeFetch, type Server } from "@tests/simulation/network.ts";
import { PretendInstagram } from "@tests/simulation/pretend_instagram.ts";
import { type Scenario, scenarioOf } from "@tests/simulation/scenario.ts";
import { type Habits, Script } from "@tests/simulation/script.ts";
import { makeScriptedAgent, runScriptedRules } from "@tests/simulation/scripted_agent.ts";
import { mongoDatabase } from "@tests/simulation/mongo_database.ts";
import { type SimulatedDatabase, sqliteDatabase } from "@tests/simulation/stores.ts";
import type { Life } from "@tests/simulation/life.ts";
import { Trace } from "@tests/simulation/trace.ts";
import { installGlobals } from "@tests/simulation/virtual_globals.ts";
import { Watch, watchedStore } from "@tests/simulation/watch.ts";

export interface SimulateOptions {
  readonly bug?: BugName;
  /** A MongoDB server whose store is simulated. Default: the embedded store is. */
  readonly mongo?: string;
  /** Shown each line of the trace. */
  readonly onLine?: (line: string) => void;
}

/** How one seed ended. */
export interface Outcome {
  readonly seed: number;
  /** Each begins with the invariant's name; empty: all held. */
  readonly violations: readonly string[];
  /** How often each of the rare things happened. */
  readonly reached: Readonly<Record<string, number>>;
  /** Made from everything that happened: the same for each run of the seed. */
  readonly trace: string;
}

const accountId = "17841400000000001";
const token = "IGAAplain-token-of-the-simulation";
const newToken = "IGAAother-token-of-the-simulation";
const appSecret = "0123456789abcdef";
const graphOrigin = "http://graph.pretend";
const mocaOrigin = "http://moca.pretend";
const start = new Date("2026-11-24T12:00:00Z");

/** As long as a pause may be here: what waited through one is decided anew. */
const staleMs = 25_000;
const activeMs = 40_000;
/** Nothing of what chance began is under way any more after this: the latest echo, the longest pause. */
const calmMs = 70_000;
/** An item that cannot be settled is held after ten vain looks, a minute apart; a throttle pauses longer still. */
const settleMs = 1_800_000;
const checkMs = 20_000;
/** Within this time after the calm a sweep begins that sees everything, whatever became of the one before. */
const sweepMs = 14 * 60_000;
const twoDaysMs = 2 * 24 * 3_600_000;

/** Runs one seed to its end. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<Outcome> {
  const loop = new EventLoop(start);
  await using database = await openDatabase(loop, options);
  const simulation = new Simulation(seed, { ...options, loop, database });
  using _globals = installGlobals({ loop, random: stream(seed, "globals"), fetch: simulation.fetch });
  return await simulation.run();
}

function openDatabase(loop: EventLoop, { mongo, bug }: SimulateOptions): Promise<SimulatedDatabase> {
  if (mongo === undefined) return sqliteDatabase(loop);
  return mongoDatabase(loop, { serverUri: mongo, tampering: bugOf(bug)?.tampering });
}

/** Chance for one purpose, so that drawing once more for one does not change the others. */
function stream(seed: number, purpose: string): Random {
  const mixed = [...purpose].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), seed + 1);
  return seededRandom(Math.imul(mixed, 0x9e3779b1));
}

interface SimulationOptions extends SimulateOptions {
  readonly loop: EventLoop;
  readonly database: SimulatedDatabase;
}

class Simulation {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly #seed: number;
  readonly #scenario: Scenario;
  readonly #loop: EventLoop;
  readonly #database: SimulatedDatabase;
  readonly #bug: Bug | undefined;
  readonly #trace: Trace;
  readonly #watch: Watch;
  readonly #metrics: Metrics = makeMetrics();
  readonly #stop = new AbortController();
  readonly #instances = new Set<Instance>();
  readonly #clients: InstagramClient[] = [];
  readonly #chance: Random;
  readonly #sendsPerSecond: number;
  readonly #settings: Readonly<Record<string, unknown>>;
  #instagram?: PretendInstagram;
  #sealer?: Sealer;
  #started = 0;
  #texts = 0;
  #isCalm = false;

  constructor(seed: number, { loop, database, bug, onLine }: SimulationOptions) {
    this.#seed = seed;
    this.#scenario = scenarioOf(seed);
    this.#loop = loop;
    this.#database = database;
    this.#bug = bugOf(bug);
    this.#trace = new Trace(onLine);
    this.#chance = stream(seed, "instances");
    const sendsPerSecond = this.#chance() < 0.7 ? 1 : 2;
    this.#sendsPerSecond = sendsPerSecond;
    const cooldownMs = this.#chance() < 0.5 ? 0 : 12_000;
    const cooldownPolicy = this.#chance() < 0.5 ? "skip" : "defer";
    const pauses = { cooldownMs, cooldownPolicy, debounceMs: 1_500, debounceMaxMs: 8_000 };
    const mode = this.#scenario.drafts ? "draft" : "auto";
    this.#settings = { ...pauses, mode, sendsPerSecond, maxTurnsPerHour: 1_000, handOffPhrases: ["a person please"] };
    this.#watch = new Watch({
      settings: this.#settings,
      isTyped: (mid) => this.#instagram?.typed.has(mid) ?? false,
    });
    const wires = makeFetch({
      clock: loop,
      random: stream(seed, "network"),
      find: (origin) => origin === mocaOrigin ? this.#anyInstance()?.answer : this.#graph(),
    });
    this.fetch = this.#bug?.fetch?.(wires) ?? wires;
  }

  async run(): Promise<Outcome> {
    const loop = this.#loop;
    const store = await loop.until(this.#database.open());
    this.#sealer = await loop.until(makeSealer(new Uint8Array(32).fill(7)));
    const sealed = await loop.until(this.#sealer.seal(token, accountId));
    const savedAt = addMs(start, this.#scenario.endsToken ? -twoDaysMs : 0);
    await loop.until(addAccount(store, { sealed, settings: this.#settings, savedAt }));
    this.#instagram = this.#makeInstagram();
    const script = this.#makeScript(this.#instagram, store);
    for (let n = 0; n < 2; n++) await loop.until(this.#start());
    const end = addMs(loop.now(), activeMs);
    const psids = ["6001", "6002", "6003"];
    for (const psid of psids) void script.play(psid, end, this.#habitsOf(psid));
    void this.#endToken();
    await loop.pass(activeMs);
    this.#calmDown();
    await loop.pass(calmMs);
    if (this.#scenario.endsToken) await loop.until(this.#pasteToken());
    if (this.#scenario.losesWebhooks) await this.#sweep(store);
    await this.#settle(store);
    const judgement = await loop.until(this.#judge({ store, script, psids }));
    await this.#end();
    return { seed: this.#seed, ...judgement };
  }

  /** One leaves time to settle what is open; another's messages may arrive just before the window closes. */
  #habitsOf(psid: string): Habits {
    const isLate = psid === "6003" && this.#chance() < 0.5;
    const lateMs = isLate ? 24 * 3_600_000 - 70_000 - this.#chance() * 40_000 : 0;
    return { lateMs, tempo: psid === "6002" ? 0.2 : 1 };
  }

  /** Every token that there is runs out, at some moment. */
  async #endToken(): Promise<void> {
    const random = stream(this.#seed, "token");
    if (!this.#scenario.endsToken) return;
    await this.#loop.wait(5_000 + random() * (activeMs - 5_000));
    this.#instagram?.setToken(undefined);
    this.#watch.count("tokenEnded");
  }

  /** Somebody reads why nothing leaves any more, and does what the reason says. */
  async #pasteToken(): Promise<void> {
    this.#instagram?.setToken(newToken);
    for (let outcome = "conflict"; outcome !== "saved";) {
      await this.#loop.wait(1_000);
      outcome = (await this.#anyInstance()?.actions.saveToken(accountId, newToken, "eva"))?.kind ?? "conflict";
    }
  }

  /** Instagram's figures say that there is room to look for what was lost. */
  async #sweep(store: Store): Promise<void> {
    await this.#loop.until(store.limits.note(accountId, { value: 0, at: this.#loop.now() }));
    await this.#loop.pass(sweepMs);
  }

  /** What a contact wrote that its thread still shows; nothing where nobody looks for it. */
  #shownIn(psid: string): readonly string[] {
    if (!this.#scenario.losesWebhooks) return [];
    const newest = this.#instagram?.thread(psid)?.messages.slice(-threadReach) ?? [];
    return newest.filter(({ from, at }) => from === "contact" && at > start).map(({ mid }) => mid);
  }

  async #judge({ store, script, psids }: { store: Store; script: Script; psids: readonly string[] }): Promise<
    Omit<Outcome, "seed">
  > {
    const { applied, log, webhooks } = this.#instagram!;
    const { rubbish, forged } = script;
    const { violations, dump } = await checkEnding({
      store,
      accountId,
      psids,
      applied,
      requests: log,
      webhooks,
      rubbish,
      forged,
      retries: this.#watch.retries,
      sendsPerSecond: this.#sendsPerSecond,
      secrets: [token, newToken, appSecret],
      shown: new Map(psids.map((psid) => [psid, this.#shownIn(psid)])),
    });
    for (const { at, psid, text, status, fault } of log) {
      this.#trace.add(`${at.getTime()} ${psid} ${text} ${status} ${fault}`);
    }
    for (const { at, status, body } of webhooks) this.#trace.add(`${at.getTime()} ${status} ${body}`);
    this.#trace.add(dump);
    return {
      violations: [...this.#watch.violations, ...violations],
      reached: this.#watch.reached,
      trace: this.#trace.end(),
    };
  }

  /**
   * Lets time pass until nothing is due any more, or so long that something must be wrong. Twice in a row: what
   * somebody holds at that moment is not listed as due.
   */
  async #settle(store: Store): Promise<void> {
    const loop = this.#loop;
    const latest = addMs(loop.now(), settleMs);
    for (let quiet = 0; quiet < 2 && loop.now() < latest;) {
      await loop.pass(checkMs);
      await loop.until(this.#checkLateness(store));
      quiet = await loop.until(isBusy(store)) ? 0 : quiet + 1;
    }
  }

  /** Faults are off: nothing that nobody holds is due for longer than a lease, its slack and a look (C17). */
  async #checkLateness({ conversations }: Store): Promise<void> {
    for (const kind of ["turn", "send"] as const) {
      const dueAt = await conversations.nextDueAt(kind);
      if (dueAt !== undefined && dueAt < addMs(this.#loop.now(), -33_000)) {
        this.#watch.blame("C17", `a ${kind} is due since ${dueAt.toISOString()}`);
      }
    }
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#loop.until(this.#instagram!.close());
    await this.#loop.pass(60_000);
    for (const client of this.#clients) client[Symbol.dispose]();
  }

  #makeInstagram(): PretendInstagram {
    return new PretendInstagram({
      clock: this.#loop,
      random: stream(this.#seed, "instagram"),
      accountId,
      token,
      appSecret,
      webhookUrl: mocaOrigin,
    });
  }

  #makeScript(instagram: PretendInstagram, store: Store): Script {
    return new Script({
      accountId,
      clock: this.#loop,
      random: stream(this.#seed, "script"),
      instagram,
      scenario: this.#scenario,
      store,
      actions: () => this.#anyInstance()?.actions,
      forge: (body) => {
        const headers = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
        this.fetch(new Request(mocaOrigin, { method: "POST", body, headers })).catch(() => undefined);
      },
    });
  }

  async #start(): Promise<void> {
    const loop = this.#loop;
    this.#started += 1;
    const owner = `moca-${this.#started}`;
    const random = stream(this.#seed, owner);
    const own: { life?: Life } = {};
    const watched = await this.#connect(own);
    const client = makeInstagramClient({ graph: { url: graphOrigin, version: "v25.0" }, clock: loop });
    this.#clients.push(client);
    const death = new AbortController();
    const instance = startInstance({
      owner,
      clock: loop,
      ownClock: skewed(loop, (this.#chance() - 0.5) * 20 * 60_000),
      random,
      trace: this.#trace,
      store: this.#bug?.store?.(watched, death.signal) ?? watched,
      metrics: this.#metrics,
      sealer: this.#sealer!,
      appSecret,
      agent: (own) => {
        const nextText = (): number => ++this.#texts;
        return makeScriptedAgent({ clock: own, random, nextText, followsUp: this.#scenario.followsUp });
      },
      scenario: this.#scenario,
      instagram: client,
      rules: { run: (turn) => runScriptedRules(turn, loop, start) },
      timings: { staleMs, ...this.#bug?.timings },
      onPost: ({ psid, text }) => this.#watch.posting(conversationId(accountId, psid), text),
      dieAt: this.#isCalm ? Infinity : Math.ceil(this.#chance() * this.#database.pointsOfLife),
      count: (name) => this.#watch.count(name),
      onDeath: () => {
        death.abort();
        void this.#restart(watched);
      },
    }, this.#stop.signal);
    own.life = instance.life;
    if (this.#isCalm) instance.life.calm();
    this.#instances.add(instance);
  }

  /** The database as one instance has it; its life is on the line as soon as it lives. */
  async #connect(own: { readonly life?: Life }): Promise<Store> {
    const store = await this.#database.open({
      line: (name, work) => own.life?.command(name, work) ?? work(),
      committed: (change) => this.#watch.committed(change, this.#loop.now()),
      count: (name) => this.#watch.count(name),
    });
    return watchedStore(store, this.#watch);
  }

  async #restart(store: Store): Promise<void> {
    this.#watch.count("crash");
    await this.#bug?.onDeath?.(store);
    await this.#loop.wait(500 + this.#chance() * 15_000);
    await this.#start();
  }

  #calmDown(): void {
    this.#isCalm = true;
    this.#instagram?.heal();
    for (const { life } of this.#instances) life.calm();
  }

  #anyInstance(): Instance | undefined {
    const living = [...this.#instances].filter(({ life }) => !life.isDead);
    return living[Math.floor(this.#chance() * living.length)];
  }

  #graph(): Server | undefined {
    const instagram = this.#instagram;
    return instagram && ((request, drop) => instagram.answer(request, drop));
  }
}

function skewed(clock: Clock, ms: number): Clock {
  return { now: () => addMs(clock.now(), ms), wait: (pause, signal) => clock.wait(pause, signal) };
}

/** Whether anything is open. */
async function isBusy({ conversations, outbound }: Store): Promise<boolean> {
  const { queued, sending, uncertain } = await outbound.countByState();
  return queued + sending + uncertain > 0 || await conversations.nextDueAt("turn") !== undefined;
}

async function addAccount(
  store: Store,
  { sealed, settings, savedAt }: {
    readonly sealed: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly savedAt: Date;
  },
): Promise<void> {
  const now = store.now();
  const account = {
    id: accountId,
    token: { sealed, ending: "tion", savedAt },
    state: "active" as const,
    settings,
  };
  await store.accounts.put({ ...account, ver: 0, createdAt: now, updatedAt: now }, 0);
}
