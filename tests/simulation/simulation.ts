/** The whole pipeline in one process on a loop of its own; everything that chance decides comes from the seed. */
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import { type InstagramClient, makeInstagramClient } from "@/instagram/client.ts";
import { makeMetrics, type Metrics } from "@/metrics.ts";
import { runChain } from "@/rules/chain.ts";
import { pass, reply, type Rule, type RuleTurn } from "@/rules/contract.ts";
import type { ChainResult } from "@/rules/rule_book.ts";
import { makeSealer, type Sealer } from "@/seal.ts";
import { type Random, seededRandom } from "@/simulator/random.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import dedup from "../../rules/10_dedup.ts";
import takeover from "../../rules/20_takeover.ts";
import replyWindow from "../../rules/30_reply_window.ts";
import cooldown from "../../rules/40_cooldown.ts";
import optOut from "../../rules/50_opt_out.ts";
import askForPerson from "../../rules/55_ask_for_person.ts";
import businessHours from "../../rules/60_business_hours.ts";
import { type Bug, type BugName, bugOf } from "@tests/simulation/bugs.ts";
import { checkEnding } from "@tests/simulation/checks.ts";
import { EventLoop } from "@tests/simulation/event_loop.ts";
import { type Instance, startInstance } from "@tests/simulation/instance.ts";
import { makeFetch, type Server } from "@tests/simulation/network.ts";
import { PretendInstagram } from "@tests/simulation/pretend_instagram.ts";
import { type Habits, Script } from "@tests/simulation/script.ts";
import { type SimulatedDatabase, sqliteDatabase } from "@tests/simulation/stores.ts";
import { Trace } from "@tests/simulation/trace.ts";
import { installGlobals } from "@tests/simulation/virtual_globals.ts";
import { Watch, watchedStore } from "@tests/simulation/watch.ts";

