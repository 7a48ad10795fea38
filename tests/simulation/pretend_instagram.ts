/**
 * The pretended Instagram of the sandbox and of the other tests, without sockets: its Graph API, its webhook sender,
 * its faults and its log, on the simulation's loop and network. Its log is the only judge.
 */
import type { Clock } from "@/clock.ts";
import type { Hono } from "hono";
import type { ContactEvent } from "@/simulator/contact_event.ts";
import { CallLimit } from "@/simulator/call_limit.ts";
import { Deliveries, type Delivery, type DeliveryOptions } from "@/simulator/deliveries.ts";
import { Exchange } from "@/simulator/exchange.ts";
import { type FaultOrder, FaultPlan } from "@/simulator/faults.ts";
import { graphApp, type GraphEnv } from "@/simulator/graph_app.ts";
import { AppendOnlyLog, type AppliedText, type GraphLogEntry, type WebhookLogEntry } from "@/simulator/logs.ts";
import type { Random } from "@/simulator/random.ts";
import { Subscriptions } from "@/simulator/subscriptions.ts";
import { Tokens } from "@/simulator/tokens.ts";
import { WebhookSender } from "@/simulator/webhook_sender.ts";
import { type Thread, World } from "@/simulator/world.ts";

export interface PretendInstagramOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly accountId: string;
  readonly token: string;
  readonly appSecret: string;
  readonly webhookUrl: string;
}

/** A bad hour: about one request in three goes wrong. */
const faults: readonly FaultOrder[] = [
  { fault: "code613", rate: 0.015 },
  { fault: "http429", rate: 0.01 },
  { fault: "unknownError", rate: 0.02 },
  { fault: "serverErrorApplied", rate: 0.03 },
  { fault: "serverError", rate: 0.03 },
  { fault: "sentButError", rate: 0.04 },
  { fault: "timeoutApplied", rate: 0.03 },
  { fault: "timeout", rate: 0.03 },
  { fault: "reset", rate: 0.03 },
  { fault: "resetApplied", rate: 0.03 },
  { fault: "cutBody", rate: 0.02 },
  { fault: "slowAnswer", rate: 0.02, delayMs: 9_000 },
  { fault: "slowDrip", rate: 0.01 },
  { fault: "lateApply", rate: 0.08, delayMs: 20_000 },
  { fault: "windowClosed", rate: 0.005 },
  { fault: "recipientUnavailable", rate: 0.005 },
  { fault: "serverError", rate: 0.08, on: "read" },
  { fault: "timeout", rate: 0.03, on: "read" },
];

const twoDaysMs = 2 * 24 * 3_600_000;
const username = "moca.sandbox";

export class PretendInstagram {
  readonly #options: PretendInstagramOptions;
  readonly #world = new World();
  readonly #log = new AppendOnlyLog<GraphLogEntry>(100_000, () => {});
  readonly #applied = new AppendOnlyLog<AppliedText>(100_000, () => {});
  readonly #webhooks = new AppendOnlyLog<WebhookLogEntry>(100_000, () => {});
  readonly #faults: FaultPlan;
  readonly #sender: WebhookSender;
  readonly #deliveries: Deliveries;
  readonly #app: Hono<GraphEnv>;
  readonly #tokens: Tokens;
  readonly #closing = new AbortController();
  readonly #typed = new Set<string>();
  #mids = 0;
  #readLagMs = 5_000;

  constructor(options: PretendInstagramOptions) {
    const { clock, random, accountId, appSecret, webhookUrl, token } = options;
    this.#options = options;
    this.#tokens = new Tokens(token, new Date(clock.now().getTime() - twoDaysMs));
    this.#faults = new FaultPlan(random);
    for (const fault of faults) this.#faults.add(fault);
    const retryPausesMs = [500, 1_000, 5_000, 15_000, 30_000, 60_000];
    this.#sender = new WebhookSender({
      clock,
      appSecret,
      webhookUrl: () => webhookUrl,
      retryPausesMs,
      log: this.#webhooks,
    });
    const nextMid = (): string => `mid-${++this.#mids}`;
    const parts = { clock, random, accountId, nextMid, world: this.#world };
    this.#deliveries = new Deliveries({ ...parts, sender: this.#sender });
    this.#app = this.#makeApp(nextMid);
  }

  /** Every request, oldest first. */
  get log(): readonly GraphLogEntry[] {
    return this.#log.entries;
  }

  /** What reached contacts through the API, in the order in which it did. */
  get applied(): readonly AppliedText[] {
    return this.#applied.entries;
  }

  /** Every try to hand over an envelope. */
  get webhooks(): readonly WebhookLogEntry[] {
    return this.#webhooks.entries;
  }

  /** Ids of what people wrote in the Instagram app. */
  get typed(): ReadonlySet<string> {
    return this.#typed;
  }

  /** What the two sides see of their conversation. */
  thread(psid: string): Thread | undefined {
    return this.#world.thread(psid);
  }

  /** From now on this one token is good, and no other; undefined: none is. */
  setToken(token: string | undefined): void {
    if (token === undefined) this.#tokens.expire();
    else this.#tokens.set(token, this.#options.clock.now());
  }

  /** From now on everything goes well. */
  heal(): void {
    this.#faults.clear();
    this.#readLagMs = 0;
  }

  /** Answers a request of the Graph API. `drop`: called when the connection breaks instead. */
  async answer(request: Request, drop: () => void): Promise<Response> {
    return await this.#app.fetch(request, { drop });
  }

  contactDoes(psid: string, events: readonly ContactEvent[], options: DeliveryOptions): Delivery {
    return this.#deliveries.fromContact(psid, events, options);
  }

  /** Somebody of the business types in the Instagram app. */
  appSends(psid: string, text: string, options: DeliveryOptions): void {
    const said = { mid: `mid-${++this.#mids}`, text, at: this.#options.clock.now() };
    this.#typed.add(said.mid);
    this.#world.businessSaid(psid, { ...said, via: "app", attachments: [] });
    this.#deliveries.echo(psid, said, options);
  }

  /** Posts a body as it is, signed. */
  postWebhook(body: string): void {
    this.#sender.post(body, []);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sender[Symbol.asyncDispose]();
  }

  #makeApp(nextMid: () => string): Hono<GraphEnv> {
    const { clock, accountId } = this.#options;
    const tokens = this.#tokens;
    const world = this.#world;
    const exchange = new Exchange({
      clock,
      callLimit: new CallLimit(accountId),
      world,
      tokens,
      nextMid,
      faults: this.#faults,
      log: this.#log,
      applied: this.#applied,
      echo: (applied) => Promise.resolve(this.#echo(applied)),
      closing: this.#closing.signal,
    });
    return graphApp({
      account: { id: accountId, username },
      world,
      tokens,
      exchange,
      subscriptions: new Subscriptions(),
      now: () => clock.now(),
      readLagMs: () => this.#readLagMs,
    });
  }

  /** The webhook hears of a text early, late, twice or never. */
  #echo(applied: AppliedText): void {
    const { random } = this.#options;
    const ticket = random();
    if (ticket < 0.15) return;
    const delayMs = ticket < 0.35 ? 0 : Math.floor(random() * (ticket > 0.95 ? 60_000 : 20_000));
    this.#deliveries.echo(applied.psid, applied, { delayMs, copies: ticket > 0.85 ? 2 : 1 });
  }
}
