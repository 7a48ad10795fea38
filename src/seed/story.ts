/** All that one contact and the shop have written, as the store would hold it after as many turns. */
import { type Aggregate, newAggregate } from "@/conversation/aggregate.ts";
import { outboundId } from "@/conversation/outbound_items.ts";
import type { Random } from "@/simulator/random.ts";
import { makePerson, type Person, pick } from "@/seed/people.ts";
import { makeAnswer, makeQuestion } from "@/seed/phrases.ts";
import type { Contact, Conversation, Handler, Message, OutboundItem, Turn } from "@/store/records.ts";

export interface Story extends Omit<Aggregate, "outbound"> {
  readonly messages: readonly Message[];
  readonly turns: readonly Turn[];
  readonly items: readonly OutboundItem[];
}

export interface StoryOptions {
  readonly random: Random;
  readonly accountId: string;
  /** Number of the contact, from 0. */
  readonly index: number;
  /** How many messages there are, 0 or more. */
  readonly length: number;
  /** No message is younger. */
  readonly until: Date;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export function makeStory(options: StoryOptions): Story {
  const { random, accountId, index, length, until } = options;
  const person = makePerson(random, index);
  const psid = `${6_100_000_000_000_000 + index * 7_919}`;
  const endedAt = new Date(until.getTime() - Math.floor(random() ** 2 * 180 * dayMs));
  const blank = newAggregate({ accountId, psid }, new Date(endedAt.getTime() - length * 3 * minuteMs));
  const teller = { ...options, person, blank };
  const messages = Array.from({ length }, (_, n) => makeMessage(teller, n));
  const answers = messages.filter(({ role }) => role === "assistant");
  return {
    conversation: makeConversation(teller, messages),
    contact: makeContact(blank.contact, teller),
    debounce: blank.debounce,
    messages,
    turns: answers.map((answer, n) => makeTurn(answer, { n, messages })),
    items: answers.map((answer, n) => makeItem(answer, { n, psid })),
  };
}

interface Teller extends StoryOptions {
  readonly person: Person;
  readonly blank: Aggregate;
}

function makeContact(contact: Contact, { random, person }: Teller): Contact {
  return {
    ...contact,
    name: person.name,
    username: person.username,
    profile: "known",
    fields: {
      language: { value: person.language, source: "agent", at: contact.createdAt },
      ...(random() < 0.3
        ? { size: { value: pick(random, ["S", "M", "L", "38", "40"]), source: "agent", at: contact.createdAt } }
        : {}),
    },
    tags: random() < 0.1 ? [pick(random, ["vip", "wholesale", "press"])] : [],
  };
}

/** Question and answer by turns; now and then a second question before the answer. */
function makeMessage({ random, accountId, index, person, blank }: Teller, n: number): Message {
  const isAnswer = n % 2 === 1 && random() > 0.1;
  const mid = btoa(`ig_dm_item:1:IGMessageID:${accountId}:${blank.conversation.psid}:${index}:${n}`);
  const at = new Date(blank.conversation.createdAt.getTime() + n * 3 * minuteMs + Math.floor(random() * minuteMs));
  return {
    id: `${accountId}:msg:${mid}`,
    accountId,
    conversationId: blank.conversation.id,
    mid,
    role: isAnswer ? "assistant" : "user",
    author: isAnswer ? "bot" : "contact",
    kind: "text",
    text: isAnswer ? makeAnswer(random, person.language) : makeQuestion(random, person.language),
    attachments: [],
    standby: false,
    test: false,
    at,
    receivedAt: new Date(at.getTime() + 400),
    source: isAnswer ? "send" : "webhook",
  };
}

function makeConversation({ random, blank, until }: Teller, messages: readonly Message[]): Conversation {
  const last = messages.at(-1);
  const answers = messages.filter(({ role }) => role === "assistant");
  const questions = messages.filter(({ role }) => role === "user");
  const lastUserAt = questions.at(-1)?.at;
  return {
    ...blank.conversation,
    ver: messages.length + 1,
    rev: questions.length,
    state: random() < 0.4 ? "closed" : "open",
    handler: makeHandler(random, until),
    unread: random() < 0.08 ? 1 + Math.floor(random() * 3) : 0,
    ...(lastUserAt === undefined ? {} : { lastUserAt, windowClosesAt: new Date(lastUserAt.getTime() + dayMs) }),
    ...(answers.length === 0 ? {} : { lastBotAt: answers[answers.length - 1].at }),
    ...(last === undefined ? {} : {
      lastMessage: { messageId: last.id, role: last.role, author: last.author, text: last.text ?? "", at: last.at },
    }),
    nextTurn: answers.length + 1,
    nextSeq: answers.length + 1,
    updatedAt: last?.receivedAt ?? blank.conversation.createdAt,
  };
}

/** Three in a hundred wait for a person, a few more have one. */
function makeHandler(random: Random, until: Date): Handler {
  const chance = random();
  if (chance >= 0.05) return { kind: "bot" };
  const needed = chance < 0.03;
  const end = new Date(until.getTime() + 365 * dayMs);
  return needed
    ? { kind: "person", since: until, until: end, by: "agent", reason: "asked for a person", needed }
    : { kind: "person", since: until, until: end, by: "grace", reason: "answered by hand", needed };
}

/** `n` is the answer's number, from 0. */
function makeTurn(answer: Message, { n, messages }: { n: number; messages: readonly Message[] }): Turn {
  const { conversationId, accountId } = answer;
  const asked = messages[messages.indexOf(answer) - 1];
  return {
    id: `${conversationId}_t${n + 1}`,
    conversationId,
    accountId,
    number: n + 1,
    messageIds: [asked.id],
    startedAt: answer.receivedAt,
    decidedAt: answer.receivedAt,
    checks: [{ name: "bot", passed: true, detail: "the bot is on" }],
    rules: ["dedup", "takeover", "reply-window", "cooldown", "opt-out"].map((rule) => ({
      rule,
      verdict: "pass",
      reason: "",
      ms: 0,
    })),
    ruleSet: "seed",
    outcome: { kind: "replied", reason: "answers the question", by: "rule:seed", texts: [answer.text ?? ""] },
    outboundIds: [outboundId(conversationId, n + 1)],
    forced: false,
    supersedes: 0,
    attempts: 1,
  };
}

function makeItem(answer: Message, { n, psid }: { n: number; psid: string }): OutboundItem {
  const { conversationId, accountId, at, text = "", mid } = answer;
  return {
    id: outboundId(conversationId, n + 1),
    conversationId,
    accountId,
    psid,
    seq: n + 1,
    origin: { kind: "turn", turnId: `${conversationId}_t${n + 1}`, part: 1, parts: 1 },
    text,
    state: "sent",
    attempt: 1,
    spent: 1,
    notBefore: at,
    mid,
    sentAt: at,
    attempts: [{ number: 1, startedAt: at, rev: 1, endedAt: at, outcome: "sent", evidence: "answer" }],
    createdAt: at,
    updatedAt: at,
  };
}
