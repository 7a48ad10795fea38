import type { Clock } from "@/clock.ts";
import { type ContactEvent, type EventStep, hasOwnMid, type SingleEvent, toSteps } from "./contact_event.ts";
import { type EnvelopeEvent, makeEnvelope, toMetaJson } from "./envelope.ts";
import { toEchoEvent, toMetaEvent } from "./meta_event.ts";
import { type Random, shuffled } from "./random.ts";
import type { Posting, WebhookOutcome, WebhookSender } from "./webhook_sender.ts";
import type { World } from "./world.ts";

/** How events travel to the webhook. A burst keeps its gaps only when nothing but `copies` and `at` is asked for. */
export interface DeliveryOptions {
  /** How often each envelope is delivered. Default 1. */
  readonly copies?: number;
  /** `each` event in an envelope of its own (default), or all in a `shared` one. */
  readonly envelope?: "each" | "shared";
  /** In which order the events leave. Default `given`. */
  readonly order?: "given" | "reversed" | "shuffled";
  /** Pause, by the clock, before the first envelope leaves; Instagram's timestamps stay. Default 0. */
  readonly delayMs?: number;
  /** Nothing leaves until `release()`. Default false. */
  readonly held?: boolean;
  /** Instagram's time of the events. Default: now. */
  readonly at?: Date;
}

/** What became of events that were handed to the webhook sender. */
export interface Delivery {
  /** One for each single event: its own message, or the one that it is about; none for a referral. */
  readonly mids: readonly string[];
  /** The first try's status of each envelope and copy; undefined for no answer. */
  readonly offered: Promise<readonly (number | undefined)[]>;
  /** How each envelope and copy ended, retries included. */
  readonly settled: Promise<readonly WebhookOutcome[]>;
  /** Lets a held delivery go; harmless otherwise. */
  readonly release: () => void;
}

export interface DeliveriesOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly nextMid: () => string;
  readonly sender: WebhookSender;
  readonly world: World;
}

interface Written extends EventStep {
  readonly mid: string;
}

interface Parcel {
  readonly mids: readonly string[];
  readonly events: readonly EnvelopeEvent[];
}

/** Turns what people do into envelopes, and sends these the way that was asked for. */
export class Deliveries {
  readonly #options: DeliveriesOptions;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** A contact does something; the world knows at once (a burst: one text after another), the webhook as told. */
  fromContact(psid: string, events: readonly ContactEvent[], options: DeliveryOptions = {}): Delivery {
    const steps = toSteps(events).map((step) => ({ ...step, mid: this.#midOf(step.event) }));
    const parcels = keepsGaps(options) && steps.some(({ afterMs }) => afterMs > 0)
      ? this.#oneByOne(psid, steps, options)
      : this.#together(psid, steps, options);
    return this.#deliver(steps.map(({ mid }) => mid).filter((mid) => mid !== ""), parcels, options);
  }

  /** The echo of a message of the business's side that the world already knows. */
  echo(
    psid: string,
    said: { readonly mid: string; readonly text: string; readonly at: Date },
    options: DeliveryOptions = {},
  ): Delivery {
    const event = toEchoEvent(said.text, { accountId: this.#options.accountId, psid, at: said.at, mid: said.mid });
    const parcel: Parcel = { mids: [said.mid], events: [event] };
    return this.#deliver(parcel.mids, [parcel], options);
  }

  #deliver(
    mids: readonly string[],
    parcels: AsyncIterable<Parcel> | Iterable<Parcel>,
    options: DeliveryOptions,
  ): Delivery {
    const gate = Promise.withResolvers<void>();
    if (!options.held) gate.resolve();
    const pause = this.#options.sender.pause(options.delayMs ?? 0);
    const posting = this.#post(parcels, Promise.all([pause, gate.promise]), options);
    const offered = posting.then((postings) => Promise.all(postings.map((one) => one.offered)));
    const settled = posting.then((postings) => Promise.all(postings.map((one) => one.settled)));
    return { mids, offered, settled, release: () => gate.resolve() };
  }

  /** One envelope after the other, each after the first try of the one before. */
  async #post(
    parcels: AsyncIterable<Parcel> | Iterable<Parcel>,
    released: Promise<unknown>,
    { copies = 1 }: DeliveryOptions,
  ): Promise<readonly Posting[]> {
    const { accountId, clock, sender } = this.#options;
    const postings: Posting[] = [];
    for await (const { mids, events } of parcels) {
      await released;
      if (sender.closed) break;
      const body = toMetaJson(makeEnvelope(events, { accountId, at: clock.now() }));
      for (let copy = 0; copy < copies; copy++) {
        const posting = sender.post(body, mids);
        postings.push(posting);
        await posting.offered;
      }
    }
    return postings;
  }

  /** The first event happens at once, before anything is awaited. */
  #oneByOne(psid: string, [first, ...rest]: readonly Written[], options: DeliveryOptions): AsyncIterable<Parcel> {
    const { sender, clock } = this.#options;
    const happen = (step: Written): Parcel => this.#happen(psid, step, options.at ?? clock.now());
    const parcel = happen(first);
    return (async function* (): AsyncGenerator<Parcel> {
      yield parcel;
      for (const step of rest) {
        if (!await sender.pause(step.afterMs)) return;
        yield happen(step);
      }
    })();
  }

  /** Everything happens now: the last event this very moment, each one before it a millisecond earlier. */
  #together(psid: string, steps: readonly Written[], options: DeliveryOptions): readonly Parcel[] {
    const last = (options.at ?? this.#options.clock.now()).getTime();
    const happened = steps.map((step, index) => this.#happen(psid, step, new Date(last - (steps.length - 1 - index))));
    const parcels = this.#ordered(happened, options.order);
    if (options.envelope !== "shared") return parcels;
    return [{ mids: parcels.flatMap(({ mids }) => mids), events: parcels.flatMap(({ events }) => events) }];
  }

  #ordered(parcels: readonly Parcel[], order: DeliveryOptions["order"] = "given"): readonly Parcel[] {
    switch (order) {
      case "given":
        return parcels;
      case "reversed":
        return parcels.toReversed();
      case "shuffled":
        return shuffled(parcels, this.#options.random);
    }
  }

  #happen(psid: string, { event, mid }: Written, at: Date): Parcel {
    const { world, accountId } = this.#options;
    world.contactDid(psid, event, { mid, at });
    const edits = world.message(mid)?.message.edits ?? 1;
    const editNumber = event.kind === "edit" ? event.number ?? edits : edits;
    return { mids: mid === "" ? [] : [mid], events: [toMetaEvent(event, { accountId, psid, at, mid, editNumber })] };
  }

  #midOf(event: SingleEvent): string {
    if (hasOwnMid(event)) return this.#options.nextMid();
    return "mid" in event ? event.mid : "";
  }
}

function keepsGaps({ order = "given", envelope = "each", held = false, delayMs = 0 }: DeliveryOptions): boolean {
  return order === "given" && envelope === "each" && !held && delayMs === 0;
}
