/** Writes one change of a conversation. Everything here runs inside the caller's transaction. */
import type { Change } from "@/conversation/aggregate.ts";
import { callsPerson, isAnswered, waitsSince } from "@/conversation/waiting.ts";
import type { Command, Contact, Conversation, Debounce, OutboundItem, Turn } from "@/store/records.ts";
import { insertAudit } from "@/store/sqlite/audit.ts";
import { encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { announce } from "@/store/sqlite/feed.ts";
import { upsertMessage } from "@/store/sqlite/messages.ts";
import { toColumn, toList } from "@/store/sqlite/rows.ts";
import { indexContact } from "@/store/sqlite/search_index.ts";

/** Nothing is written unless the answer is `committed`. */
export function writeChange(db: Database, change: Change, now: Date): "committed" | "conflict" {
  const { base, next } = change;
  if (isStale(db, base.conversation) || hasKnownCommand(db, change)) return "conflict";
  const isNew = base.conversation.ver === 0;
  const n = writeConversation(db, { ...next.conversation, ver: base.conversation.ver + 1 });
  if (isNew || next.contact !== base.contact) writeContact(db, n, next.contact);
  if (isNew || next.debounce !== base.debounce) writeDebounce(db, next.debounce);
  for (const item of next.outbound) if (!base.outbound.includes(item)) writeItem(db, item);
  for (const message of change.messages) upsertMessage(db, n, message);
  for (const turn of change.turns) writeTurn(db, turn);
  for (const command of change.commands) insertCommand(db, command);
  insertAudit(db, change.audit);
  announce(db, base.conversation.id, now);
  return "committed";
}

function isStale(db: Database, { id, ver }: Conversation): boolean {
  const stored = db.one<{ ver: number }>("SELECT ver FROM conversations WHERE id = :id", { id });
  return (stored?.ver ?? 0) !== ver;
}

function hasKnownCommand(db: Database, { commands }: Change): boolean {
  if (commands.length === 0) return false;
  const ids = toList(commands.map(({ id }) => id));
  return db.one("SELECT 1 FROM commands WHERE id IN (SELECT value FROM json_each(:ids))", { ids }) !== undefined;
}

/** Answers the conversation's number. */
export function writeConversation(db: Database, conversation: Conversation): number {
  const { id, accountId, ver, state, handler, unread, lastMessage, createdAt, windowClosesAt, dueAt } = conversation;
  const row = db.one<{ n: number }>(
    `INSERT INTO conversations
       (id, account_id, ver, state, person_until, needed, unread, last_at, waiting_at, window_at, assignee, due_at, data)
     VALUES (:id, :accountId, :ver, :state, :personUntil, :needed, :unread, :lastAt, :waitingAt, :windowAt, :assignee,
       :dueAt, :data)
     ON CONFLICT (id) DO UPDATE SET ver = excluded.ver, state = excluded.state, person_until = excluded.person_until,
       needed = excluded.needed, unread = excluded.unread, last_at = excluded.last_at,
       waiting_at = excluded.waiting_at, window_at = excluded.window_at, assignee = excluded.assignee,
       due_at = excluded.due_at, data = excluded.data
     RETURNING n`,
    {
      id,
      accountId,
      ver,
      state,
      personUntil: handler.kind === "person" ? handler.until.getTime() : null,
      needed: whoIsNeeded(conversation),
      unread,
      lastAt: (lastMessage?.at ?? createdAt).getTime(),
      waitingAt: waitsSince(conversation).getTime(),
      windowAt: toColumn(windowClosesAt),
      assignee: conversation.assignee ?? null,
      dueAt: toColumn(dueAt),
      data: encode(conversation),
    },
  );
  return row?.n ?? 0;
}

/**
 * 2: a draft waits for a person, or an answer that the window closes on · 1: one is needed while it is a person's · 0:
 * nobody · -1: nobody, and the contact has the next word.
 */
function whoIsNeeded(conversation: Conversation): number {
  const { draft, windowNoticeAt } = conversation;
  if (draft !== undefined || windowNoticeAt !== undefined) return 2;
  if (callsPerson(conversation)) return 1;
  return isAnswered(conversation) ? -1 : 0;
}

export function writeContact(db: Database, n: number, contact: Contact): void {
  db.run("INSERT INTO contacts VALUES (:id, :data) ON CONFLICT DO UPDATE SET data = excluded.data", {
    id: contact.id,
    data: encode(contact),
  });
  indexContact(db, n, contact);
  writeTags(db, n, contact.tags);
}

function writeTags(db: Database, n: number, tags: readonly string[]): void {
  db.run("DELETE FROM tags WHERE n = :n", { n });
  db.run("INSERT OR IGNORE INTO tags SELECT value, :n FROM json_each(:tags)", { n, tags: toList(tags) });
}

export function writeDebounce(db: Database, debounce: Debounce): void {
  db.run(
    `INSERT INTO debounce (conversation_id, due_at, data) VALUES (:id, :dueAt, :data)
     ON CONFLICT DO UPDATE SET due_at = excluded.due_at, data = excluded.data`,
    { id: debounce.conversationId, dueAt: toColumn(debounce.dueAt), data: encode(debounce) },
  );
}

export function writeItem(db: Database, item: OutboundItem): void {
  db.run(
    `INSERT INTO outbound_queue VALUES (:id, :conversationId, :seq, :state, :createdAt, :data)
     ON CONFLICT DO UPDATE SET state = excluded.state, data = excluded.data`,
    {
      id: item.id,
      conversationId: item.conversationId,
      seq: item.seq,
      state: item.state,
      createdAt: item.createdAt.getTime(),
      data: encode(item),
    },
  );
}

/** Once: one that is there already is left as it is. */
export function insertCommand(db: Database, command: Command): void {
  const { id, conversationId, at } = command;
  db.run("INSERT INTO commands VALUES (:id, :conversationId, :at, :data) ON CONFLICT DO NOTHING", {
    id,
    conversationId,
    at: at.getTime(),
    data: encode(command),
  });
}

/** A turn that was pulled back gives its number, and so its id, to the next. */
export function writeTurn(db: Database, turn: Turn): void {
  const { id, conversationId, accountId, number, decidedAt, agent } = turn;
  db.run(
    `INSERT INTO turns VALUES (:id, :conversationId, :accountId, :number, :decidedAt, :tokens, :data)
     ON CONFLICT DO UPDATE SET decided_at = excluded.decided_at, tokens = excluded.tokens, data = excluded.data`,
    {
      id,
      conversationId,
      accountId,
      number,
      decidedAt: decidedAt.getTime(),
      tokens: agent === undefined ? 0 : agent.inputTokens + agent.outputTokens,
      data: encode(turn),
    },
  );
}
