/** What the inbox filters by: every index that it walks has all of it, so that no row is read in vain. */
const filtered = "person_until, account_id, state, needed, unread, window_at, assignee";

/**
 * Each row is its record as JSON (`data`, see codec.ts) beside columns for all that is looked up or ordered
 * by. Instants are milliseconds since 1970. Leases are columns of their own, which no commit touches.
 *
 * `conversations.n` numbers the conversations; message `k` of conversation `n` is row `n * 2^26 + k`, in
 * `messages` and in `search`, where `k` 0 is the contact: a hit tells its conversation without a look-up, and
 * a history lies together on disk.
 */
export const firstSchema = `
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  ver INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE knowledge (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  title TEXT NOT NULL,
  ver INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX knowledge_of_account ON knowledge (account_id, title, id);
CREATE VIRTUAL TABLE search_knowledge USING fts5 (
  terms, tokenize = 'ascii', detail = none, columnsize = 0, prefix = '4'
);

CREATE TABLE envelopes (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  note TEXT,
  lease_owner TEXT,
  lease_until INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX envelopes_by_state ON envelopes (state, received_at);

CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX contacts_unknown ON contacts (id) WHERE data ->> '$.profile' = 'unknown';

CREATE TABLE tags (
  tag TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (tag, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_of_conversation ON tags (n);

CREATE TABLE conversations (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  ver INTEGER NOT NULL,
  state TEXT NOT NULL,
  person_until INTEGER,
  needed INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  waiting_at INTEGER NOT NULL,
  window_at INTEGER,
  assignee TEXT,
  due_at INTEGER,
  send_lease_owner TEXT,
  send_lease_until INTEGER,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_recent ON conversations (last_at, id, ${filtered});
CREATE INDEX conversations_of_account ON conversations (account_id, last_at, id, ${filtered});
CREATE INDEX conversations_by_state ON conversations (state, last_at, id, ${filtered});
CREATE INDEX conversations_needed ON conversations (last_at, id, ${filtered}) WHERE needed > 0;
CREATE INDEX conversations_waiting ON conversations (waiting_at, id, ${filtered}) WHERE needed > 0;
CREATE INDEX conversations_answered ON conversations (last_at, id, ${filtered}) WHERE needed < 0;
CREATE INDEX conversations_unread ON conversations (last_at, id, ${filtered}) WHERE unread > 0;
CREATE INDEX conversations_person ON conversations (last_at, id, ${filtered}) WHERE person_until IS NOT NULL;
CREATE INDEX conversations_assigned ON conversations (assignee, last_at, id, ${filtered}) WHERE assignee IS NOT NULL;
CREATE INDEX conversations_window ON conversations (window_at, id, last_at, ${filtered}) WHERE window_at IS NOT NULL;
CREATE INDEX conversations_due ON conversations (due_at, send_lease_until) WHERE due_at IS NOT NULL;

CREATE TABLE feed (
  seq INTEGER PRIMARY KEY,
  conversation_id TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX feed_of_conversation ON feed (conversation_id);

CREATE TABLE debounce (
  conversation_id TEXT PRIMARY KEY,
  due_at INTEGER,
  lease_owner TEXT,
  lease_until INTEGER,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX debounce_due ON debounce (due_at, lease_until) WHERE due_at IS NOT NULL;

CREATE TABLE messages (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  mid TEXT,
  ref_mid TEXT,
  at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX messages_history ON messages (conversation_id, at, id);
-- All that counting needs, so that it reads no message.
CREATE INDEX messages_of_account ON messages (
  account_id, at, conversation_id, data ->> '$.author', data ->> '$.source', data ->> '$.receivedAt."$at"',
  data ->> '$.role', data ->> '$.standby', data ->> '$.test'
);
CREATE INDEX messages_by_mid ON messages (mid, account_id) WHERE mid IS NOT NULL;
CREATE INDEX messages_by_ref_mid ON messages (ref_mid, account_id) WHERE ref_mid IS NOT NULL;

CREATE VIRTUAL TABLE search USING fts5 (
  terms, tokenize = 'ascii', detail = none, columnsize = 0, prefix = '1 2 3'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
CREATE TABLE words (
  n INTEGER NOT NULL,
  term TEXT NOT NULL,
  k INTEGER NOT NULL,
  PRIMARY KEY (n, term, k)
) STRICT, WITHOUT ROWID;
CREATE TABLE vocabulary (
  term TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE turns (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX turns_of_conversation ON turns (conversation_id, number);
CREATE INDEX turns_by_time ON turns (conversation_id, decided_at);
CREATE INDEX turns_of_account ON turns (account_id, decided_at, tokens);

CREATE TABLE outbound_queue (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX outbound_open ON outbound_queue (conversation_id, seq) WHERE state NOT IN ('sent', 'cancelled');
CREATE INDEX outbound_recent ON outbound_queue (created_at, id);
CREATE INDEX outbound_by_state ON outbound_queue (state, created_at, id, conversation_id);
CREATE INDEX outbound_of_conversation ON outbound_queue (conversation_id, created_at, id, state);

CREATE TABLE tallies (
  name TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbound_added AFTER INSERT ON outbound_queue BEGIN
  INSERT INTO tallies VALUES ('outbound.' || new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER outbound_removed AFTER DELETE ON outbound_queue BEGIN
  UPDATE tallies SET count = count - 1 WHERE name = 'outbound.' || old.state;
END;
CREATE TRIGGER outbound_moved AFTER UPDATE OF state ON outbound_queue WHEN old.state <> new.state BEGIN
  UPDATE tallies SET count = count - 1 WHERE name = 'outbound.' || old.state;
  INSERT INTO tallies VALUES ('outbound.' || new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN
  INSERT INTO tallies VALUES ('messages', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER message_removed AFTER DELETE ON messages BEGIN
  UPDATE tallies SET count = count - 1 WHERE name = 'messages';
END;

CREATE TABLE limits (
  key TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL DEFAULT 0,
  paused_until INTEGER,
  strikes INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  reading REAL,
  read_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX commands_of_conversation ON commands (conversation_id);
CREATE INDEX commands_by_time ON commands (at);

CREATE TABLE canned_replies (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  title TEXT NOT NULL,
  ver INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX canned_replies_of_account ON canned_replies (account_id, title, id);

CREATE TABLE typed_texts (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  operator TEXT NOT NULL,
  command_id TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX typed_texts_of_conversation ON typed_texts (conversation_id, operator);
CREATE INDEX typed_texts_by_time ON typed_texts (saved_at);

CREATE TABLE saved_views (
  id TEXT PRIMARY KEY,
  operator TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX saved_views_of_operator ON saved_views (operator, name);

CREATE TABLE simulations (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX simulations_of_account ON simulations (account_id, name, id);

CREATE TABLE operators (
  id TEXT PRIMARY KEY,
  ver INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_expiring ON sessions (expires_at);

CREATE TABLE copies (
  id TEXT PRIMARY KEY,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE instances (
  id TEXT PRIMARY KEY,
  beat_at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE audit_log (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  object TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit_log (at);
CREATE INDEX audit_of_object ON audit_log (object, at);
CREATE INDEX audit_of_actor ON audit_log (actor, at);
CREATE INDEX audit_of_action ON audit_log (action, at);
`;
