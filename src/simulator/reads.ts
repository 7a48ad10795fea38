import { type Field, parseFields } from "./fields.ts";
import { badParameter, type GraphAnswer, graphError, objectMissing } from "./graph_error.ts";
import type { Thread, ThreadMessage, World } from "./world.ts";

/** What the reading endpoints need to know. */
export interface ReadContext {
  readonly world: World;
  readonly account: { readonly id: string; readonly username: string };
  /** Messages after this instant cannot be read yet. */
  readonly visibleUntil: Date;
}

type Json = Readonly<Record<string, unknown>>;

/** How many of a conversation's newest messages can be read. */
const readable = 20;
const profileFields: ReadonlySet<string> = new Set([
  "id",
  "name",
  "username",
  "profile_pic",
  "follower_count",
  "is_user_follow_business",
  "is_business_follow_user",
  "is_verified_user",
]);

/** `GET /me`: the account itself. `user_id` is the id that webhooks know; `id` is another one, of this app only. */
export function readAccount({ account }: ReadContext, query: URLSearchParams): GraphAnswer {
  return { body: only(namesOf(parseFields(query.get("fields") ?? "id")), accountJson(account)) };
}

function accountJson({ id, username }: ReadContext["account"]): Json {
  return { id: `2${id.slice(1)}`, user_id: id, username, name: username, account_type: "BUSINESS" };
}

/** `GET /me/conversations`: newest first, in pages of `limit` (default 25, at most 50). */
export function readConversations(context: ReadContext, url: URL): GraphAnswer {
  const query = url.searchParams;
  if (query.get("platform") !== "instagram") return { error: badParameter("Param platform must be instagram") };
  const psid = query.get("user_id");
  const all = context.world.threads.filter((thread) => psid === null || thread.psid === psid);
  const from = wholeNumber(query.get("after"), 0);
  const end = from + Math.min(50, wholeNumber(query.get("limit"), 25));
  const fields = parseFields(query.get("fields") ?? "id,updated_time");
  const data = all.slice(from, end).map((thread) => conversationJson(thread, fields, context));
  return { body: { data, ...(end < all.length ? { paging: nextPage(url, String(end)) } : {}) } };
}

function nextPage(url: URL, after: string): Json {
  const next = new URL(url);
  next.searchParams.set("after", after);
  return { cursors: { after }, next: next.href };
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^[0-9]{1,6}$/.test(text) ? Number(text) : otherwise;
}

/** `GET /{id}`: a conversation, a message or a contact's profile. */
export function readObject(id: string, context: ReadContext, query: URLSearchParams): GraphAnswer {
  const thread = context.world.threads.find((candidate) => candidate.id === id);
  const fields = query.get("fields");
  if (thread !== undefined) {
    return { body: conversationJson(thread, parseFields(fields ?? "id,updated_time"), context) };
  }
  if (context.world.contact(id) !== undefined) return readProfile(id, fields ?? "name,username", context);
  return readMessage(id, parseFields(fields ?? "id,created_time"), context);
}

function readMessage(mid: string, fields: readonly Field[], context: ReadContext): GraphAnswer {
  const found = context.world.message(mid);
  if (found === undefined || found.message.at > context.visibleUntil) return { error: objectMissing };
  if (!found.thread.messages.slice(-readable).includes(found.message)) {
    return { error: graphError(9000001, "This message has been deleted") };
  }
  return { body: messageJson(found.message, found.thread, { fields, context }) };
}

function readProfile(psid: string, expression: string, { world }: ReadContext): GraphAnswer {
  const asked = namesOf(parseFields(expression));
  const wrong = asked.find((name) => !profileFields.has(name));
  if (wrong !== undefined) return { error: badParameter(`Tried accessing nonexisting field (${wrong})`) };
  const contact = world.contact(psid);
  if (contact === undefined || contact.blocked) return { error: objectMissing };
  if (world.thread(psid)?.lastUserAt === undefined) {
    return { error: graphError(230, "User consent is required to access user profile", { type: "OAuthException" }) };
  }
  return { body: only(asked, { ...profileJson(contact), id: psid }) };
}

function profileJson(contact: NonNullable<ReturnType<World["contact"]>>): Json {
  return {
    name: contact.name,
    username: contact.username,
    profile_pic: null,
    is_verified_user: false,
    follower_count: contact.followers,
    is_user_follow_business: contact.follows,
    is_business_follow_user: false,
  };
}

function conversationJson(thread: Thread, fields: readonly Field[], context: ReadContext): Json {
  const asked = fields.find(({ name }) => name === "messages");
  const whole = {
    id: thread.id,
    "updated_time": graphTime(thread.updatedAt),
    participants: { data: [accountRef(context), contactRef(thread.psid, context)] },
    ...(asked === undefined ? {} : { messages: messagesJson(thread, asked, context) }),
  };
  return only(namesOf(fields), whole);
}

function messagesJson(thread: Thread, { limit = readable, fields }: Field, context: ReadContext): Json {
  const visible = thread.messages.filter(({ at }) => at <= context.visibleUntil).toReversed();
  const shown = visible.slice(0, Math.min(limit, readable));
  const wanted = fields.length === 0 ? parseFields("id,created_time,is_unsupported") : fields;
  return { data: shown.map((message) => messageJson(message, thread, { fields: wanted, context })) };
}

function messageJson(
  message: ThreadMessage,
  thread: Thread,
  { fields, context }: { readonly fields: readonly Field[]; readonly context: ReadContext },
): Json {
  const [contact, business] = [contactRef(thread.psid, context), accountRef(context)];
  const inbound = message.from === "contact";
  return only(namesOf(fields), {
    id: message.mid,
    created_time: graphTime(message.at),
    from: inbound ? contact : business,
    to: { data: [inbound ? business : contact] },
    message: message.text,
    ...(message.attachments.length === 0 ? {} : { attachments: { data: message.attachments } }),
    ...(message.unsupported ? { is_unsupported: true } : {}),
  });
}

function accountRef({ account: { id, username } }: ReadContext): Json {
  return { username, id };
}

function contactRef(psid: string, { world }: ReadContext): Json {
  return { username: world.contact(psid)?.username, id: psid };
}

function namesOf(fields: readonly Field[]): readonly string[] {
  return fields.map(({ name }) => name);
}

/** Graph's answers hold what was asked for, and always the id. */
function only(names: readonly string[], whole: Json): Json {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name === "id" || names.includes(name)));
}

/** `2022-07-12T19:11:07+0000`: to the second. */
function graphTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+0000`;
}
