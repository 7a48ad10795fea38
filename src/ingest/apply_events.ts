import type { Clock } from "@/clock.ts";
import { type Change, isChanged, newAggregate, startChange } from "@/conversation/aggregate.ts";
import { type InboundEvent, isContent } from "@/conversation/event.ts";
import { messageId, receive } from "@/conversation/receive.ts";
import { namelessId } from "@/conversation/send.ts";
import type { Settings } from "@/conversation/settings.ts";
import { forgetTurns } from "@/ingest/forget_turns.ts";
import { type ConversationId, conversationId, type Message, type OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Tries to commit before the envelope is left for later; with the pauses between them about 12 s. */
const maxTries = 30;

const firstPauseMs = 5;
const longestPauseMs = 500;

export interface ApplyDeps {
  readonly store: Pick<Store, "conversations" | "messages" | "outbound" | "turns" | "now">;
  readonly clock: Clock;
}

/** Events of one conversation. */
export interface ApplyOptions {
  readonly events: readonly InboundEvent[];
  readonly settings: Settings;
}

/**
 * `applied`: committed, or there already; `change` is what was committed and `duplicates` are the events that
 * were there before. `contended`: somebody else changed the conversation each time; nothing was written.
 */
export type Applied =
  | { readonly kind: "applied"; readonly change: Change; readonly duplicates: ReadonlySet<InboundEvent> }
  | { readonly kind: "contended" };

/**
 * Takes events into their conversation in one commit; reads and applies anew when it has moved meanwhile. Where
 * very many turns tell of what the events take back, commits that only rewrite turns go before it.
 */
export async function applyEvents(deps: ApplyDeps, options: ApplyOptions): Promise<Applied> {
  for (let attempt = 1; attempt <= maxTries;) {
    const { change, duplicates, isWhole } = await foldEvents(deps.store, options);
    const outcome = isChanged(change) ? await deps.store.conversations.commit(change) : "committed";
    if (outcome === "committed" && isWhole) return { kind: "applied", change, duplicates };
    if (outcome === "conflict") await deps.clock.wait(pauseMs(attempt++));
  }
  return { kind: "contended" };
}

/** Doubles from try to try; up to half of it is chance, so that two writers do not meet again and again. */
function pauseMs(attempt: number): number {
  const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  return whole * (0.5 + Math.random() / 2);
}

interface Folded {
  readonly change: Change;
  readonly duplicates: ReadonlySet<InboundEvent>;
  /** False when only turns are rewritten yet, and the events are still to be taken in. */
  readonly isWhole: boolean;
}

async function foldEvents(store: ApplyDeps["store"], { events, settings }: ApplyOptions): Promise<Folded> {
  const [{ accountId, psid }] = events;
  const id = conversationId(accountId, psid);
  const aggregate = await store.conversations.load(id) ?? newAggregate({ accountId, psid }, store.now());
  // Rows are read after the aggregate: whoever writes one later raises its `ver`, and the commit is refused.
  const rows = await readRows(store, events);
  const { turns, isAll } = await forgetTurns(store, events, rows);
  const start = { ...startChange(aggregate), turns };
  if (!isAll) return { change: start, duplicates: new Set(), isWhole: false };
  const ended = events.some((event) => isCopyOfUnknown(event, rows(event))) ? await readEnded(store, id) : [];
  const nameless = await readNameless(store, ended);
  const options = { settings, now: store.now(), ended };
  const duplicates = new Set<InboundEvent>();
  const change = events.reduce((before, event) => {
    const after = receive(before, event, [...rows(event), ...nameless], options);
    if (after === before) duplicates.add(event);
    return after;
  }, start);
  return { change, duplicates, isWhole: true };
}

/** Items of which a copy may come after they have ended. */
const endedLately = 20;

/** Whether it is of a message of the business's side that the store does not know. */
function isCopyOfUnknown({ direction, kind, mid }: InboundEvent, rows: readonly Message[]): boolean {
  return direction === "out" && isContent(kind) && mid !== undefined && !rows.some((row) => row.mid === mid);
}

async function readEnded(store: ApplyDeps["store"], id: ConversationId): Promise<readonly OutboundItem[]> {
  const query = { conversationId: id, state: ["sent", "cancelled"], limit: endedLately } as const;
  return (await store.outbound.list(query)).items;
}

/** The rows of texts that arrived by a person's word: Instagram's name for them is not known yet. */
async function readNameless(
  store: ApplyDeps["store"],
  ended: readonly OutboundItem[],
): Promise<readonly Message[]> {
  const ids = ended.filter(({ state, mid }) => state === "sent" && mid === undefined).map(namelessId);
  return ids.length === 0 ? [] : await store.messages.byIds(ids);
}

/** Reads what the store has on the events; answers a look-up of the rows that concern one of them. */
async function readRows(
  store: ApplyDeps["store"],
  events: readonly InboundEvent[],
): Promise<(event: InboundEvent) => readonly Message[]> {
  const [{ accountId, psid }] = events;
  const mids = [...new Set(events.flatMap(({ mid, refMid }) => [mid, refMid]).filter((mid) => mid !== undefined))];
  const [own, related] = await Promise.all([
    store.messages.byIds([...new Set(events.map(messageId))]),
    store.messages.related(accountId, mids),
  ]);
  const ownById = new Map(own.map((row) => [row.id, row]));
  const inConversation = related.filter((row) => row.conversationId === conversationId(accountId, psid));
  const byMid = groupByMid(inConversation);
  return (event) => {
    const self = ownById.get(messageId(event));
    const near = [event.mid, event.refMid].flatMap((mid) => mid === undefined ? [] : byMid.get(mid) ?? []);
    return self === undefined ? near : [self, ...near];
  };
}

function groupByMid(rows: readonly Message[]): ReadonlyMap<string, readonly Message[]> {
  const byMid = new Map<string, Message[]>();
  for (const row of rows) {
    for (const mid of [row.mid, row.refMid]) {
      if (mid !== undefined) byMid.set(mid, [...byMid.get(mid) ?? [], row]);
    }
  }
  return byMid;
}
