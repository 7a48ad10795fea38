/** The page of the queue, and what it shows besides what is stored. */
import type { Context } from "hono";
import type { BulkOutcome } from "@/backoffice/bulk_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { loadPace } from "@/backoffice/load_pace.ts";
import { pathOf, respondPage, uiOf } from "@/backoffice/page.ts";
import { listCodes, listFiltered, readContact, readFilter } from "@/backoffice/queue_filter.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { instanceState } from "@/heartbeat.ts";
import { accountPace } from "@/instagram/account_pace.ts";
import { unsettledStates } from "@/conversation/item_states.ts";
import { distinctName } from "@views/parts/account_name.ts";
import { contactName } from "@views/parts/person.ts";
import { queueQuery } from "@views/parts/queue_filters.ts";
import { type QueueData, queuePage, queueStates, type SlowedAccount } from "@views/queue.ts";

const pageSize = 50;

/** What came of many at once; those that were refused with the reasons, which stand in no address. */
export async function tellOutcome(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  { done, refused }: BulkOutcome,
): Promise<Response> {
  if (refused.length === 0) return c.redirect(`/admin/queue?done=${done.length}&refused=0`, 303);
  const reasons = Map.groupBy(refused, ({ reason }) => reason);
  const bulk = {
    done: done.length,
    refused: refused.length,
    reasons: [...reasons].map(([reason, those]) => ({ reason, count: those.length })),
  };
  const data = { ...await loadQueue(deps, c), path: "/admin/queue", bulk };
  return await showQueue(deps, c, { data, status: 200 });
}

export async function showQueue(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  { data, status }: { data: QueueData; status: 200 | 409 },
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const [pace, codes] = await Promise.all([loadPace(deps.store), listCodes(deps.store.outbound)]);
  const body = queuePage(ui, { ...data, codes, isPaused: c.req.query("paused") === "1" }, pace);
  const content = { title: ui.t("nav.queue"), section: "queue", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status, content });
}

/** Of the page, what changes by itself. */
export async function loadQueue({ store }: BackofficeDeps, c: Context<SessionEnv>): Promise<QueueData> {
  const state = queueStates.find((known) => known === c.req.query("state"));
  const { contact, conversationId } = await readContact(store, c.req.query());
  const filter = readFilter(c.req.query());
  const query = {
    state: state === undefined ? unsettledStates : [state],
    conversationId,
    limit: pageSize,
    cursor: c.req.query("cursor"),
  };
  const [counts, oldestAt, page, instances] = await Promise.all([
    store.outbound.countByState(),
    store.outbound.oldestAt(unsettledStates),
    listFiltered(store.outbound, query, { filter, now: store.now() }),
    store.instances.list(),
  ]);
  const names = await contactNames(store, [...new Set(page.items.map(({ conversationId }) => conversationId))]);
  const next = new URLSearchParams(queueQuery({ filter, contact, state }));
  if (page.nextCursor !== undefined) next.set("cursor", page.nextCursor);
  return {
    counts,
    oldestAt,
    state,
    contact,
    filter,
    items: page.items.map((item) => ({ item, contactName: names.get(item.conversationId) ?? item.psid })),
    total: page.total,
    nextQuery: page.nextCursor === undefined ? undefined : `?${next}`,
    instances: instances.map((one) => ({ ...one, state: instanceState(one, store.now()) })),
    path: pathOf(c),
    slowed: await slowedAccounts(store),
    bulk: bulkOf(c),
    lastSentAt: page.items.length === 0 ? await lastSent(store) : undefined,
    deadEnvelopes: await store.envelopes.list({ state: "dead", limit: 20 }),
  };
}

async function lastSent(store: BackofficeDeps["store"]): Promise<Date | undefined> {
  const { items: [newest] } = await store.outbound.list({ state: ["sent"], limit: 1 });
  return newest?.updatedAt;
}

/** What the bulk action led to that the page comes from. */
function bulkOf(c: Context): QueueData["bulk"] {
  const [done, refused] = [Number(c.req.query("done")), Number(c.req.query("refused"))];
  return Number.isInteger(done) && Number.isInteger(refused) ? { done, refused, reasons: [] } : undefined;
}

async function slowedAccounts(store: BackofficeDeps["store"]): Promise<readonly SlowedAccount[]> {
  const accounts = await store.accounts.list();
  const slowed = await Promise.all(accounts.map(async (account): Promise<SlowedAccount[]> => {
    const pace = accountPace(account, await store.limits.get(account.id), store.now());
    if (pace.factor === 1 && pace.pausedUntil === undefined) return [];
    return [{
      account: distinctName(account, accounts),
      perSecond: pace.perSecond,
      fullPerSecond: pace.perSecond / pace.factor,
      usagePercent: pace.usagePercent ?? 0,
      pausedUntil: pace.pausedUntil,
      reason: pace.reason,
    }];
  }));
  return slowed.flat();
}

async function contactNames(
  store: BackofficeDeps["store"],
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const aggregates = await Promise.all(ids.map((id) => store.conversations.load(id)));
  return new Map(aggregates.flatMap((found) => found ? [[found.contact.id, contactName(found.contact)]] : []));
}
