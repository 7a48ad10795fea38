/**
 * A pretend Instagram over real HTTP on the loopback interface: the Graph API that Moca calls, and the sender of the
 * webhooks that Moca gets. The demo runs on it, and so do the tests, to which its log is the truth about what
 * reached a contact. Everything is in memory and bounded.
 */
import type { Clock } from "@/clock.ts";
import { CallLimit, type CallLimitOrder } from "./call_limit.ts";
import type { ContactEvent } from "./contact_event.ts";
import { Deliveries, type Delivery, type DeliveryOptions } from "./deliveries.ts";
import { type EchoPolicy, planEcho } from "./echo_policy.ts";
import { Exchange } from "./exchange.ts";
import { type FaultName, type FaultOrder, FaultPlan } from "./faults.ts";
import { Gate } from "./gate.ts";
import { graphApp } from "./graph_app.ts";
import { AppendOnlyLog, type AppliedText, type GraphLogEntry, type WebhookLogEntry } from "./logs.ts";
import { midMaker } from "./mids.ts";
import type { PretendContact } from "./personas.ts";
import { type Random, seededRandom } from "./random.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Tokens } from "./tokens.ts";
import { Watchers } from "./watchers.ts";
import { WebhookSender } from "./webhook_sender.ts";
import { type Thread, World } from "./world.ts";

export interface InstagramOptions {
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
  readonly accountId: string;
  readonly username: string;
  /** The account's access token; taken to be two days old. */
  readonly token: string;
  /** Signs the webhooks. */
  readonly appSecret: string;
  /** Where webhooks go, asked before each; absent: none is ever sent. */
  readonly webhookUrl?: () => string;
  /** Chooses faults by rate, shuffles and ids. Default 1. */
  readonly seed?: number;
  /** Default `immediately`. */
  readonly echoes?: EchoPolicy;
  /** Pauses, by the clock, before an envelope that was not answered 2xx is tried again. Default 0 s, 1 s, … 12 h. */
  readonly retryPausesMs?: readonly number[];
}

/** Something that was said in a thread. */
export interface Said {
  /** By the contact; else by the business's side. */
  readonly isContact: boolean;
  readonly text: string;
  readonly at: Date;
}

const defaultRetryPausesMs = [0, 1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 43_200_000];
const logLimit = 100_000;
const twoDaysMs = 2 * 24 * 3_600_000;

/** Starts the pretend Instagram; it listens when this resolves. */
export function startInstagram(options: InstagramOptions): Promise<PretendInstagram> {
  return Promise.resolve(new PretendInstagram(options));
}

export class PretendInstagram implements AsyncDisposable {
  readonly accountId: string;
  readonly username: string;
  readonly #clock: Clock;
  readonly #world = new World();
  readonly #watchers = new Watchers();
  readonly #closing = new AbortController();
  readonly #subscriptions = new Subscriptions();
  readonly #log = new AppendOnlyLog<GraphLogEntry>(logLimit, () => this.#watchers.notify());
  readonly #webhooks = new AppendOnlyLog<WebhookLogEntry>(logLimit, () => this.#watchers.notify());
  readonly #applied = new AppendOnlyLog<AppliedText>(logLimit, () => this.#watchers.notify());
  readonly #random: Random;
  readonly #nextMid: () => string;
  readonly #tokens: Tokens;
  readonly #faults: FaultPlan;
  readonly #callLimit: CallLimit;
  readonly #sender: WebhookSender;
  readonly #deliveries: Deliveries;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #gate: Gate;
  #token: string;
  #echoes: EchoPolicy;
  #readLagMs = 0;

