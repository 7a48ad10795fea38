import type { Clock } from "@/clock.ts";
import { type Change, newAggregate, startChange, withContact } from "@/conversation/aggregate.ts";
import { latest } from "@/conversation/due_time.ts";
import { itemDueAt } from "@/conversation/outbound_items.ts";
import { receive } from "@/conversation/receive.ts";
import { beginSend, recordSend } from "@/conversation/send.ts";
import type { Settings } from "@/conversation/settings.ts";
import { takeTurn, type TurnDeps } from "@/debounce/take_turn.ts";
import { conversationId, type Simulation, type SimulationStep, type Turn } from "@/store/records.ts";

/** A clock that stands where the case has come to. */
export class CaseClock implements Clock {
  #at = new Date(0);

  now(): Date {
    return this.#at;
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }

  /** Never backwards. */
  moveTo(at: Date): void {
    this.#at = latest(this.#at, at);
  }
}

/** Looks at a burst that rules put off or a model gave nothing for, before the case is given up. */
const maxLooks = 30;

/** The conversation of one case, in a store that is there for cases alone. */
export class CaseConversation {
  readonly #deps: TurnDeps;
  readonly #clock: CaseClock;
  readonly #settings: Settings;
  readonly #simulation: Simulation;
  readonly #psid: string;
  #said = 0;

  constructor(
    { psid, simulation, settings, clock, deps }: {
      readonly psid: string;
      readonly simulation: Simulation;
      readonly settings: Settings;
      readonly clock: CaseClock;
      readonly deps: TurnDeps;
    },
  ) {
    this.#deps = deps;
    this.#clock = clock;
    this.#settings = settings;
    this.#simulation = simulation;
    this.#psid = psid;
  }

  get #id(): string {
    return conversationId(this.#simulation.accountId, this.#psid);
  }

  /** Says a burst, and lets its turn be taken and its answer arrive. Undefined: nothing was decided. */
  async take(step: SimulationStep): Promise<Turn | undefined> {
    this.#clock.moveTo(step.at);
    for (const said of step.says) await this.#say(said);
    for (let look = 0; look < maxLooks; look++) {
      const due = (await this.#deps.store.conversations.load(this.#id))?.debounce.dueAt;
      if (due === undefined) return undefined;
      this.#clock.moveTo(due);
      const control = { signal: new AbortController().signal, onInterruptible: (): void => {} };
      if ((await takeTurn(this.#id, this.#deps, control)).kind === "committed") break;
    }
    await this.#arrive();
    return (await this.#deps.store.turns.list(this.#id, { limit: 1 }))[0];
  }

  async #say(said: SimulationStep["says"][number]): Promise<void> {
    this.#said += 1;
    const { accountId, contact } = this.#simulation;
    const mid = `case-${this.#psid}-${this.#said}`;
    const about = { accountId, psid: this.#psid, key: `msg:${mid}`, mid, at: this.#clock.now() };
    const event = { ...about, ...said, direction: "in", standby: false, test: false, source: "webhook" } as const;
    await this.#commit((change) =>
      receive(withContact(change, contact), event, [], { settings: this.#settings, now: this.#clock.now() })
    );
  }

  /** Every text that waits arrives at once: what comes after it meets an answer that was given. */
  async #arrive(): Promise<void> {
    const { outbound } = await this.#load();
    for (const { id: itemId, origin } of outbound) {
      if (origin.kind === "followUp") continue;
      const { conversation, outbound: waiting } = await this.#load();
      const item = waiting.find(({ id }) => id === itemId);
      if (item?.state !== "queued") continue;
      this.#clock.moveTo(itemDueAt(item, conversation.lastSendAt));
      const now = this.#clock.now();
      await this.#commit((change) => beginSend(change, itemId, { now, requestMs: 10_000 }) ?? change);
      const options = { itemId, attempt: item.attempt + 1, rows: [], settings: this.#settings, now };
      await this.#commit((change) => recordSend(change, { kind: "sent", mid: `sent-${itemId}` }, options) ?? change);
    }
  }

  async #load(): Promise<Change["next"]> {
    return await this.#deps.store.conversations.load(this.#id) ??
      newAggregate({ accountId: this.#simulation.accountId, psid: this.#psid }, this.#clock.now());
  }

  async #commit(step: (change: Change) => Change): Promise<void> {
    await this.#deps.store.conversations.commit(step(startChange(await this.#load())));
  }
}
