/**
 * What a contact takes back is gone everywhere, as Instagram demands: also where a model was shown it, where it
 * was quoted in a reason, and where something was learned from it.
 */
import type { AgentTrace, Fact, Message, PromptLine, RuleTrace, Turn } from "@/store/records.ts";
import { type Change, withContact, withConversation } from "@/conversation/aggregate.ts";

/** Stands in the place of what is gone. */
export const takenBackWords = "[taken back by the contact]";

/** A message that was taken back, and what it ever said, as far as that is known. */
export interface TakenBack {
  readonly messageId: string;
  readonly texts: readonly string[];
}

/** What was decided on a burst, and all that was written down about it. */
export interface Decided {
  readonly agent?: AgentTrace;
  readonly rules: readonly RuleTrace[];
  /** Why, in words that may be a rule's or the model's own. */
  readonly reason: string;
}

/** Those of `targets` with the words that they and their edits hold before they are erased. */
export function takenBackOf(targets: readonly Message[], rows: readonly Message[]): readonly TakenBack[] {
  return targets.map(({ id, mid, text }) => {
    const edits = rows.filter(({ refMid }) => refMid !== undefined && refMid === mid);
    const texts = [text, ...edits.map((edit) => edit.text)].filter((words) => words !== undefined);
    return { messageId: id, texts };
  });
}

/** The turn without what the messages said; the same object when it holds nothing of them. */
export function forgetInTurn(turn: Turn, taken: readonly TakenBack[]): Turn {
  const { agent, rules, outcome } = turn;
  const before: Decided = { agent, rules, reason: outcome.reason };
  const after = forgetInDecided(before, taken);
  if (after === before) return turn;
  return { ...turn, agent: after.agent, rules: after.rules, outcome: { ...outcome, reason: after.reason } };
}

/** As `forgetInTurn`, for a decision that is not committed yet. */
export function forgetInDecided(decided: Decided, taken: readonly TakenBack[]): Decided {
  const ids = new Set(taken.map(({ messageId }) => messageId));
  const shown = decided.agent?.prompt.flatMap((line) => shownTexts(line, ids)) ?? [];
  const said = [...taken.flatMap(({ texts }) => texts), ...shown];
  const agent = decided.agent && shown.length > 0 ? forgetInTrace(decided.agent, ids) : decided.agent;
  const rules = decided.rules.map((trace) => quotes(trace.reason, said) ? { ...trace, reason: takenBackWords } : trace);
  const reason = quotes(decided.reason, said) ? takenBackWords : decided.reason;
  const isSame = agent === decided.agent && reason === decided.reason &&
    rules.every((trace, index) => trace === decided.rules[index]);
  return isSame ? decided : { agent, rules, reason };
}

/** What the model itself wrote may quote what it read: of its calls only the names stay, and what became of them. */
function forgetInTrace(agent: AgentTrace, ids: ReadonlySet<string>): AgentTrace {
  return {
    ...agent,
    prompt: agent.prompt.map((line) => forgetInLine(line, ids)),
    tools: agent.tools.map((tool) => ({ ...tool, args: takenBackWords })),
  };
}

function shownTexts({ text, shows = [] }: PromptLine, ids: ReadonlySet<string>): readonly string[] {
  return shows.filter(({ messageId }) => ids.has(messageId)).map(({ start, end }) => text.slice(start, end));
}

/** Writes the line anew around what is gone; what stays keeps its place in the new text. */
function forgetInLine(line: PromptLine, ids: ReadonlySet<string>): PromptLine {
  const { text: old, shows = [], ...rest } = line;
  if (!shows.some(({ messageId }) => ids.has(messageId))) return line;
  const kept: (typeof shows)[number][] = [];
  let text = "";
  let done = 0;
  for (const { messageId, start, end } of shows) {
    text += old.slice(done, start);
    const isGone = ids.has(messageId);
    const words = isGone ? takenBackWords : old.slice(start, end);
    if (!isGone) kept.push({ messageId, start: text.length, end: text.length + words.length });
    text += words;
    done = end;
  }
  const whole = { ...rest, text: text + old.slice(done) };
  return kept.length === 0 ? whole : { ...whole, shows: kept };
}

/**
 * Takes back what was learned from the messages, and a reason to hand over that quotes them. What a person
 * entered or confirmed stays: it is the business's own note.
 */
export function forgetInAggregate(change: Change, taken: readonly TakenBack[]): Change {
  const said = taken.flatMap(({ texts }) => texts);
  const { contact, conversation } = change.next;
  const facts = Object.entries(contact.fields);
  const kept = facts.flatMap(([field, fact]): [string, Fact][] => {
    const rest = forgetInFact(fact, taken, said);
    return rest === undefined ? [] : [[field, rest]];
  });
  const isSame = kept.length === facts.length && kept.every(([, fact], index) => fact === facts[index]?.[1]);
  const learned = isSame ? change : withContact(change, { fields: Object.fromEntries(kept) });
  const { handler } = conversation;
  if (handler.kind !== "person" || !quotes(handler.reason, said)) return learned;
  return withConversation(learned, { handler: { ...handler, reason: takenBackWords } });
}

function forgetInFact(fact: Fact, taken: readonly TakenBack[], said: readonly string[]): Fact | undefined {
  const isPersons = fact.source === "person";
  if (!isPersons && taken.some(({ messageId }) => messageId === fact.messageId)) return undefined;
  const { previous, ...rest } = fact;
  const isFromThere = previous !== undefined && said.some((text) => hasWords(wordsOf(text), wordsOf(previous)));
  return isFromThere ? rest : fact;
}

/** So many words in a row are a quotation; of a shorter text, all of it. */
const quotedWords = 3;

/** Shorter quotations, such as "ok", tell nothing. */
const shortestQuote = 4;

/** Whether the words repeat one of the texts: a few words in a row, or one of its numbers. */
function quotes(words: string, texts: readonly string[]): boolean {
  if (words === takenBackWords) return false;
  const said = wordsOf(words);
  return texts.some((text) => {
    const own = wordsOf(text);
    const length = Math.min(quotedWords, own.length);
    const runs = own.slice(0, own.length - length + 1).map((_, index) => own.slice(index, index + length));
    const numbers = own.filter((word) => /\p{N}/u.test(word) && word.length >= quotedWords).map((word) => [word]);
    const long = runs.filter((run) => run.join(" ").length >= shortestQuote);
    return [...long, ...numbers].some((run) => hasWords(said, run));
  });
}

function hasWords(words: readonly string[], run: readonly string[]): boolean {
  return run.length > 0 && ` ${words.join(" ")} `.includes(` ${run.join(" ")} `);
}

/** Case, accents and signs make no difference. */
function wordsOf(text: string): readonly string[] {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