  constructor(options: InstagramOptions) {
    this.accountId = options.accountId;
    this.username = options.username;
    this.#clock = options.clock;
    this.#token = options.token;
    this.#echoes = options.echoes ?? "immediately";
    this.#random = seededRandom(options.seed ?? 1);
    this.#nextMid = midMaker(options.accountId, seededRandom((options.seed ?? 1) + 1));
    this.#tokens = new Tokens(options.token, new Date(options.clock.now().getTime() - twoDaysMs));
    this.#faults = new FaultPlan(this.#random);
    this.#callLimit = new CallLimit(options.accountId);
    this.#sender = this.#makeSender(options);
    this.#deliveries = this.#makeDeliveries();
    this.#server = this.#serve();
    this.#gate = new Gate(options.port ?? 0, this.#server.addr.port);
  }

  /** Base address of the Graph API, without a trailing slash or a version. */
  get url(): string {
    return `http://127.0.0.1:${this.#gate.port}`;
  }

  /** The token that is good now. */
  get token(): string {
    return this.#token;
  }

  /** Every request that came, oldest first; entries are frozen and only ever added. The newest 100,000. */
  get log(): readonly GraphLogEntry[] {
    return this.#log.entries;
  }

  /** Every try to hand an envelope to the webhook. The newest 100,000. */
  get deliveries(): readonly WebhookLogEntry[] {
    return this.#webhooks.entries;
  }

  get contacts(): readonly PretendContact[] {
    return this.#world.contacts;
  }

  /** The webhook fields that the account is subscribed to. */
  get subscribedFields(): readonly string[] {
    return this.#subscriptions.fields;
  }

  /** The texts that really reached a contact (or any) through the API, in the order in which they did. */
  applied(psid?: string): readonly AppliedText[] {
    return this.#applied.entries.filter((text) => psid === undefined || text.psid === psid);
  }

  /** What the two sides see of their conversation; undefined before the first message. */
  thread(psid: string): Thread | undefined {
    return this.#world.thread(psid);
  }

