/** A store, a pretend Graph API and workers around them, for the tests of the outbound queue. */
import type { Clock } from "@/clock.ts";
import { systemClock } from "@/clock.ts";
import { newAggregate, startChange } from "@/conversation/aggregate.ts";
import { enqueue } from "@/conversation/outbound_items.ts";
import { receive } from "@/conversation/receive.ts";
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { type InstagramClient, makeInstagramClient } from "@/instagram/client.ts";
import { makeMetrics, type Metrics } from "@/metrics.ts";
import { makeOutboundWorker, type OutboundWorker } from "@/outbound/outbound_worker.ts";
import type { Timings } from "@/outbound/timings.ts";
import { makeSealer, type Sealer } from "@/seal.ts";
import { type Account, conversationId, type OutboundItem, type OutboundOrigin } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { type GraphRequest, type ScriptedReply, startScriptedGraph } from "@tests/support/scripted_graph.ts";

export const accountId = "17841400000000001";

/** A text that reached the contact, by the Graph API's own record. */
export interface Applied {
  readonly mid: string;
  readonly psid: string;
  readonly text: string;
  readonly at: Date;
}

/** What happens to a POST: `apply` says whether the text reaches the contact. */
export interface Fate {
  readonly apply: boolean;
  readonly reply: ScriptedReply | Promise<ScriptedReply>;
}

export interface Post {
  readonly psid: string;
  readonly text: string;
  readonly at: Date;
}

export interface Bench extends AsyncDisposable {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly worker: OutboundWorker;
  /** Every POST, in order of arrival. */
  readonly posts: readonly Post[];
  /** When each POST began. */
  readonly begunAt: readonly Date[];
  readonly applied: Applied[];
  /** What happens to the next POSTs, one each; then every text arrives. */
  readonly fates: Fate[];
  /** Called as a POST arrives, before it is answered. */
  onPost: (post: Post) => Promise<void>;
  /** Called when a worker wants to read the access token, just before it writes an intent. */
  onToken: () => void;
  /** What reading a thread answers instead of the thread. */
  threadReply?: ScriptedReply;
  another(owner: string): OutboundWorker;
  /** The contact writes, and texts are queued for them. */
  queue(psid: string, texts: readonly string[], kind?: "turn" | "operator"): Promise<void>;
  /** Every item of the contact, oldest first. */
  items(psid: string): Promise<readonly OutboundItem[]>;
  account(): Promise<Account>;
  changeAccount(patch: Partial<Account>): Promise<void>;
}

export interface BenchOptions {
  readonly clock: Clock;
  readonly settings?: Partial<Settings>;
  readonly timings?: Partial<Timings>;
  readonly withoutToken?: boolean;
}

export function graphError(status: number, code: number, subcode?: number): ScriptedReply {
  return { status, body: { error: { message: "no", code, error_subcode: subcode } } };
}

export function refuse(reply: ScriptedReply): Fate {
  return { apply: false, reply };
}

