import { isContent } from "@/conversation/event.ts";
import type { Message, SimulationStep, Turn } from "@/store/records.ts";

/** Turns of a conversation that a case keeps, the newest. */
export const maxSteps = 20;

/** Words of an answer that a case holds it to. */
const maxWords = 300;

/**
 * The steps of a conversation that was had: each turn's burst, and what was decided on it. `withWords`: the answer must
 * begin with the same words again. Turns whose burst is not kept any more are left out.
 */
export function makeSteps(
  turns: readonly Turn[],
  messages: readonly Message[],
  { withWords }: { readonly withWords: boolean },
): readonly SimulationStep[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const steps = turns.toSorted((a, b) => a.number - b.number).flatMap((turn): SimulationStep[] => {
    const burst = turn.messageIds.flatMap((id) => byId.get(id) ?? []).filter(({ kind }) => isContent(kind));
    const { kind: outcome, by, texts } = turn.outcome;
    const contains = withWords ? (texts[0] ?? "").slice(0, maxWords) : "";
    const [first] = burst;
    return first === undefined ? [] : [{ at: first.at, says: burst.map(toSaid), expected: { outcome, by, contains } }];
  });
  return steps.slice(0, maxSteps);
}

function toSaid({ kind, text, attachments, payload, replyTo }: Message): SimulationStep["says"][number] {
  return {
    kind,
    attachments,
    ...(text === undefined ? {} : { text }),
    ...(payload === undefined ? {} : { payload }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}