  /** Resolves with the next request that is logged after this call. */
  nextRequest({ timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {}): Promise<GraphLogEntry> {
    const last = this.log.at(-1)?.seq ?? 0;
    return this.waitFor((log) => log.find(({ seq, event }) => seq > last && event === "request"), { timeoutMs });
  }

  /**
   * Resolves with what the predicate answers as soon as that is neither false nor undefined; looks again after each
   * new entry of either log.
   * @throws {Error} After `timeoutMs` (default 5,000) of real time.
   */
  waitFor<T>(
    predicate: (log: readonly GraphLogEntry[], deliveries: readonly WebhookLogEntry[]) => T | undefined | false,
    { timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {},
  ): Promise<T> {
    return this.#watchers.waitFor(() => predicate(this.log, this.deliveries), timeoutMs);
  }

  /**
   * A contact does something, or several things; one who is not known yet is made. Resolves when the webhook has
   * answered (or not) the first try of each envelope; at once when the delivery is held or delayed.
   */
  async contactSends(
    psid: string,
    event: ContactEvent | readonly ContactEvent[],
    options: DeliveryOptions = {},
  ): Promise<Delivery> {
    const delivery = this.contactBegins(psid, event, options);
    if (!options.held && !options.delayMs) await delivery.offered;
    return delivery;
  }

  /** As `contactSends`, without waiting for the webhook. */
  contactBegins(psid: string, event: ContactEvent | readonly ContactEvent[], options: DeliveryOptions = {}): Delivery {
    return this.#deliveries.fromContact(psid, isList(event) ? event : [event], options);
  }

  /** The owner types in the Instagram app: a message that no API call made. Resolves as `contactSends`. */
  async appSends(psid: string, text: string, options: DeliveryOptions = {}): Promise<Delivery> {
    const said = { mid: this.#nextMid(), text, at: options.at ?? this.#clock.now() };
    this.#world.setContact(psid);
    this.#world.businessSaid(psid, { ...said, via: "app", attachments: [] });
    const delivery = this.#deliveries.echo(psid, said, options);
    if (!options.held && !options.delayMs) await delivery.offered;
    return delivery;
  }

  /** What two people said elsewhere is in their thread as if it had been said here; answers the messages' ids. */
  recall(psid: string, lines: readonly Said[]): readonly string[] {
    return lines.map(({ isContact, text, at }) => {
      const mid = this.#nextMid();
      if (isContact) this.#world.contactDid(psid, { kind: "text", text }, { mid, at });
      else this.#world.businessSaid(psid, { mid, via: "api", text, attachments: [], at });
      return mid;
    });
  }

  /** Signs and posts a body as it is, with retries; answers the first try's status. */
  postWebhook(body: string): Promise<number | undefined> {
    return this.#sender.post(body, []).offered;
  }

  /** Changes what is known of a contact (blocked, name, …), who is made when unknown. */
  setContact(psid: string, changes: Partial<Omit<PretendContact, "psid">> = {}): PretendContact {
    return this.#world.setContact(psid, changes);
  }

  /** Something will go wrong. */
  fail(order: FaultOrder): void {
    this.#faults.add(order);
  }

  /** The connection of the next request breaks after so many of its bytes: the request never arrives whole. */
  cutNextRequest(atByte: number): void {
    this.#gate.cutNextRequest(atByte);
  }

  /** Nothing goes wrong any more, with that contact or any, but for an expired token. */
  clearFaults(psid?: string): void {
    this.#faults.clear(psid);
  }

  /** What was ordered to go wrong with that contact alone, and has not happened yet. */
  plannedFaults(psid: string): readonly FaultName[] {
    return this.#faults.plannedFor(psid);
  }

  /** Counts calls from now on, as Meta does, and refuses those that are too many; undefined: no more. */
  limitCalls(order: CallLimitOrder | undefined): void {
    this.#callLimit.set(order);
  }

  /** From now on this token is good, and no other. */
  setToken(token: string): void {
    this.#token = token;
    this.#tokens.set(token, this.#clock.now());
  }

  /** Every call is answered 190 until `setToken`. */
  expireToken(): void {
    this.#tokens.expire();
  }

  setEchoes(policy: EchoPolicy): void {
    this.#echoes = policy;
  }

  /** Messages can be read only so many milliseconds after they were sent. Default 0. */
  setReadLag(ms: number): void {
    this.#readLagMs = ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#gate[Symbol.asyncDispose]();
    await this.#server.shutdown();
    await this.#sender[Symbol.asyncDispose]();
  }

  #makeSender({ clock, appSecret, webhookUrl, retryPausesMs = defaultRetryPausesMs }: InstagramOptions): WebhookSender {
    return new WebhookSender({ clock, appSecret, webhookUrl, retryPausesMs, log: this.#webhooks });
  }

  #makeDeliveries(): Deliveries {
    return new Deliveries({
      accountId: this.accountId,
      clock: this.#clock,
      random: this.#random,
      nextMid: this.#nextMid,
      sender: this.#sender,
      world: this.#world,
    });
  }

  #serve(): Deno.HttpServer<Deno.NetAddr> {
    const app = graphApp({
      account: { id: this.accountId, username: this.username },
      world: this.#world,
      tokens: this.#tokens,
      subscriptions: this.#subscriptions,
      exchange: this.#makeExchange(),
      now: () => this.#clock.now(),
      readLagMs: () => this.#readLagMs,
    });
    return Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request, { remoteAddr }) => app.fetch(request, { drop: () => this.#gate.drop(remoteAddr.port) }),
    );
  }

  #makeExchange(): Exchange {
    return new Exchange({
      clock: this.#clock,
      world: this.#world,
      tokens: this.#tokens,
      faults: this.#faults,
      callLimit: this.#callLimit,
      log: this.#log,
      applied: this.#applied,
      nextMid: this.#nextMid,
      echo: (applied) => this.#echo(applied),
      closing: this.#closing.signal,
    });
  }

  async #echo(applied: AppliedText): Promise<void> {
    const plan = planEcho(this.#echoes, this.#random);
    if (plan === undefined) return;
    const delivery = this.#deliveries.echo(applied.psid, applied, plan.delivery);
    if (plan.beforeAnswer) await delivery.offered;
  }
}

function isList<T extends object>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
