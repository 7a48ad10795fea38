import { isContent } from "@/conversation/event.ts";
import type { PhoneFault } from "@/simulator/phone_faults.ts";
import type { Message, SimulationStep, Turn } from "@/store/records.ts";

/** Turns of a conversation that a case keeps, the newest. */
export const maxSteps = 20;

/** Words of an answer that a case holds it to. */
const maxWords = 300;

/** A conversation that was had. */
export interface Had {
  readonly turns: readonly Turn[];
  readonly messages: readonly Message[];
  /** What went wrong on the way, oldest first. */
  readonly mishaps: readonly { readonly fault: PhoneFault; readonly at: Date }[];
}

/**
 * The steps of a conversation: each turn's burst, what went wrong, what was decided and how many texts arrived.
 * `withWords`: the answer must begin with the same words again. Turns whose burst is not kept any more are left out.
 */
export function makeSteps(
  { turns, messages, mishaps }: Had,
  { withWords }: { readonly withWords: boolean },
): readonly SimulationStep[] {
  const bursts = turns.toSorted((a, b) => a.number - b.number).map((turn) => ({ turn, burst: burstOf(turn, messages) }))
    .filter(({ burst }) => burst.length > 0).slice(0, maxSteps);
  return bursts.map(({ turn, burst }, index): SimulationStep => {
    const [at, end] = [burst[0]!.at, bursts[index + 1]?.burst[0]?.at];
    const isWithin = (one: { readonly at: Date }): boolean => one.at >= at && (end === undefined || one.at < end);
    const faults = [...new Set(mishaps.filter(isWithin).map(({ fault }) => fault))];
    const { kind: outcome, by, texts } = turn.outcome;
    const contains = withWords ? (texts[0] ?? "").slice(0, maxWords) : "";
    const arrived = messages.filter((message) => message.author === "bot" && isWithin(message)).length;
    return {
      at,
      says: burst.map((message, place) => toSaid(message, burst[place - 1])),
      ...(faults.length === 0 ? {} : { faults }),
      // What a person did about an account without a token is not played again, and decides on what arrives.
      expected: { outcome, by, contains, ...(faults.includes("tokenExpired") ? {} : { arrived }) },
    };
  });
}

function burstOf({ messageIds }: Turn, messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ id, kind }) => messageIds.includes(id) && isContent(kind)).toSorted((a, b) =>
    a.at.getTime() - b.at.getTime()
  );
}

function toSaid(
  { kind, text, attachments, payload, replyTo, at }: Message,
  before: Message | undefined,
): SimulationStep["says"][number] {
  const afterMs = before === undefined ? 0 : at.getTime() - before.at.getTime();
  return {
    kind,
    attachments,
    ...(text === undefined ? {} : { text }),
    ...(payload === undefined ? {} : { payload }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(afterMs === 0 ? {} : { afterMs }),
  };
}
