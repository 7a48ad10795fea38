/** What must be true when everything is quiet again; each violation begins with the invariant's number. */
import type { ConversationId, Message, OutboundItem, Turn } from "@/store/records.ts";
import { conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { AppliedPost } from "@tests/simulation/pretend_graph.ts";

export interface Ending {
  readonly store: Store;
  readonly accountId: string;
  readonly applied: readonly AppliedPost[];
  /** The message ids that each contact wrote. */
  readonly inbound: ReadonlyMap<string, readonly string[]>;
  /** Texts by the command id that they were sent under. */
  readonly commands: ReadonlyMap<string, string>;
  /** When each POST began. */
  readonly posts: readonly Date[];
  readonly sendsPerSecond: number;
}

export async function checkEnding(ending: Ending): Promise<readonly string[]> {
  const found = checkPace(ending);
  for (const [psid, mids] of ending.inbound) {
    const id = conversationId(ending.accountId, psid);
    const { items } = await ending.store.outbound.list({ conversationId: id, limit: 1_000 });
    const posts = ending.applied.filter((post) => post.psid === psid);
    const { items: messages } = await ending.store.messages.page(id, { limit: 1_000 });
    const turns = await ending.store.turns.list(id, { limit: 1_000 });
    found.push(
      ...checkSends(items.toSorted((a, b) => a.seq - b.seq), posts),
      ...checkHistory(mids, messages),
      ...checkTurns(messages, turns, items),
      ...await checkRest(id, ending.store, items),
      ...[...ending.commands.values()].filter((text) => items.filter((item) => item.text === text).length > 1)
        .map((text) => `(C15) "${text}" was queued more than once`),
    );
  }
  const left = await ending.store.envelopes.list({ state: "new", limit: 10 });
  const dead = await ending.store.envelopes.list({ state: "dead", limit: 10 });
  if (left.length + dead.length > 0) found.push(`(C21) ${left.length} envelopes are new, ${dead.length} dead`);
  return found;
}

/** Texts are unique, so that a text names its item. */
function checkSends(items: readonly OutboundItem[], posts: readonly AppliedPost[]): string[] {
  const found: string[] = [];
  for (const { id, text, state, mid } of items) {
    const mine = posts.filter((post) => post.text === text);
    if (mine.length > 1) found.push(`(C7) ${id} reached the contact ${mine.length} times`);
    if (state === "sent" && !mine.some((post) => post.mid === mid)) {
      found.push(`(C14) ${id} is sent, but never arrived`);
    }
    if (mine.length > 0 && state !== "sent" && state !== "held") found.push(`(C14) ${id} arrived, but is ${state}`);
  }
  const seqs = posts.map(({ text }) => items.find((item) => item.text === text)?.seq ?? -1);
  if (seqs.includes(-1)) found.push("(C8) a text arrived that no item has");
  const isInOrder = seqs.every((seq, index) => index === 0 || seq >= (seqs[index - 1] ?? 0));
  return isInOrder ? found : [...found, `(C9) items arrived in the order ${seqs.join(", ")}`];
}

function checkHistory(mids: readonly string[], messages: readonly Message[]): string[] {
  return mids.flatMap((mid) => {
    const rows = messages.filter((message) => message.role === "user" && message.mid === mid).length;
    return rows === 1 ? [] : [`(C2) ${mid} is in the history ${rows} times`];
  });
}

function checkTurns(messages: readonly Message[], turns: readonly Turn[], items: readonly OutboundItem[]): string[] {
  const live = turns.filter(({ outboundIds }) =>
    outboundIds.some((id) => items.find((item) => item.id === id)?.state === "sent")
  );
  return messages.filter(({ role }) => role === "user").flatMap(({ id, turnId, unsentAt }) => {
    const answers = live.filter(({ messageIds }) => messageIds.includes(id)).length;
    if (answers > 1) return [`(C6) ${id} was answered by ${answers} turns`];
    const isDecided = turns.some((turn) => turn.id === turnId && turn.messageIds.includes(id));
    return isDecided || unsentAt !== undefined ? [] : [`(C6) ${id} is in no turn`];
  });
}

async function checkRest(id: ConversationId, store: Store, items: readonly OutboundItem[]): Promise<string[]> {
  const aggregate = await store.conversations.load(id);
  const open = items.filter(({ state }) => ["queued", "sending", "uncertain"].includes(state));
  const found = open.map((item) => `(C18) ${item.id} is still ${item.state}`);
  if (aggregate === undefined) return [...found, `(C2) ${id} does not exist`];
  if (aggregate.debounce.pending.length > 0) found.push(`(C18) ${id} still has pending messages`);
  if (aggregate.conversation.dueAt !== undefined) found.push(`(C18) ${id} is still due`);
  return found;
}

function checkPace({ posts, sendsPerSecond }: Ending): string[] {
  const crowd = posts.filter((at, index) => {
    const other = posts[index - sendsPerSecond];
    return other !== undefined && at.getTime() - other.getTime() < 1_000;
  });
  return crowd.length === 0 ? [] : [`(C10) more than ${sendsPerSecond} POSTs within a second, ${crowd.length} times`];
}