export interface SimulateOptions {
  readonly bug?: BugName;
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
const appSecret = "0123456789abcdef";
const graphOrigin = "http://graph.pretend";
const mocaOrigin = "http://moca.pretend";
const start = new Date("2026-11-24T12:00:00Z");

const activeMs = 40_000;
/** Nothing of what chance began is under way any more after this: the latest echo, the longest pause. */
const calmMs = 70_000;
/** An item that cannot be settled is held after ten vain looks, a minute apart; a throttle pauses longer still. */
const settleMs = 1_800_000;
const checkMs = 20_000;

/** Runs one seed to its end. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<Outcome> {
  const loop = new EventLoop(start);
  await using database = await sqliteDatabase(loop);
  const simulation = new Simulation(seed, { ...options, loop, database });
  using _globals = installGlobals({ loop, random: stream(seed, "globals"), fetch: simulation.fetch });
  return await simulation.run();
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
    this.#settings = { ...pauses, sendsPerSecond, maxTurnsPerHour: 1_000, handOffPhrases: ["a person please"] };
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
    await loop.until(
      addAccount(store, { sealed: await loop.until(this.#sealer.seal(token, accountId)), settings: this.#settings }),
    );
    this.#instagram = this.#makeInstagram();
    const script = this.#makeScript(this.#instagram, store);
    for (let n = 0; n < 2; n++) await loop.until(this.#start());
    const end = addMs(loop.now(), activeMs);
    const psids = ["6001", "6002", "6003"];
    for (const psid of psids) void script.play(psid, end, this.#habitsOf(psid));
    await loop.pass(activeMs);
    this.#calmDown();
    await loop.pass(calmMs);
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

  async #judge({ store, script, psids }: { store: Store; script: Script; psids: readonly string[] }): Promise<
    Omit<Outcome, "seed">
  > {
    const { applied, log, webhooks } = this.#instagram!;
    const { commands, rubbish, forged } = script;
    const { violations, dump } = await checkEnding({
      store,
      accountId,
      psids,
      applied,
      requests: log,
      webhooks,
      commands,
      rubbish,
      forged,
      retries: this.#watch.retries,
      sendsPerSecond: this.#sendsPerSecond,
      secrets: [token, appSecret],
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

  /** Lets time pass until nothing is due any more, or so long that something must be wrong. */
  async #settle(store: Store): Promise<void> {
    const loop = this.#loop;
    const latest = addMs(loop.now(), settleMs);
    do {
      await loop.pass(checkMs);
      await loop.until(this.#checkLateness(store));
    } while (await loop.until(isBusy(store)) && loop.now() < latest);
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
    const watched = watchedStore(await this.#database.open(), this.#watch);
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
      agent: (own) => this.#makeAgent(own, random),
      instagram: client,
      rules: { run: (turn) => this.#runRules(turn) },
      timings: this.#bug?.timings ?? {},
      onPost: ({ psid, text }) => this.#watch.posting(conversationId(accountId, psid), text),
      dieAt: this.#isCalm ? Infinity : Math.ceil(this.#chance() * 1_500),
      onDeath: () => {
        death.abort();
        void this.#restart(watched);
      },
    }, this.#stop.signal);
    if (this.#isCalm) instance.life.calm();
    this.#instances.add(instance);
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

  /** The folder of rules, which somebody changes every ten seconds. */
  async #runRules(turn: RuleTurn): Promise<ChainResult> {
    const version = 1 + Math.floor((this.#loop.now().getTime() - start.getTime()) / 10_000) % 2;
    const rules = version === 1 ? baseRules : [...baseRules, hoursRule];
    return await runChain({ version: `${version}`, rules }, turn, this.#loop);
  }

  #makeAgent(clock: Clock, random: Random): Agent {
    const trace = { model: "script", calls: 1, inputTokens: 1, outputTokens: 1, ms: 1, prompt: [], tools: [] };
    return {
      model: "script",
      decide: async (_request, signal) => {
        await clock.wait(100 + random() ** 2 * 8_000, signal);
        if (signal.aborted) return { kind: "aborted" };
        const ticket = random();
        if (ticket < 0.08) return { kind: "failed", reason: "the model was busy", trace };
        if (ticket < 0.12) {
          const decision = { kind: "silence" as const, reason: "nothing to say", by: "agent" };
          return { kind: "decided", facts: [], trace, decision };
        }
        this.#texts += 1;
        const texts = Array.from({ length: ticket < 0.5 ? 1 : 3 }, (_, n) => `answer ${this.#texts}.${n + 1}`);
        return { kind: "decided", facts: [], trace, decision: { kind: "reply", texts, reason: "asked", by: "agent" } };
      },
    };
  }
}

/** The shipped ones, and one that comes and goes. */
const baseRules: readonly Rule[] = [dedup, takeover, replyWindow, cooldown, optOut, askForPerson, businessHours];

const hoursRule: Rule = {
  name: "hours",
  description: "Answers by rule",
  apply: (turn) => turn.texts.includes("hours?") ? reply(`nine to five, ${turn.now.getTime()}`) : pass(),
};

function skewed(clock: Clock, ms: number): Clock {
  return { now: () => addMs(clock.now(), ms), wait: (pause, signal) => clock.wait(pause, signal) };
}

/** Whether anything is open: what somebody holds at this moment is due as well, but not listed as such. */
async function isBusy({ conversations, outbound }: Store): Promise<boolean> {
  const { queued, sending, uncertain } = await outbound.countByState();
  return queued + sending + uncertain > 0 || await conversations.nextDueAt("turn") !== undefined;
}

async function addAccount(
  store: Store,
  { sealed, settings }: { readonly sealed: string; readonly settings: Readonly<Record<string, unknown>> },
): Promise<void> {
  const now = store.now();
  const account = {
    id: accountId,
    token: { sealed, ending: "tion", savedAt: now },
    state: "active" as const,
    settings,
  };
  await store.accounts.put({ ...account, ver: 0, createdAt: now, updatedAt: now }, 0);
}
