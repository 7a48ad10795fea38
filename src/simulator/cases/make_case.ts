import { isContent } from "@/conversation/event.ts";
import type { PhoneFault } from "@/simulator/phone_faults.ts";
import type { Message, MessageKind, SimulatedMessage, SimulatedTarget, SimulationStep, Turn } from "@/store/records.ts";

/** Turns of a conversation that a case keeps, the newest. */
export const maxSteps = 20;

/** Words of an answer that a case holds it to. */
const maxWords = 300;

/** What a contact does to a message that is there. */
const deedKinds: ReadonlySet<MessageKind> = new Set<MessageKind>(["edit", "unsend", "reaction"]);

/** A conversation that was had. */
export interface Had {
  readonly turns: readonly Turn[];
  readonly messages: readonly Message[];
  /** What went wrong on the way, oldest first. */
  readonly mishaps: readonly { readonly fault: PhoneFault; readonly at: Date }[];
}

/**
 * The steps of a conversation: each turn's burst, what the contact did to messages until the next, what went wrong, what
 * was decided and how many texts arrived. `withWords`: the answer must begin with the same words again.
 *
 * Left out are turns whose burst is not kept any more, whose messages another turn decided on again, and those that had
 * read what was taken back since: its words are gone. Of an edited message the first words are gone too: it is said
 * with those of its first edit. What was done to a message that is in no step, as an operator's, is left out.
 */
export function makeSteps(had: Had, { withWords }: { readonly withWords: boolean }): readonly SimulationStep[] {
  const { messages, mishaps } = had;
  const bursts = burstsOf(had);
  const deeds = deedsOf(bursts, messages);
  return bursts.map(({ turn, burst }, index): SimulationStep => {
    const [at, end] = [burst[0]!.at, bursts[index + 1]?.burst[0]?.at];
    const isWithin = (one: { readonly at: Date }): boolean => one.at >= at && (end === undefined || one.at < end);
    const faults = [...new Set(mishaps.filter(isWithin).map(({ fault }) => fault))];
    const { kind: outcome, by, texts } = turn.outcome;
    const contains = withWords ? (texts[0] ?? "").slice(0, maxWords) : "";
    const arrived = messages.filter((message) => message.author === "bot" && isWithin(message)).length;
    return {
      at,
      says: saysOf([...burst.map((message) => toUttered(message, messages)), ...deeds.filter(isWithin)]),
      ...(faults.length === 0 ? {} : { faults }),
      // What a person did about an account without a token is not played again, and decides on what arrives.
      expected: { outcome, by, contains, ...(faults.includes("tokenExpired") ? {} : { arrived }) },
    };
  });
}

interface Burst {
  readonly turn: Turn;
  /** Oldest first; at least one. */
  readonly burst: readonly Message[];
}

/** Something that the contact said or did, and when. */
interface Uttered {
  readonly at: Date;
  readonly said: SimulatedMessage;
}

function burstsOf({ turns, messages }: Had): readonly Burst[] {
  const inOrder = turns.toSorted((a, b) => a.number - b.number);
  const isDecidedAgain = ({ number, messageIds }: Turn): boolean =>
    turns.some((later) => later.number > number && later.messageIds.some((id) => messageIds.includes(id)));
  return inOrder.filter((turn) => !isDecidedAgain(turn))
    .map((turn) => ({ turn, burst: burstOf(turn, messages) }))
    .filter(({ turn, burst }) => burst.length > 0 && !burst.some(isTakenBackAfter(turn.decidedAt)))
    .slice(0, maxSteps);
}

function burstOf({ messageIds }: Turn, messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ id, kind }) => messageIds.includes(id) && isContent(kind)).toSorted((a, b) =>
    a.at.getTime() - b.at.getTime()
  );
}

function isTakenBackAfter(decidedAt: Date): (message: Message) => boolean {
  return ({ unsentAt }) => unsentAt !== undefined && unsentAt > decidedAt;
}

/** The contact's edits, unsends and reactions, as far as the message that they are about is in a step. */
function deedsOf(bursts: readonly Burst[], messages: readonly Message[]): readonly Uttered[] {
  const places = targetsOf(bursts, messages);
  return messages.filter(({ kind, author }) => author === "contact" && deedKinds.has(kind)).flatMap((message) => {
    const { kind, at, text, reaction, editNumber } = message;
    const about = places.get(message.refMid ?? "");
    if (about === undefined) return [];
    return [{ at, said: { kind, attachments: [], about, ...defined({ text, reaction, editNumber }) } }];
  });
}

/** Where a replay finds each message, by its id. */
function targetsOf(bursts: readonly Burst[], messages: readonly Message[]): ReadonlyMap<string, SimulatedTarget> {
  const kept = new Set(bursts.map(({ turn }) => turn.id));
  const start = bursts[0]?.burst[0]?.at;
  const isAnswer = ({ author, at, turnId }: Message): boolean =>
    author === "bot" && start !== undefined && at >= start && (turnId === undefined || kept.has(turnId));
  const said = bursts.flatMap(({ burst }) => burst).filter(({ kind }) => kind !== "referral");
  const answers = messages.filter(isAnswer).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const entries = (author: SimulatedTarget["author"], all: readonly Message[]) =>
    all.map(({ mid = "" }, place) => [mid, { author, place }] as const);
  return new Map([...entries("contact", said), ...entries("bot", answers)].filter(([mid]) => mid !== ""));
}

function toUttered(message: Message, messages: readonly Message[]): Uttered {
  const { kind, attachments, payload, replyTo, at } = message;
  const text = message.text && (firstEditOf(message, messages)?.text ?? message.text);
  return { at, said: { kind, attachments, ...defined({ text, payload, replyTo }) } };
}

function firstEditOf({ mid }: Message, messages: readonly Message[]): Message | undefined {
  return messages.filter(({ kind, refMid, editNumber = 0 }) => kind === "edit" && refMid === mid && editNumber > 0)
    .toSorted((a, b) => (a.editNumber ?? 0) - (b.editNumber ?? 0))[0];
}

/** In their order, each with its pause. */
function saysOf(uttered: readonly Uttered[]): SimulationStep["says"] {
  const inOrder = uttered.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return inOrder.map(({ at, said }, index) => {
    const afterMs = at.getTime() - (inOrder[index - 1]?.at ?? at).getTime();
    return afterMs === 0 ? said : { ...said, afterMs };
  });
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
