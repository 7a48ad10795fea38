/** How records that are moved in whole become rows. Everything here runs inside the caller's transaction. */
import type { AuditEntry, Envelope, Message } from "@/store/records.ts";
import type { CollectionName, Collections, LimitRecord } from "@/store/transfer.ts";
import { writeSavedView } from "@/store/sqlite/saved_views.ts";
import { writeSimulation } from "@/store/sqlite/simulations.ts";
import { encode } from "@/store/sqlite/codec.ts";
import { writeCannedReply } from "@/store/sqlite/canned_replies.ts";
import {
  insertCommand,
  writeContact,
  writeConversation,
  writeDebounce,
  writeItem,
  writeTurn,
} from "@/store/sqlite/commit.ts";
import { entryColumns } from "@/store/sqlite/audit.ts";
import type { Database } from "@/store/sqlite/database.ts";
import { writeDocument } from "@/store/sqlite/knowledge.ts";
import { upsertMessage } from "@/store/sqlite/messages.ts";
import { writeTypedText } from "@/store/sqlite/typed_texts.ts";
import { toColumn } from "@/store/sqlite/rows.ts";

type Write<Name extends CollectionName> = (
  db: Database,
  records: readonly Collections[Name][],
  ordinal: number,
) => void;

export const writers: { readonly [Name in CollectionName]: Write<Name> } = {
  accounts: each((db, { id, ver, ...rest }) => {
    const data = encode({ id, ver, ...rest });
    db.run("INSERT OR REPLACE INTO accounts VALUES (:id, :ver, :data)", { id, ver, data });
  }),
  knowledge: each(writeDocument),
  conversations: each(writeConversation),
  contacts: each((db, contact) => writeContact(db, numberOf(db, contact.id), contact)),
  debounce: each(writeDebounce),
  "outbound_queue": each(writeItem),
  messages: writeMessages,
  turns: each(writeTurn),
  commands: each(insertCommand),
  "canned_replies": each(writeCannedReply),
  "saved_views": each(writeSavedView),
  simulations: each(writeSimulation),
  "typed_texts": each(writeTypedText),
  envelopes: eachNumbered(writeEnvelope),
  limits: each(writeLimit),
  operators: each((db, operator) => {
    const { id, ver } = operator;
    db.run("INSERT OR REPLACE INTO operators VALUES (:id, :ver, :data)", { id, ver, data: encode(operator) });
  }),
  sessions: each((db, session) => {
    const { id, expiresAt } = session;
    const values = { id, expiresAt: expiresAt.getTime(), data: encode(session) };
    db.run("INSERT OR REPLACE INTO sessions VALUES (:id, :expiresAt, :data)", values);
  }),
  "audit_log": eachNumbered(writeEntry),
};

function each<Rec>(write: (db: Database, record: Rec) => unknown): (db: Database, records: readonly Rec[]) => void {
  return (db, records) => {
    for (const record of records) write(db, record);
  };
}

function eachNumbered<Rec>(
  write: (db: Database, record: Rec, n: number) => void,
): (db: Database, records: readonly Rec[], ordinal: number) => void {
  return (db, records, ordinal) => {
    for (const [index, record] of records.entries()) write(db, record, ordinal + index + 1);
  };
}

/** In the order of the rows: the search index takes rows in order by the hundred, and others one by one. */
function writeMessages(db: Database, messages: readonly Message[]): void {
  const numbered = messages.map((message) => ({ message, n: numberOf(db, message.conversationId) }));
  for (const { n, message } of numbered.toSorted((a, b) => a.n - b.n)) upsertMessage(db, n, message);
}

function numberOf(db: Database, id: string): number {
  const row = db.one<{ n: number }>("SELECT n FROM conversations WHERE id = :id", { id });
  if (row === undefined) throw new Error(`Cannot write what belongs to conversation ${id}: it is not there`);
  return row.n;
}

function writeEnvelope(
  db: Database,
  { id, body, state, receivedAt, attempts, note }: Envelope,
  n: number,
): void {
  db.run(
    `INSERT OR REPLACE INTO envelopes (n, id, state, received_at, attempts, note, body)
     VALUES (:n, :id, :state, :receivedAt, :attempts, :note, :body)`,
    { n, id, state, receivedAt: receivedAt.getTime(), attempts, note: note ?? null, body },
  );
}

function writeLimit(db: Database, { key, nextAt, pausedUntil, strikes, reason, reading, readAt }: LimitRecord): void {
  db.run("INSERT OR REPLACE INTO limits VALUES (:key, :nextAt, :pausedUntil, :strikes, :reason, :reading, :readAt)", {
    key,
    nextAt: nextAt?.getTime() ?? 0,
    pausedUntil: toColumn(pausedUntil),
    strikes,
    reason: reason ?? null,
    reading: reading ?? null,
    readAt: toColumn(readAt),
  });
}

function writeEntry(db: Database, entry: AuditEntry, n: number): void {
  db.run(
    `INSERT OR REPLACE INTO audit_log (n, id, at, object, actor, action, data)
     VALUES (:n, :id, :at, :object, :actor, :action, :data)`,
    { n, ...entryColumns(entry) },
  );
}
