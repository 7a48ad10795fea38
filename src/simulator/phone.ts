import { type ContactEvent, toSteps } from "./contact_event.ts";
import type { DeliveryOptions } from "./deliveries.ts";
import type { PretendInstagram, Said } from "./instagram.ts";
import { newPsid, type PretendContact } from "./personas.ts";
import { type PhoneFault, sendFaults, type WebhookFault, webhookFaults } from "./phone_faults.ts";

/** A fault that has happened. */
export interface Mishap {
  readonly fault: PhoneFault;
  readonly at: Date;
}

interface Line {
  readonly armed: ReadonlySet<WebhookFault>;
  readonly mishaps: readonly Mishap[];
  /** Lets the webhook go that waits for the next one to overtake it. */
  readonly release?: () => void;
}

const idle: Line = { armed: new Set(), mishaps: [] };

/** Mishaps that are remembered of one contact. */
const keptMishaps = 20;

/** The sandbox's time, as far as the phone needs it. */
export interface PhoneTime {
  readonly aheadMs: number;
  now(): Date;
  /** Moves it on; nothing happens when that is too far. */
  moveOn(ms: number): Promise<"moved" | "tooFar">;
}

/** The phone on screen: contacts who write to the account, the time, and what goes wrong on the way, each thing once. */
export class Phone {
  readonly #instagram: PretendInstagram;
  readonly #time: PhoneTime;
  readonly #lines = new Map<string, Line>();

  constructor(instagram: PretendInstagram, time: PhoneTime) {
    this.#instagram = instagram;
    this.#time = time;
  }

  get accountId(): string {
    return this.#instagram.accountId;
  }

  get personas(): readonly PretendContact[] {
    return this.#instagram.contacts;
  }

  /** How far the sandbox's time is ahead of the real one, in milliseconds. */
  get aheadMs(): number {
    return this.#time.aheadMs;
  }

  moveOn(ms: number): Promise<"moved" | "tooFar"> {
    return this.#time.moveOn(ms);
  }

  /** Makes somebody who has never written; without a handle they get one like their name. */
  addPersona(
    persona: Pick<PretendContact, "name" | "language" | "follows"> & Partial<Pick<PretendContact, "username">>,
  ): PretendContact {
    return this.#instagram.setContact(newPsid(this.#instagram.contacts.length), persona);
  }

  /** Puts into the contact's thread what was said elsewhere; answers the messages' ids. */
  recall(psid: string, lines: readonly Said[]): readonly string[] {
    return this.#instagram.recall(psid, lines);
  }

  /** Lets a contact do something; resolves when it is on its way to the webhook. */
  act(psid: string, events: readonly ContactEvent[]): Promise<void> {
    const { armed, release } = this.#line(psid);
    const isLate = armed.has("outOfOrder") && toSteps(events).length === 1;
    const delivery = this.#instagram.contactBegins(psid, events, deliveryOf(armed, isLate));
    const at = this.#time.now();
    const mishaps = [...this.#line(psid).mishaps, ...[...armed].map((fault) => ({ fault, at }))].slice(-keptMishaps);
    const letGo = (): void => {
      release?.();
      delivery.release();
    };
    this.#lines.set(psid, { armed: new Set(), mishaps, ...(isLate ? { release: letGo } : {}) });
    if (!isLate) delivery.offered.then(release);
    return Promise.resolve();
  }

  /** Says what shall go wrong next, and takes back what was said before and has not happened yet. */
  arm(psid: string, faults: readonly PhoneFault[]): void {
    this.#instagram.clearFaults(psid);
    for (const fault of sendFaults.filter((known) => faults.includes(known))) this.#instagram.fail({ fault, psid });
    const armed = new Set(webhookFaults.filter((known) => faults.includes(known)));
    this.#lines.set(psid, { ...this.#line(psid), armed });
  }

  /** What is to go wrong and has not happened yet. */
  armed(psid: string): readonly PhoneFault[] {
    const planned = this.#instagram.plannedFaults(psid);
    return [...sendFaults.filter((fault) => planned.includes(fault)), ...this.#line(psid).armed];
  }

  /** What went wrong, oldest first; the newest 20 of each kind. */
  mishaps(psid: string): readonly Mishap[] {
    const sends = this.#instagram.log.flatMap((entry): readonly Mishap[] => {
      const fault = sendFaults.find((known) => known === entry.fault);
      return fault === undefined || entry.psid !== psid ? [] : [{ fault, at: entry.at }];
    });
    return [...sends.slice(-keptMishaps), ...this.#line(psid).mishaps]
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** Whether a message is held back until the next one has overtaken it. */
  isHolding(psid: string): boolean {
    return this.#line(psid).release !== undefined;
  }

  #line(psid: string): Line {
    return this.#lines.get(psid) ?? idle;
  }
}

function deliveryOf(armed: ReadonlySet<WebhookFault>, isLate: boolean): DeliveryOptions {
  return {
    copies: armed.has("duplicate") ? 2 : 1,
    ...(armed.has("outOfOrder") ? isLate ? { held: true } : { order: "reversed" as const } : {}),
  };
}
