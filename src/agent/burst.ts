import type { AgentRequest } from "@/agent/agent.ts";
import { describeMessage } from "@/agent/describe_message.ts";
import { stamp } from "@/agent/local_time.ts";

/** Messages of one burst that the model is shown; of a longer one it gets the newest and is told so. */
const maxShown = 40;

/** The burst in a frame of its own, each message numbered: what the model has to decide on. */
export function burstText({ messages, settings }: AgentRequest): string {
  const shown = messages.slice(-maxShown);
  const left = messages.length - shown.length;
  const lines = shown.map((message, index) => {
    const at = stamp(message.at, settings.timezone);
    return `<message n="${left + index + 1}" at="${at}">${describeMessage(message)}</message>`;
  });
  const note = left === 0 ? [] : [`<note>${left} earlier messages of this burst are not shown.</note>`];
  return [`<burst count="${messages.length}">`, ...note, ...lines, "</burst>"].join("\n");
}
