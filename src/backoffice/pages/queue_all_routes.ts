import { type Context, Hono } from "hono";
import { actOnMany, type BulkAction } from "@/backoffice/bulk_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { listFiltered, readContact, readFilter } from "@/backoffice/queue_filter.ts";
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
    const [state, action] = [stateOf(c.req.query("state")), actionOf(c.req.query("action"))];
    if (state === undefined) return notFound(deps, c);
    const until = deps.store.now();
    const { contact, conversationId } = await readContact(deps.store, c.req.query());
    const scope = { state, conversationId, filter: readFilter(c.req.query()) };
    const items = await itemsUntil(deps.store, scope, until);
    const isNarrowed = contact !== "" || isFiltered(scope.filter);
    const total = isNarrowed ? items.length : (await deps.store.outbound.countByState())[state];
    const data = { ...scope, contact, action, total, most: maxItems, samples: items.slice(0, samples), until };
    return showPage(deps, c, data);
  });
  routes.post("/", async (c) => {
    const form = await c.req.parseBody();
    const [state, until] = [stateOf(c.req.query("state")), new Date(String(form["until"] ?? ""))];
    if (state === undefined || Number.isNaN(until.getTime())) return notFound(deps, c);
    const { conversationId } = await readContact(deps.store, c.req.query());
    const scope = { state, conversationId, filter: readFilter(c.req.query()) };
    const ids = (await itemsUntil(deps.store, scope, until)).map(({ id }) => id);
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

interface Scope {
  readonly state: AllState;
  readonly conversationId?: string;
  readonly filter: QueueFilter;
}

/** What is in the state, fits the filter and was already when the person looked: what came since was not on the page. */
async function itemsUntil(
  store: Store,
  { state, conversationId, filter }: Scope,
  until: Date,
): Promise<readonly OutboundItem[]> {
  const found: OutboundItem[] = [];
  let cursor: string | undefined;
  while (found.length < maxItems) {
    const query = { state: [state], conversationId, limit: readAtOnce, cursor };
    const page = await listFiltered(store.outbound, query, { filter, now: until });
    found.push(...page.items.filter(({ updatedAt }) => updatedAt <= until));
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found.slice(0, maxItems);
}

function stateOf(value: unknown): AllState | undefined {
  return allStates.find((state) => state === value);
}

function actionOf(value: unknown): BulkAction {
  return value === "discard" ? "discard" : "retry";
}
