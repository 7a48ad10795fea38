/** What contacts and people of the team do during a simulation, and how Instagram tells of it. */
import { createHash } from "node:crypto";
import type { Clock } from "@/clock.ts";
import { type Change, startChange } from "@/conversation/aggregate.ts";
import { changeConversation, sendManually } from "@/conversation/operator.ts";
import type { Settings } from "@/conversation/settings.ts";
import type { SingleEvent } from "@/simulator/contact_event.ts";
import { type EnvelopeEvent, makeEnvelope, toMetaJson } from "@/simulator/envelope.ts";
import { toEchoEvent, toMetaEvent } from "@/simulator/meta_event.ts";
import type { Random } from "@/simulator/random.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { AppliedPost, PretendGraph } from "@tests/simulation/pretend_graph.ts";

export interface ScriptOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly graph: PretendGraph;
  readonly store: Store;
  readonly settings: Settings;
  /** Told after each envelope that the store has accepted. */
  readonly onAccepted: () => void;
}

export class Script {
  /** Every message id of a contact, by contact. */
  readonly inbound = new Map<string, string[]>();
  /** Texts per command id that a person clicked on. */
  readonly commands = new Map<string, string>();
  readonly #options: ScriptOptions;
  /** An event that waits to share an envelope with a later one, which then comes before it. */
  #parked?: EnvelopeEvent;

  constructor(options: ScriptOptions) {
    this.#options = options;
  }

  /** One contact's part, until `end`. `lateMs`: how old their messages are when they arrive. */
  async play(psid: string, end: Date, lateMs: number): Promise<void> {
    const { clock, random } = this.#options;
    for (await clock.wait(random() * 8_000); clock.now() < end; await clock.wait(300 + random() ** 2 * 20_000)) {
      await this.#act(psid, lateMs);
    }
  }

  /** Instagram tells of a text that it applied: early, late, twice or never. */
  async echo({ psid, mid, text, at }: AppliedPost): Promise<void> {
    const { clock, random, accountId } = this.#options;
    const ticket = random();
    if (ticket < 0.15) return;
    const event = toEchoEvent(text, { accountId, psid, at, mid });
    if (ticket > 0.35) await clock.wait(random() * (ticket > 0.95 ? 120_000 : 25_000));
    await this.#deliver(event, ticket < 0.25 ? 2 : 1);
  }

  /** Delivers what is still parked. */
  async flush(): Promise<void> {
    const parked = this.#parked;
    this.#parked = undefined;
    if (parked !== undefined) await this.#accept([parked]);
  }

  async #act(psid: string, lateMs: number): Promise<void> {
    const { random, clock } = this.#options;
    const ticket = random();
    const mids = this.inbound.get(psid) ?? [];
    const last = mids.at(-1);
    if (ticket < 0.45 || last === undefined) return this.#write(psid, lateMs);
    if (ticket < 0.65) {
      const stop = clock.now().getTime() + random() * 30_000;
      do {
        this.#write(psid, lateMs);
        await clock.wait(500 + random() * 2_500);
      } while (clock.now().getTime() < stop);
    } else if (ticket < 0.7) this.#tell(psid, { kind: "edit", mid: last, text: `changed ${random()}` }, last, lateMs);
    else if (ticket < 0.74) this.#tell(psid, { kind: "unsend", mid: last }, last, lateMs);
    else if (ticket < 0.79) await this.#typeInApp(psid);
    else if (ticket < 0.85) await this.#clickTwice(psid);
    else if (ticket < 0.88) await this.#setHandler(psid, "person");
    else await this.#setHandler(psid, "bot");
  }

  #write(psid: string, lateMs: number): void {
    const { graph, random } = this.#options;
    const mid = graph.nextMid();
    this.inbound.set(psid, [...this.inbound.get(psid) ?? [], mid]);
    const text = random() < 0.02 ? "stop" : random() < 0.05 ? "a person please" : `hello ${mid}`;
    this.#tell(psid, { kind: "text", text }, mid, lateMs);
  }

  #tell(psid: string, event: SingleEvent, mid: string, lateMs: number): void {
    const { clock, graph, random, accountId } = this.#options;
    const at = new Date(clock.now().getTime() - lateMs);
    graph.world.contactDid(psid, event, { mid, at });
    const meta = toMetaEvent(event, { accountId, psid, at, mid, editNumber: 1 });
    const copies = random() < 0.2 ? 2 + Math.floor(random() * 2) : 1;
    const delayMs = random() < 0.7 ? random() * 300 : random() * 15_000;
    void clock.wait(delayMs).then(() => this.#deliver(meta, copies));
  }

  async #typeInApp(psid: string): Promise<void> {
    const { clock, graph, accountId } = this.#options;
    const typed = { mid: graph.nextMid(), text: "typed in the app", at: clock.now() };
    graph.world.businessSaid(psid, { ...typed, via: "app", attachments: [] });
    await this.#deliver(toEchoEvent(typed.text, { accountId, psid, ...typed }), 1);
  }

  /** Hands envelopes to the store as the webhook does; copies differ in their bytes and come apart. */
  async #deliver(event: EnvelopeEvent, copies: number): Promise<void> {
    const { random, clock } = this.#options;
    if (random() < 0.1 && this.#parked === undefined) {
      this.#parked = event;
      return;
    }
    const parked = this.#parked;
    this.#parked = undefined;
    for (let copy = 0; copy < copies; copy++) {
      if (copy > 0) await clock.wait(random() * 20_000);
      await this.#accept(parked === undefined ? [event] : [event, parked]);
    }
  }

  async #accept(events: readonly EnvelopeEvent[]): Promise<void> {
    const { store, clock, accountId, onAccepted } = this.#options;
    const body = new TextEncoder().encode(toMetaJson(makeEnvelope(events, { accountId, at: clock.now() })));
    const id = createHash("sha256").update(body).digest("hex");
    await store.envelopes.accept({ id, body, receivedAt: store.now() });
    onAccepted();
  }

  /** A person's message, clicked in two tabs at the same time. */
  async #clickTwice(psid: string): Promise<void> {
    const commandId = `click-${this.commands.size + 1}`;
    const text = `by hand ${commandId}`;
    this.commands.set(commandId, text);
    await Promise.all([this.#click(psid, commandId, text), this.#click(psid, commandId, text)]);
  }

  async #click(psid: string, commandId: string, text: string): Promise<void> {
    const { store, settings } = this.#options;
    await this.#change(psid, async (change) => {
      if (await store.commands.get(commandId) !== undefined) return undefined;
      const message = { texts: [text], commandId, bodyHash: text };
      const outcome = sendManually(change, message, { operator: "eva", settings, now: store.now() });
      return outcome.kind === "queued" ? outcome.change : undefined;
    });
  }

  async #setHandler(psid: string, handler: "bot" | "person"): Promise<void> {
    const { store, settings } = this.#options;
    const act = { operator: "eva", settings };
    await this.#change(
      psid,
      (change) => Promise.resolve(changeConversation(change, { handler }, { ...act, now: store.now() })),
    );
  }

  async #change(psid: string, step: (change: Change) => Promise<Change | undefined>): Promise<void> {
    const { store, accountId } = this.#options;
    for (let outcome = "conflict"; outcome === "conflict";) {
      const aggregate = await store.conversations.load(conversationId(accountId, psid));
      const change = aggregate && await step(startChange(aggregate));
      if (change === undefined) return;
      outcome = await store.conversations.commit(change);
    }
  }
}
