import { addMs } from "@/conversation/due_time.ts";
import type { CaseClock } from "@/simulator/cases/case_clock.ts";
import type { CaseSpace } from "@/simulator/cases/case_space.ts";
import { replayedDeed, replayedEvent } from "@/simulator/cases/replayed_event.ts";
import { hasOwnMid, type SingleEvent } from "@/simulator/contact_event.ts";
import type { DeliveryOptions } from "@/simulator/deliveries.ts";
import { sendFaults } from "@/simulator/phone_faults.ts";
import {
  conversationId,
  type OutboundState,
  type SimulatedMessage,
  type SimulatedTarget,
  type SimulationStep,
  type Turn,
} from "@/store/records.ts";

/** What came of a step. */
export interface Played {
  /** Absent: nothing was decided. */
  readonly turn?: Turn;
  /** Texts that reached the contact. */
  readonly arrived: number;
}

/** Looks at what is due before a case is given up: one that never ends must not hold up the others. */
const maxLooks = 300;

/** What is due and cannot be done yet is looked at again after so long. */
const lookAgainMs = 250;

const underWay: readonly OutboundState[] = ["queued", "sending", "uncertain"];

/** Plays one contact in a space of their own, step by step. */
export class CasePlay {
  readonly #space: CaseSpace;
  readonly #clock: CaseClock;
  readonly #psid: string;
  /** Ids of what the contact has said, in order. */
  #said: readonly string[] = [];

  constructor(space: CaseSpace, clock: CaseClock, psid: string) {
    this.#space = space;
    this.#clock = clock;
    this.#psid = psid;
  }

  get #id(): string {
    return conversationId(this.#space.instagram.accountId, this.#psid);
  }

  /** Says a burst, lets it be decided and answered, then lets the time pass until the next step. */
  async take(step: SimulationStep, until: Date | undefined): Promise<Played> {
    const { store, instagram } = this.#space;
    const before = { turns: await this.#newestTurn(), arrived: instagram.applied(this.#psid).length };
    this.#clock.moveTo(step.at);
    await this.#say(step);
    await this.#pass((next) => this.#isDone().then((done) => done ? undefined : next));
    if (until !== undefined) await this.#pass((next) => Promise.resolve(next <= until ? next : undefined));
    const turn = await this.#newestTurn();
    const arrived = instagram.applied(this.#psid).length - before.arrived;
    if (turn === undefined || turn.number === before.turns?.number) return { arrived };
    return { turn: await store.turns.get(turn.id), arrived };
  }

  async #newestTurn(): Promise<Turn | undefined> {
    return (await this.#space.store.turns.list(this.#id, { limit: 1 }))[0];
  }

  /** Over the webhook, one after the other; out of order, the last message comes first, then what is done to them. */
  async #say({ says, faults = [] }: SimulationStep): Promise<void> {
    const { instagram } = this.#space;
    for (const fault of sendFaults.filter((known) => faults.includes(known))) {
      instagram.fail({ fault, psid: this.#psid });
    }
    const copies = faults.includes("duplicate") ? 2 : 1;
    if (!faults.includes("outOfOrder")) return await this.#inTurn(says, copies);
    const messages = says.filter(({ about }) => about === undefined);
    await this.#send(messages.map(replayedEvent), { copies, order: "reversed" });
    await this.#inTurn(says.filter(({ about }) => about !== undefined), copies);
  }

  async #inTurn(says: readonly SimulatedMessage[], copies: number): Promise<void> {
    for (const said of says) {
      const at = addMs(this.#clock.now(), said.afterMs ?? 0);
      await this.#pass((next) => Promise.resolve(next <= at ? next : undefined));
      this.#clock.moveTo(at);
      const event = this.#eventOf(said);
      if (event !== undefined) await this.#send([event], { copies });
    }
  }

  async #send(events: readonly SingleEvent[], options: DeliveryOptions): Promise<void> {
    const { mids } = await this.#space.instagram.contactSends(this.#psid, events, options);
    if (events.some(hasOwnMid)) this.#said = [...this.#said, ...mids];
  }

  /** Undefined: what it would be done to is not there. */
  #eventOf(said: SimulatedMessage): SingleEvent | undefined {
    if (said.about === undefined) return replayedEvent(said);
    const mid = this.#midOf(said.about);
    return mid === undefined ? undefined : replayedDeed(said, mid);
  }

  #midOf({ author, place }: SimulatedTarget): string | undefined {
    return author === "contact" ? this.#said[place] : this.#space.instagram.applied(this.#psid)[place]?.mid;
  }

  /** Does what is due, then moves on to the instant that `choose` makes of the next one, for as long as it names one. */
  async #pass(choose: (next: Date) => Promise<Date | undefined>): Promise<void> {
    for (let look = 0; look < maxLooks; look += 1) {
      await this.#space.settle();
      const next = await this.#space.nextDueAt();
      const chosen = next && await choose(next);
      if (chosen === undefined) return;
      this.#clock.moveTo(chosen > this.#clock.now() ? chosen : addMs(this.#clock.now(), lookAgainMs));
    }
  }

  /** Nothing waits to be decided, and no answer is under way; what was planned for later is not waited for. */
  async #isDone(): Promise<boolean> {
    const { store, instagram } = this.#space;
    const account = await store.accounts.get(instagram.accountId);
    const aggregate = await store.conversations.load(this.#id);
    if (aggregate === undefined || account?.state === "paused") return true;
    const { debounce, outbound } = aggregate;
    const leaving = outbound.filter(({ state, origin }) => underWay.includes(state) && origin.kind !== "followUp");
    return debounce.pending.length === 0 && leaving.length === 0;
  }
}
