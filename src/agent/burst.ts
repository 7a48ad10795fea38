import type { AgentRequest } from "@/agent/agent.ts";
import { describeMessage } from "@/agent/describe_message.ts";
import { stamp } from "@/agent/local_time.ts";
import { picturesOf } from "@/agent/pictures.ts";
import { compose, type Composed, type Part, saidBy } from "@/agent/prompt_message.ts";

/** Messages of one burst that the model is shown; of a longer one it gets the newest and is told so. */
const maxShown = 40;

/** The burst in a frame of its own, each message numbered: what the model has to decide on. */
export function burstText({ messages, settings }: AgentRequest): Composed {
  const pictures = picturesOf({ messages, settings });
  const shown = messages.slice(-maxShown);
  const left = messages.length - shown.length;
  const lines = shown.flatMap((message, index): Part[] => {
    const at = stamp(message.at, settings.timezone);
    const words = saidBy(message, describeMessage(message, pictures));
    return [`<message n="${left + index + 1}" at="${at}">`, words, "</message>\n"];
  });
  const note = left === 0 ? [] : [`<note>${left} earlier messages of this burst are not shown.</note>\n`];
  return compose([`<burst count="${messages.length}">\n`, ...note, ...lines, "</burst>"]);
}
