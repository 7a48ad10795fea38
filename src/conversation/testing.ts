/** Events and a place to commit changes to, for the tests of the pure core. */
import { type Aggregate, type Change, newAggregate, startChange } from "@/conversation/aggregate.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { messageId, receive } from "@/conversation/receive.ts";
import { namelessId } from "@/conversation/send.ts";
import { defaultSettings, type Settings } from "@/conversation/settings.ts";
import { beginTurn, commitTurn, type Decision, type TurnCommit } from "@/conversation/turn.ts";
import type { Command, Message, OutboundItem, Turn } from "@/store/records.ts";

export const noon = new Date("2026-11-24T12:00:00Z");

/** The instant `ms` milliseconds after noon. */
export function after(ms: number): Date {
  return new Date(noon.getTime() + ms);
}

const ids = { accountId: "17841400000000001", psid: "6001" };

type EventPatch = Partial<InboundEvent>;

function makeEvent(patch: EventPatch & Pick<InboundEvent, "key" | "kind">): InboundEvent {
  return {
    ...ids,
    direction: "in",
    attachments: [],
    at: noon,
    standby: false,
    test: false,
    source: "webhook",
    ...patch,
  };
}

export function textEvent(mid: string, patch: EventPatch = {}): InboundEvent {
  return makeEvent({ key: `msg:${mid}`, kind: "text", mid, text: `text of ${mid}`, ...patch });
}

/** A text that the business's side sent. */
export function echoEvent(mid: string, patch: EventPatch = {}): InboundEvent {
  return textEvent(mid, { direction: "out", ...patch });
}

export function editEvent(mid: string, editNumber: number, patch: EventPatch = {}): InboundEvent {
  const key = `edit:${mid}:${editNumber}`;
  return makeEvent({ key, kind: "edit", refMid: mid, editNumber, text: `edit ${editNumber} of ${mid}`, ...patch });
}

export function unsendEvent(mid: string, patch: EventPatch = {}): InboundEvent {
  return makeEvent({ key: `del:${mid}`, kind: "unsend", refMid: mid, ...patch });
}

export function seenEvent(mid: string, patch: EventPatch = {}): InboundEvent {
  const at = patch.at ?? noon;
  return makeEvent({ key: `seen:${mid}:${at.getTime()}`, kind: "seen", refMid: mid, ...patch });
}

export function reactionEvent(mid: string, emoji: string | undefined, patch: EventPatch = {}): InboundEvent {
  const at = patch.at ?? noon;
  const reaction = emoji === undefined ? { action: "unreact" } : { action: "react", emoji };
  return makeEvent({ key: `react:${mid}:${at.getTime()}:${emoji}`, kind: "reaction", refMid: mid, reaction, ...patch });
}

/** What a store would hold after a row of commits. */
export class Ledger {
  aggregate: Aggregate;
  readonly messages = new Map<string, Message>();
  readonly turns = new Map<string, Turn>();
  /** Every item that ever was, also those that the aggregate no longer lists. */
  readonly items = new Map<string, OutboundItem>();
  readonly commands = new Map<string, Command>();
  settings: Settings;

  constructor(settings: Partial<Settings> = {}) {
    this.aggregate = newAggregate(ids, noon);
    this.settings = { ...defaultSettings, ...settings };
  }

  start(): Change {
    return startChange(this.aggregate);
  }

  /** Keeps what the change says, as a store would; undefined changes nothing. */
  commit(change: Change | undefined): void {
    if (change === undefined) return;
    const { conversation, outbound } = change.next;
    for (const item of outbound) this.items.set(item.id, item);
    for (const message of change.messages) this.messages.set(message.id, message);
    for (const turn of change.turns) this.turns.set(turn.id, turn);
    for (const command of change.commands) this.commands.set(command.id, command);
    this.aggregate = {
      ...change.next,
      conversation: { ...conversation, ver: conversation.ver + 1 },
      outbound: outbound.filter(({ state }) => state !== "sent" && state !== "cancelled"),
    };
  }

  /** The rows that `receive` wants to know for the event. */
  rowsFor(event: InboundEvent): readonly Message[] {
    const mids = [event.mid, event.refMid].filter((mid) => mid !== undefined);
    return [...this.messages.values()].filter(({ id, mid, refMid }) =>
      id === messageId(event) || (mid !== undefined && mids.includes(mid)) ||
      (refMid !== undefined && mids.includes(refMid))
    );
  }

  /** Takes events in one commit. */
  receive(events: readonly InboundEvent[], now: Date): void {
    const { settings } = this;
    const ended = [...this.items.values()].filter(({ state }) => state === "sent" || state === "cancelled");
    const nameless = ended.filter(({ mid }) => mid === undefined)
      .flatMap((item) => this.messages.get(namelessId(item)) ?? []);
    this.commit(events.reduce(
      (change, event) => receive(change, event, [...this.rowsFor(event), ...nameless], { settings, now, ended }),
      this.start(),
    ));
  }

  begin(snapshotId: string, now: Date): void {
    this.commit(beginTurn(this.start(), { snapshotId, now }));
  }

  decide(snapshotId: string, decision: Decision, now: Date, followUps: readonly FollowUpPlan[] = []): TurnCommit {
    const pending = this.aggregate.debounce.snapshot?.pending ?? [];
    const messages = pending.flatMap((one) => this.messages.get(one.messageId) ?? []);
    const reasons = { checks: [], rules: [], facts: [], tags: [], optOut: false };
    const record = { snapshotId, decision, ...reasons, followUps, messages };
    const outcome = commitTurn(this.start(), record, { settings: this.settings, now });
    if (outcome.kind !== "stale") this.commit(outcome.change);
    return outcome;
  }

  /** The item with number `seq`, as it was committed last. */
  item(seq: number): OutboundItem {
    const item = [...this.items.values()].find((one) => one.seq === seq);
    if (item === undefined) throw new RangeError(`Cannot find item ${seq}: there are ${this.items.size}`);
    return item;
  }
}

export function replyWith(...texts: readonly string[]): Decision {
  return { kind: "reply", texts, reason: "asked", by: "agent" };
}

/** A ledger in which the contact wrote at noon and an answer of `texts` was queued at noon + 4 s. */
export function answeredLedger(texts: readonly string[], settings: Partial<Settings> = {}): Ledger {
  const ledger = new Ledger(settings);
  ledger.receive([textEvent("m1")], noon);
  ledger.begin("s1", after(4_000));
  ledger.decide("s1", replyWith(...texts), after(4_000));
  return ledger;
}
