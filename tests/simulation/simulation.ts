/** The whole pipeline in one process on a virtual clock; everything that chance decides comes from the seed. */
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { makeMetrics } from "@/metrics.ts";
import { asksToStop, handOff, pass, type Rule } from "@/rules/contract.ts";
import { type Random, seededRandom } from "@/simulator/random.ts";
import { conversationId } from "@/store/records.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { checkEnding } from "@tests/simulation/checks.ts";
import { Life, mortalStore, startInstance } from "@tests/simulation/instance.ts";
import { PretendGraph } from "@tests/simulation/pretend_graph.ts";
import { Script } from "@tests/simulation/script.ts";
import { type Bug, Watch, watchedStore } from "@tests/simulation/watched_store.ts";
import { VirtualClock } from "@tests/support/virtual_clock.ts";

/** How one seed ended. */
export interface Outcome {
  readonly seed: number;
  /** Each begins with the invariant's number; empty: all held. */
  readonly violations: readonly string[];
  /** How often each of the rare things happened. */
  readonly reached: Readonly<Record<string, number>>;
  /** Every text that arrived, in order: the same for each run of the seed. */
  readonly applied: readonly string[];
}

const accountId = "17841400000000001";
const sendsPerSecond = 2;
const settings = { sendsPerSecond, cooldownMs: 0, maxTurnsPerHour: 1_000 };
const activeMs = 90_000;
/** Nothing of what chance began is under way any more after this: the latest echo, the longest pause. */
const calmMs = 150_000;
/** An item that cannot be settled is held after ten vain looks, a minute apart. */
const settleMs = 900_000;

const rules: readonly Rule[] = [
  {
    name: "stop",
    description: "A contact may end it",
    apply: (turn) =>
      asksToStop(turn) !== undefined ? { kind: "silence", reason: "the contact asked for it", optOut: true } : pass(),
  },
  {
    name: "person",
    description: "A contact may ask for a person",
    apply: (turn) => turn.texts.includes("a person please") ? handOff("asked for a person") : pass(),
  },
];

