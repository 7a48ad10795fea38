import { type Context, Hono } from "hono";
import { actOnMany, type BulkAction } from "@/backoffice/bulk_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import {
  type AskedContact,
  type FoundItems,
  listFiltered,
  readContact,
  readFilter,
} from "@/backoffice/queue_filter.ts";
import { isFiltered, type QueueFilter } from "@views/parts/queue_filters.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { tellOutcome } from "@/backoffice/show_queue.ts";
import type { OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { type AllState, allStates, queueAllPage } from "@views/queue_all.ts";

/** Items that one order acts on at most; the page says how many are left. */
const maxItems = 1_000;
const readAtOnce = 200;
const samples = 3;

/** Acting on everything that is in a state, after a page that says what that is. */
export function queueAllRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const [scope, until] = [await readScope(deps.store, c), deps.store.now()];
    if (scope === undefined) return notFound(deps, c);
    const { items, total } = await lookAt(deps.store, scope, until);
    const action = actionOf(c.req.query("action"));
    return showPage(deps, c, { ...scope, action, total, most: maxItems, samples: items.slice(0, samples), until });
  });
  routes.post("/", async (c) => {
    const form = await c.req.parseBody();
    const [scope, until] = [await readScope(deps.store, c), new Date(String(form["until"] ?? ""))];
    if (scope === undefined || Number.isNaN(until.getTime())) return notFound(deps, c);
    const ids = (await itemsUntil(deps.store, scope, until)).slice(0, maxItems).map(({ id }) => id);
    const [action, commandId] = [actionOf(form["action"]), String(form["commandId"] || crypto.randomUUID())];
    const order = { ids, action, operator: c.get("session").operator, commandId };
    return tellOutcome(deps, c, await actOnMany(deps.actions, order));
  });
  return routes;
}

async function showPage(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  data: Parameters<typeof queueAllPage>[1],
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const content = {
    title: ui.t("nav.queue"),
    section: "queue",
    shape: "page",
    body: queueAllPage(ui, data),
  } as const;
  return respondPage(deps, c, { ui, content });
}

/** What the address narrows the queue to. */
interface Scope extends AskedContact {
  readonly state: AllState;
  readonly filter: QueueFilter;
}

/** Undefined when it names no state in which everything can be acted on. */
async function readScope(store: Store, c: Context): Promise<Scope | undefined> {
  const state = stateOf(c.req.query("state"));
  if (state === undefined) return undefined;
  return { ...await readContact(store, c.req.query()), state, filter: readFilter(c.req.query()) };
}

/** How many there are, and some of them: the store counts a whole state, what is narrowed is read. */
async function lookAt(store: Store, scope: Scope, until: Date): Promise<Required<Omit<FoundItems, "nextCursor">>> {
  if (scope.contact === "" && !isFiltered(scope.filter)) {
    return await store.outbound.list({ state: [scope.state], limit: samples });
  }
  const items = await itemsUntil(store, scope, until);
  return { items, total: items.length };
}

/**
 * What is in the state, fits the filter and was already when the person looked: what came since was not on the page.
 * Goes on until it has more than one order acts on.
 */
async function itemsUntil(
  store: Store,
  { state, conversationId, filter }: Scope,
  until: Date,
): Promise<readonly OutboundItem[]> {
  const found: OutboundItem[] = [];
  let cursor: string | undefined;
  while (found.length <= maxItems) {
    const query = { state: [state], conversationId, limit: readAtOnce, cursor };
    const page = await listFiltered(store.outbound, query, { filter, now: until });
    found.push(...page.items.filter(({ updatedAt }) => updatedAt <= until));
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found;
}

function stateOf(value: unknown): AllState | undefined {
  return allStates.find((state) => state === value);
}

function actionOf(value: unknown): BulkAction {
  return value === "discard" ? "discard" : "retry";
}
