import { addMs } from "@/conversation/due_time.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { forgetInTurn, type TakenBack, takenBackOf } from "@/conversation/forget.ts";
import type { Message, Turn } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Turns rewritten in one commit: with MongoDB it must fit into one document of 16 MiB. */
const turnsAtOnce = 50;

/** Instances' clocks differ a little. */
const skewMs = 60_000;

/** Turns without what the events take back, and whether those are all: otherwise they are committed by themselves. */
export interface ForgottenTurns {
  readonly turns: readonly Turn[];
  readonly isAll: boolean;
}

/** Finds what was written down about messages that the events take back. `rows` looks up what is known of an event. */
export async function forgetTurns(
  store: Pick<Store, "turns">,
  events: readonly InboundEvent[],
  rows: (event: InboundEvent) => readonly Message[],
): Promise<ForgottenTurns> {
  const changed = new Map<string, Turn>();
  let isAll = true;
  for (const event of events.filter(({ kind }) => kind === "unsend")) {
    const known = rows(event);
    for (const target of known.filter(({ mid }) => mid !== undefined && mid === event.refMid)) {
      const { conversationId, id: messageId, receivedAt } = target;
      const since = addMs(receivedAt, -skewMs);
      const found = await store.turns.mentioning({ conversationId, messageId, since, limit: turnsAtOnce });
      const forgotten = forgetAll(found.map((turn) => changed.get(turn.id) ?? turn), takenBackOf([target], known));
      for (const turn of forgotten) changed.set(turn.id, turn);
      isAll &&= found.length < turnsAtOnce || forgotten.length === 0;
      if (changed.size > turnsAtOnce || !isAll) return { turns: [...changed.values()], isAll: false };
    }
  }
  return { turns: [...changed.values()], isAll };
}

/** Those that held something of the messages, without it. */
function forgetAll(turns: readonly Turn[], taken: readonly TakenBack[]): readonly Turn[] {
  return turns.flatMap((turn) => {
    const after = forgetInTurn(turn, taken);
    return after === turn ? [] : [after];
  });
}