/** Runs one seed to its end. */
export async function simulate(seed: number, bug?: Bug): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ dir: await memoryFolder(), prefix: "moca-simulation-" });
  const handles: Store[] = [];
  const clock = new VirtualClock();
  const open = async (): Promise<Store> => {
    const store = await openSqliteStore({ path: `${folder}/moca.db`, clock });
    handles.push(store);
    return store;
  };
  try {
    return await new Simulation({ seed, bug, clock, open }).run(await open());
  } finally {
    for (const handle of handles) await handle[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A folder that lies in memory, where there is one: a simulated crash does not need the disk. */
async function memoryFolder(): Promise<string | undefined> {
  try {
    return (await Deno.stat("/dev/shm")).isDirectory ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}

interface SimulationOptions {
  readonly seed: number;
  readonly bug?: Bug;
  readonly clock: VirtualClock;
  readonly open: () => Promise<Store>;
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #watch = new Watch();
  readonly #metrics = makeMetrics();
  readonly #stop = new AbortController();
  readonly #posts: Date[] = [];
  readonly #lives = new Set<Life>();
  readonly #graph: PretendGraph;
  #script?: Script;
  #owners = 0;
  #texts = 0;
  #isCalm = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#graph = new PretendGraph({
      accountId,
      clock: options.clock,
      random: this.#random,
      onPost: ({ psid, text, overlaps }) => this.#onPost(psid, text, overlaps),
      onApplied: (applied) => void this.#script?.echo(applied),
    });
  }

  async run(store: Store): Promise<Outcome> {
    const { clock, seed, bug } = this.#options;
    await addAccount(store);
    const script = this.#makeScript(watchedStore(store, this.#watch, bug));
    this.#script = script;
    for (let n = 0; n < 2; n++) await this.#start();
    const end = addMs(clock.now(), activeMs);
    for (let n = 1; n <= 4; n++) {
      const lateMs = n === 4 && this.#random() < 0.5 ? 24 * 3_600_000 - 70_000 - this.#random() * 40_000 : 0;
      void script.play(`600${n}`, end, lateMs);
    }
    await clock.pass(activeMs);
    this.#calmDown();
    await this.#settle(store, script);
    const { inbound, commands } = script;
    const { applied } = this.#graph;
    const ending = { store, accountId, applied, inbound, commands, posts: this.#posts, sendsPerSecond };
    const violations = [...this.#watch.violations, ...await checkEnding(ending)];
    this.#stop.abort();
    await clock.pass(60_000);
    const arrived = applied.map(({ psid, text, at }) => `${at.toISOString()} ${psid} ${text}`);
    return { seed, violations, reached: this.#watch.reached, applied: arrived };
  }

  /** Lets time pass until nothing is due any more, or so long that something must be wrong. */
  async #settle(store: Store, script: Script): Promise<void> {
    const { clock } = this.#options;
    await clock.pass(calmMs);
    void script.flush();
    const latest = addMs(clock.now(), settleMs);
    do await clock.pass(40_000); while (await isBusy(store) && clock.now() < latest);
  }

  #makeScript(store: Store): Script {
    const { clock } = this.#options;
    const random = this.#random;
    const life = new Life({ clock, random, crashAfter: Infinity, onCrash: () => {} });
    this.#lives.add(life);
    return new Script({
      accountId,
      clock,
      random,
      graph: this.#graph,
      store: mortalStore(store, life),
      settings: resolveSettings(settings),
      onAccepted: () => {},
    });
  }

  async #start(): Promise<void> {
    const { clock, open, bug } = this.#options;
    this.#owners += 1;
    const { life } = startInstance({
      owner: `moca-${this.#owners}`,
      clock,
      random: this.#random,
      store: watchedStore(await open(), this.#watch, bug),
      metrics: this.#metrics,
      agent: (own) => this.#makeAgent(own),
      instagram: this.#graph.client(),
      rules,
      crashAfter: this.#isCalm ? Infinity : 100 + this.#random() * 1_500,
      onCrash: () => void this.#restart(),
    }, this.#stop.signal);
    if (this.#isCalm) life.spare();
    this.#lives.add(life);
  }

  async #restart(): Promise<void> {
    this.#watch.count("crash");
    await this.#options.clock.wait(500 + this.#random() * 30_000);
    await this.#start();
  }

  #calmDown(): void {
    this.#isCalm = true;
    this.#graph.heal();
    for (const life of this.#lives) life.spare();
  }

  #onPost(psid: string, text: string, overlaps: number): void {
    this.#posts.push(this.#options.clock.now());
    this.#watch.posted(conversationId(accountId, psid), text);
    if (overlaps > 0) this.#watch.blame("C9", `${overlaps + 1} POSTs to ${psid} at the same time`);
  }

  #makeAgent(clock: Clock): Agent {
    const trace = { model: "script", calls: 1, inputTokens: 1, outputTokens: 1, ms: 1, prompt: [], tools: [] };
    return {
      model: "script",
      decide: async (_request, signal) => {
        await clock.wait(100 + this.#random() ** 2 * 8_000, signal);
        if (signal.aborted) return { kind: "aborted" };
        const ticket = this.#random();
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

/** Whether anything is open: what somebody holds at this moment is due as well, but not listed as such. */
async function isBusy({ conversations, outbound }: Store): Promise<boolean> {
  const { queued, sending, uncertain } = await outbound.countByState();
  return queued + sending + uncertain > 0 || await conversations.nextDueAt("turn") !== undefined;
}

async function addAccount(store: Store): Promise<void> {
  const now = store.now();
  const token = { sealed: "token", ending: "oken", savedAt: now };
  await store.accounts.put(
    { id: accountId, token, state: "active", settings, ver: 0, createdAt: now, updatedAt: now },
    0,
  );
}