/** Opens a bench whose worker is driven by the test. The client's time-outs run in real time. */
export async function openBench(options: BenchOptions): Promise<Bench> {
  const { clock } = options;
  const folder = await Deno.makeTempDir();
  const store = await openSqliteStore({ path: `${folder}/moca.db`, clock });
  const sealer = await makeSealer(new Uint8Array(32).fill(7));
  const metrics = makeMetrics();
  const begunAt = new Array<Date>();
  const record = { begunAt, posts: new Array<Post>(), applied: new Array<Applied>(), fates: new Array<Fate>() };
  const graph = startScriptedGraph((request) => serve(request, bench, clock));
  const instagram = makeInstagramClient({
    graph: { url: graph.url, version: "v25.0" },
    clock: systemClock,
    readPace: { limit: 1_000, intervalMs: 1 },
  });
  const watched: InstagramClient = {
    ...instagram,
    sendText: (text) => {
      begunAt.push(clock.now());
      return instagram.sendText(text);
    },
  };
  const watchedSealer: Sealer = {
    ...sealer,
    open: (sealed, boundTo) => {
      bench.onToken();
      return sealer.open(sealed, boundTo);
    },
  };
  const another = (owner: string): OutboundWorker =>
    makeOutboundWorker({
      store,
      instagram: watched,
      sealer: watchedSealer,
      clock,
      metrics,
      owner,
      timings: options.timings,
      random: () => 1,
    });
  const bench: Bench = {
    ...record,
    store,
    metrics,
    another,
    worker: another("one"),
    onPost: () => Promise.resolve(),
    onToken: () => {},
    queue: (psid, texts, kind = "turn") => queueTexts(store, { psid, texts, kind }),
    items: async (psid) => {
      const { items } = await store.outbound.list({ conversationId: conversationId(accountId, psid), limit: 100 });
      return items.toSorted((a, b) => a.seq - b.seq);
    },
    account: () => accountOf(store),
    changeAccount: async (patch) => {
      const account = await accountOf(store);
      await store.accounts.put({ ...account, ...patch }, account.ver);
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      instagram[Symbol.dispose]();
      await graph[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
  await makeAccount(store, sealer, options);
  return bench;
}

async function makeAccount(store: Store, sealer: Sealer, options: BenchOptions): Promise<void> {
  const now = store.now();
  const sealed = await sealer.seal("IGAAtoken", accountId);
  const token = { sealed, ending: "oken", savedAt: now };
  const account: Account = {
    id: accountId,
    ...(options.withoutToken ? {} : { token }),
    state: "active",
    settings: { ...options.settings },
    ver: 0,
    createdAt: now,
    updatedAt: now,
  };
  await store.accounts.put(account, 0);
}

async function accountOf(store: Store): Promise<Account> {
  const account = await store.accounts.get(accountId);
  if (account === undefined) throw new RangeError("Cannot find the account: the bench made none");
  return account;
}

async function queueTexts(
  store: Store,
  { psid, texts, kind }: { psid: string; texts: readonly string[]; kind: "turn" | "operator" },
): Promise<void> {
  const now = store.now();
  const settings = resolveSettings({});
  const known = await store.conversations.load(conversationId(accountId, psid));
  const mid = `in-${psid}-${now.getTime()}-${known?.conversation.rev ?? 0}`;
  const change = receive(
    startChange(known ?? newAggregate({ accountId, psid }, now)),
    {
      accountId,
      psid,
      key: `msg:${mid}`,
      kind: "text",
      direction: "in",
      mid,
      text: "hi",
      attachments: [],
      at: now,
      standby: false,
      test: false,
      source: "webhook",
    },
    [],
    { settings, now },
  );
  const origin = (part: number, parts: number): OutboundOrigin =>
    kind === "turn"
      ? { kind, turnId: `${psid}_t1`, part, parts }
      : { kind, operator: "ana", commandId: `${psid}-c1`, part, parts };
  const outcome = await store.conversations.commit(enqueue(change, { texts, origin }, now));
  if (outcome !== "committed") throw new Error(`Cannot queue texts: the commit ended in ${outcome}`);
}

async function serve(request: GraphRequest, bench: Bench, clock: Clock): Promise<ScriptedReply> {
  if (request.method === "POST") return await takePost(request, bench, clock);
  if (bench.threadReply !== undefined) return bench.threadReply;
  const psid = request.query.get("user_id");
  if (psid !== null) return { status: 200, body: { data: [{ id: `t_${psid}` }] } };
  const name = request.path.split("_").at(-1);
  const data = bench.applied.filter((text) => text.psid === name).map(threadEntry).reverse();
  return { status: 200, body: { messages: { data } } };
}

function threadEntry({ mid, psid, text, at }: Applied): unknown {
  return {
    id: mid,
    created_time: at.toISOString(),
    from: { id: accountId },
    to: { data: [{ id: psid }] },
    message: text,
  };
}

async function takePost(request: GraphRequest, bench: Bench, clock: Clock): Promise<ScriptedReply> {
  const { recipient, message } = request.body as { recipient: { id: string }; message: { text: string } };
  const post = { psid: recipient.id, text: message.text, at: clock.now() };
  (bench.posts as Post[]).push(post);
  await bench.onPost(post);
  const fate = bench.fates.shift() ?? { apply: true, reply: { status: 200 } };
  const mid = `mid-${bench.applied.length + 1}`;
  if (fate.apply) bench.applied.push({ ...post, mid });
  const reply = await fate.reply;
  const isPlainYes = typeof reply === "object" && reply.status === 200 && reply.body === undefined;
  return isPlainYes ? { status: 200, body: { recipient_id: post.psid, message_id: mid } } : reply;
}
