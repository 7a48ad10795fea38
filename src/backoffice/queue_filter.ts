/** What the queue's page is narrowed by, besides a state and a contact. */
import { addMs } from "@/conversation/due_time.ts";
import { findContact } from "@/backoffice/find_contact.ts";
import { foldText } from "@/rules/words.ts";
import { toCursor } from "@/store/cursor.ts";
import type { OutboundItem } from "@/store/records.ts";
import type { OutboundQuery, OutboundStore } from "@/store/store.ts";
import { isFiltered, type QueueAge, queueAges, type QueueFilter, queueKinds } from "@views/parts/queue_filters.ts";

/** Items that one page looks through at most; it goes on from there when asked for more. */
const maxRead = 2_000;
const readAtOnce = 500;

/** Codes are offered of so many of the newest texts that did not leave. */
const codesOf = 200;

const maxSearchLength = 200;

const hourMs = 3_600_000;
const agesMs: Readonly<Record<QueueAge, number>> = { "1h": hourMs, "1d": 24 * hourMs, "7d": 7 * 24 * hourMs };

/** A page of items; `total` where it was counted. */
export interface FoundItems {
  readonly items: readonly OutboundItem[];
  readonly nextCursor?: string;
  readonly total?: number;
}

type Asked = Readonly<Record<string, string | undefined>>;
type ContactSource = Parameters<typeof findContact>[0];

export interface AskedContact {
  readonly contact: string;
  readonly conversationId?: string;
}

/** The filter that the URL asks for; what is not understood is left out. */
export function readFilter({ kind, code = "", age, q = "" }: Asked): QueueFilter {
  return {
    kind: queueKinds.find((known) => known === kind),
    code: /^\d{1,7}$/.test(code) ? Number(code) : undefined,
    age: queueAges.find((known) => known === age),
    q: q.trim().slice(0, maxSearchLength) || undefined,
  };
}

/** A contact as it was typed, and the conversation it means; `-`, which none has, when there is no such contact. */
export async function readContact(store: ContactSource, { contact = "" }: Asked): Promise<AskedContact> {
  const typed = contact.trim();
  if (typed === "") return { contact: typed };
  return { contact: typed, conversationId: (await findContact(store, typed))?.id ?? "-" };
}

/** A page of what the filter lets through, newest first; counted when it lets everything through. */
export async function listFiltered(
  outbound: Pick<OutboundStore, "list">,
  query: OutboundQuery,
  { filter, now }: { readonly filter: QueueFilter; readonly now: Date },
): Promise<FoundItems> {
  if (!isFiltered(filter)) return await outbound.list(query);
  const items: OutboundItem[] = [];
  let cursor = query.cursor ?? startOf(filter, now);
  for (let read = 0; read < maxRead; read += readAtOnce) {
    const page = await outbound.list({ ...query, limit: readAtOnce, cursor });
    for (const item of page.items) {
      if (!fits(item, filter)) continue;
      items.push(item);
      if (items.length === query.limit) return { items, nextCursor: cursorOf(item) };
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return { items };
  }
  return { items, nextCursor: cursor };
}

/** Instagram's codes among the newest texts that did not leave, to choose from. */
export async function listCodes(outbound: Pick<OutboundStore, "list">): Promise<readonly number[]> {
  const { items } = await outbound.list({ state: ["failed", "held", "expired", "uncertain"], limit: codesOf });
  return [...new Set(items.flatMap((item) => codeOf(item) ?? []))].toSorted((a, b) => a - b);
}

/** Older than the age: what came later is not even read. */
function startOf({ age }: QueueFilter, now: Date): string | undefined {
  return age && toCursor({ at: addMs(now, -agesMs[age]).getTime(), id: "-" });
}

function cursorOf({ createdAt, id }: OutboundItem): string {
  return toCursor({ at: createdAt.getTime(), id });
}

function fits(item: OutboundItem, { kind, code, q }: QueueFilter): boolean {
  const isPersons = item.origin.kind === "operator";
  return (kind === undefined || (kind === "person") === isPersons) &&
    (code === undefined || codeOf(item) === code) &&
    (q === undefined || foldText(item.text).includes(foldText(q)));
}

/** What Instagram said last. */
function codeOf({ attempts }: OutboundItem): number | undefined {
  return attempts.findLast(({ error }) => error?.code !== undefined)?.error?.code;
}
