/** What contacts and people of the team do during a simulation. */
import type { OperatorActions } from "@/backoffice/operator_actions.ts";
import type { Clock } from "@/clock.ts";
import type { ContactEvent } from "@/simulator/contact_event.ts";
import type { DeliveryOptions } from "@/simulator/deliveries.ts";
import type { Random } from "@/simulator/random.ts";
import { conversationId, type OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { Scenario } from "@tests/simulation/scenario.ts";
import type { PretendInstagram } from "@tests/simulation/pretend_instagram.ts";

export interface ScriptOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly instagram: PretendInstagram;
  readonly scenario: Scenario;
  /** Read without any fault, to see what there is to act on. */
  readonly store: Store;
  /** Of some instance that lives; undefined while none does. */
  readonly actions: () => OperatorActions | undefined;
  /** Posts a body that Instagram has not signed. */
  readonly forge: (body: string) => void;
}

/** How a contact writes. */
export interface Habits {
  /** How old their messages are when they arrive. */
  readonly lateMs: number;
  /** 1: every few seconds; a half: half as often. */
  readonly tempo: number;
}

type Doing = readonly [weight: number, act: (psid: string) => void | Promise<void>];

export class Script {
  /** Every message id of a contact, by contact. */
  readonly inbound = new Map<string, string[]>();
  /** Texts per command id that a person clicked on. */
  readonly commands = new Map<string, string>();
  /** Bodies that are no business of Moca's, with signature and without. */
  readonly rubbish: string[] = [];
  readonly forged: string[] = [];
  readonly #options: ScriptOptions;
  readonly #doings: readonly Doing[];
  readonly #late = new Map<string, number>();
  #drafts = 0;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#doings = [
      [36, (psid) => this.#write(psid)],
      [14, (psid) => this.#writeBurst(psid)],
      [6, (psid) => this.#tell(psid, { kind: "edit", mid: this.#lastOf(psid), text: `changed ${options.random()}` })],
      [5, (psid) => this.#tell(psid, { kind: "unsend", mid: this.#lastOf(psid) })],
      [2, (psid) => this.#tell(psid, { kind: "seen", mid: this.#lastOf(psid) })],
      [5, (psid) => this.#typeInApp(psid)],
      [6, (psid) => this.#clickTwice(psid)],
      [3, (psid) => this.#patch(psid, "person")],
      [10, (psid) => this.#patch(psid, "bot")],
      [2, (psid) => this.#mute(psid)],
      [6, (psid) => this.#actOnItem(psid)],
      [2, () => this.#postRubbish()],
      [2, () => this.#forge()],
      [options.scenario.drafts ? 24 : 0, (psid) => this.#reviewDraft(psid)],
    ];
  }

  /** One contact's part, until `end`. */
  async play(psid: string, end: Date, { lateMs, tempo }: Habits): Promise<void> {
    const { clock, random } = this.#options;
    this.#late.set(psid, lateMs);
    for (
      await clock.wait(random() * 4_000);
      clock.now() < end;
      await clock.wait(300 + random() ** 2 * 12_000 / tempo)
    ) {
      if (this.#lastOf(psid) === "") this.#write(psid);
      else await this.#choose()(psid);
    }
  }

  #choose(): Doing[1] {
    let ticket = this.#options.random() * this.#doings.reduce((sum, [weight]) => sum + weight, 0);
    const chosen = this.#doings.find(([weight]) => (ticket -= weight) < 0);
    return (chosen ?? this.#doings[0])[1];
  }

  #lastOf(psid: string): string {
    return this.inbound.get(psid)?.at(-1) ?? "";
  }

  #write(psid: string): void {
    const ticket = this.#options.random();
    const mids = this.inbound.get(psid) ?? [];
    const text = ticket < 0.015
      ? "stop"
      : ticket < 0.05
      ? "a person please"
      : ticket < 0.1
      ? "hours?"
      : `hello ${psid}.${mids.length + 1}`;
    this.inbound.set(psid, [...mids, ...this.#tell(psid, { kind: "text", text })]);
  }

  async #writeBurst(psid: string): Promise<void> {
    const { clock, random } = this.#options;
    const stop = clock.now().getTime() + random() * 12_000;
    do {
      this.#write(psid);
      await clock.wait(500 + random() * 2_500);
    } while (clock.now().getTime() < stop);
  }

  #tell(psid: string, event: ContactEvent): readonly string[] {
    const { instagram, clock } = this.#options;
    const at = new Date(clock.now().getTime() - (this.#late.get(psid) ?? 0));
    return instagram.contactDoes(psid, [event], { at, ...this.#delivery(psid) }).mids;
  }

  /** Most webhooks come at once; some late, and so out of order, some twice, and where they can be found, some never. */
  #delivery(psid: string): DeliveryOptions {
    const { random, scenario } = this.#options;
    if (scenario.losesWebhooks && this.#late.get(psid) === 0 && random() < 0.2) return { held: true };
    const delayMs = Math.floor(random() < 0.7 ? random() * 300 : random() * 15_000);
    return { delayMs, copies: random() < 0.15 ? 2 + Math.floor(random() * 2) : 1 };
  }

  #typeInApp(psid: string): void {
    this.#options.instagram.appSends(psid, "typed in the app", this.#delivery(psid));
  }

  /** A person's message, clicked in two tabs at the same time, and perhaps in two instances. */
  #clickTwice(psid: string): void {
    const commandId = `click-${this.commands.size + 1}`;
    const text = `by hand ${commandId}`;
    this.commands.set(commandId, text);
    for (let tab = 0; tab < 2; tab++) {
      this.#act((actions) => actions.sendMessage(this.#id(psid), { text, commandId }, "eva"));
    }
  }

  #patch(psid: string, handler: "bot" | "person"): void {
    this.#act((actions) => actions.changeConversation(this.#id(psid), { handler }, "eva"));
  }

  async #mute(psid: string): Promise<void> {
    this.#act((actions) => actions.changeContact(this.#id(psid), { neverBot: true }, "eva"));
    await this.#options.clock.wait(this.#options.random() * 15_000);
    this.#act((actions) => actions.changeContact(this.#id(psid), { neverBot: false, optOut: false }, "eva"));
  }

  async #actOnItem(psid: string): Promise<void> {
    const { store, random } = this.#options;
    const state: OutboundItem["state"][] = ["queued", "failed", "held", "expired"];
    const { items } = await store.outbound.list({ conversationId: this.#id(psid), state, limit: 5 });
    const [item] = items;
    if (item === undefined) return;
    const action = item.state === "queued" ? "cancel" : random() < 0.6 ? "retry" : "discard";
    this.#act((actions) => actions.actOnItem(item.id, action, "eva"));
  }

  /** Two people see the same draft; each decides on it, or one clicks twice. */
  async #reviewDraft(psid: string): Promise<void> {
    const { store, random } = this.#options;
    const draft = (await store.conversations.load(this.#id(psid)))?.conversation.draft;
    if (draft === undefined) return;
    for (let tab = 0; tab < 2; tab++) {
      const isSame = tab === 1 && random() < 0.5;
      const commandId = `draft-${isSame ? this.#drafts : ++this.#drafts}`;
      const text = !isSame && random() < 0.3 ? `edited ${commandId}` : undefined;
      const request = { draftId: draft.id, commandId, ...(text === undefined ? {} : { text }) };
      if (random() < 0.2) this.#act((actions) => actions.discardDraft(this.#id(psid), request, "eva"));
      else this.#act((actions) => actions.sendDraft(this.#id(psid), request, "eva"));
    }
  }

  #postRubbish(): void {
    const { instagram, random, accountId } = this.#options;
    const kinds = ["{", "[]", `{"object":"instagram","entry":[{"id":"${accountId}","messaging":[null,7,{}]}]}`, "null"];
    const body = `${kinds[Math.floor(random() * kinds.length)]}${" ".repeat(this.rubbish.length)}`;
    this.rubbish.push(body);
    instagram.postWebhook(body);
  }

  #forge(): void {
    const body = JSON.stringify({ object: "instagram", entry: [{ forged: this.forged.length }] });
    this.forged.push(body);
    this.#options.forge(body);
  }

  /** Whoever clicks does not wait for more than an answer, and looks again when there is an error. */
  #act(act: (actions: OperatorActions) => Promise<unknown>): void {
    const actions = this.#options.actions();
    if (actions !== undefined) act(actions).catch(() => undefined);
  }

  #id(psid: string): string {
    return conversationId(this.#options.accountId, psid);
  }
}
