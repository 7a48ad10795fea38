import { newAggregate, startChange, withContact, withConversation, withMessages } from "@/conversation/aggregate.ts";
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import { isContent } from "@/conversation/event.ts";
import { noteLastMessage } from "@/conversation/last_message.ts";
import { windowEnd } from "@/conversation/window.ts";
import type { Persona, SimulatorPort } from "@/backoffice/deps.ts";
import type { Contact, Fact, Message } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Messages that go along. */
const copied = 50;

/** Names that belong to nobody, first and last. */
const madeUpNames = ["Robin Vega", "Alex Mora", "Sam Luna", "Noa Prado", "Kim Salas", "Jules Mar"] as const;

interface Deps {
  readonly store: Store;
  readonly simulator: SimulatorPort;
}

/**
 * Copies what was last said, and what is known of the contact, to a new person of the simulator, to go on from there.
 * The contact's names are replaced by made-up ones; decisions, people's changes and what waits to be sent stay behind.
 */
export async function copyToSimulator(
  { store, simulator }: Deps,
  { contact }: Aggregate,
  language: Persona["language"],
): Promise<Persona> {
  const { items } = await store.messages.page(contact.id, { limit: copied });
  const name = madeUpNames[simulator.personas.length % madeUpNames.length]!;
  const persona = simulator.addPersona({ name, language, follows: true });
  const hide = nameHider(contact, persona);
  const said = items.filter(isSaid).map((message) => ({ message, text: hide(message.text ?? "") }));
  const lines = said.map(({ message, text }) => ({ isContact: message.role === "user", text, at: message.at }));
  const mids = simulator.recall(persona.psid, lines);
  const { accountId } = simulator;
  const start = startChange(newAggregate({ accountId, psid: persona.psid }, store.now()));
  const rows = said.map(({ message, text }, index) => copyOf(message, { mid: mids[index]!, text, of: start }));
  await store.conversations.commit(filled(start, rows, { contact, persona, hide }));
  return persona;
}

function isSaid({ kind, role, unsentAt }: Message): boolean {
  return isContent(kind) && role !== "system" && unsentAt === undefined;
}

function copyOf(message: Message, copy: { mid: string; text: string; of: Change }): Message {
  const { kind, role, author, at, receivedAt, quickReplies, payload } = message;
  const { accountId, id } = copy.of.next.conversation;
  return {
    id: `${accountId}:msg:${copy.mid}`,
    accountId,
    conversationId: id,
    mid: copy.mid,
    role,
    author,
    kind,
    ...(message.text === undefined ? {} : { text: copy.text }),
    attachments: message.attachments.map(({ type }) => ({ type })),
    ...(quickReplies === undefined ? {} : { quickReplies }),
    ...(payload === undefined ? {} : { payload }),
    ...(author === "operator" ? { operator: "simulator" } : {}),
    standby: false,
    test: false,
    at,
    receivedAt,
    source: role === "user" ? "webhook" : "send",
  };
}

interface Filling {
  readonly contact: Contact;
  readonly persona: Persona;
  readonly hide: (text: string) => string;
}

function filled(start: Change, rows: readonly Message[], { contact, persona, hide }: Filling): Change {
  const { name, username } = persona;
  const hidden = ({ value, source, at }: Fact): Fact => ({ value: hide(value), source, at });
  const fields = Object.fromEntries(Object.entries(contact.fields).map(([key, fact]) => [key, hidden(fact)]));
  const known = withContact(withMessages(start, rows), {
    name,
    username,
    profile: "known",
    fields,
    tags: contact.tags,
  });
  const lastUserAt = rows.findLast(({ role }) => role === "user")?.at;
  const opened = lastUserAt === undefined ? {} : { lastUserAt, windowClosesAt: windowEnd(lastUserAt) };
  return rows.reduce(noteLastMessage, withConversation(known, opened));
}

/** Replaces the contact's handle, and the parts of their name: several in a row by a whole name, one by its like. */
function nameHider({ name = "", username = "" }: Contact, persona: Persona): (text: string) => string {
  const parts = name.split(/\s+/).filter((part) => part.length > 2);
  const [first = "", last = ""] = persona.name.split(" ");
  const isFirst = (found: string): boolean => found.toLowerCase() === parts[0]?.toLowerCase();
  const nameFor = (found: string): string => /\s/.test(found) ? persona.name : isFirst(found) ? first : last;
  const oneOf = parts.map(escapePattern).join("|");
  const named = parts.length === 0 ? undefined : wholeWords(`(?:${oneOf})(?:\\s+(?:${oneOf}))*`);
  const handle = username === "" ? undefined : wholeWords(escapePattern(username));
  return (text) => {
    const withoutHandle = handle === undefined ? text : text.replace(handle, () => persona.username);
    return named === undefined ? withoutHandle : withoutHandle.replace(named, nameFor);
  };
}

function wholeWords(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, "giu");
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
