/** How long the pages' functions take, apart from reading the store. */
import { join } from "node:path";
import process from "node:process";
import { newAggregate } from "@/conversation/aggregate.ts";
import { assetUrls } from "@/backoffice/assets.ts";
import { loadTimeline } from "@/backoffice/load_conversation.ts";
import { toRow } from "@/backoffice/load_inbox.ts";
import { systemClock } from "@/clock.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { renderFragment } from "@views/html.ts";
import { translator } from "@views/i18n.ts";
import { type InboxData, inboxPage } from "@views/inbox.ts";
import { layout } from "@views/layout.ts";
import { timeline } from "@views/parts/timeline.ts";
import type { Frame, Ui } from "@views/ui.ts";
import { quantile } from "./moca.ts";

export interface RenderingFigure {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  /** Processor time at the 95th percentile: what waiting for a busy machine does not change. */
  readonly processorP95: number;
}

const rounds = 300;
const warmUp = 50;

/** Of a data folder that nobody else works on. */
export async function measureRendering(dataDir: string): Promise<readonly RenderingFigure[]> {
  await using store = await openSqliteStore({ path: join(dataDir, "moca.db"), clock: systemClock });
  const now = store.now();
  const ui: Ui = {
    locale: "es",
    t: translator("es"),
    timeZone: "UTC",
    now,
    csrf: "token",
    role: "admin",
    operator: "admin",
  };
  const inbox = await readInbox(store);
  const history = await readHistory(store);
  const display = { theme: "system", enterSends: false } as const;
  const around = { sandbox: false, needed: 9, stuck: 1, alerts: [], assets: assetUrls };
  const frame: Frame = { path: "/admin/inbox", ...display, ...around };
  const page = (): string =>
    layout(ui, frame, { title: "Inbox", section: "inbox", shape: "app", body: inboxPage(ui, inbox) });
  return [
    measure(`inbox page, ${inbox.rows.length} rows`, page),
    measure(`timeline, ${history.entries.length} entries`, () => renderFragment(timeline(ui, history))),
  ];
}

async function readInbox({ conversations, now }: Store): Promise<InboxData> {
  const { items, total, atLeast } = await conversations.list({ limit: 50 });
  const count = { count: total, atLeast };
  return {
    view: { tab: "all", q: "", flags: [], sort: "attention" },
    counts: { needed: count, bot: count, waiting: count, closed: count, all: count },
    rows: items.map((item) => toRow(item, "", now())),
    total: count,
    from: 1,
    query: "?tab=all",
    assignees: [],
    saved: [],
    tags: await conversations.tags(),
    steps: [],
    sandbox: false,
  };
}

/** Of the conversation among the newest that has the most messages. */
async function readHistory(store: Store): Promise<Awaited<ReturnType<typeof loadTimeline>>> {
  const { items } = await store.conversations.list({ limit: 50 });
  const histories = await Promise.all(items.map(async ({ conversation }) => {
    const aggregate = await store.conversations.load(conversation.id);
    return await loadTimeline(store, aggregate ?? newAggregate(conversation, store.now()), {});
  }));
  return histories.reduce((most, one) => one.entries.length > most.entries.length ? one : most);
}

function measure(name: string, render: () => string): RenderingFigure {
  const [waited, spent]: [number[], number[]] = [[], []];
  for (let round = -warmUp; round < rounds; round += 1) {
    const [startedAt, before] = [performance.now(), process.cpuUsage()];
    render();
    const { user, system } = process.cpuUsage(before);
    if (round < 0) continue;
    waited.push(performance.now() - startedAt);
    spent.push((user + system) / 1_000);
  }
  return {
    name,
    median: quantile(waited, 0.5),
    p95: quantile(waited, 0.95),
    processorP95: quantile(spent, 0.95),
  };
}
