import type { Message } from "@/store/records.ts";
import type { AgentRequest } from "@/agent/agent.ts";

/** Pictures of one burst that are passed on. */
const maxPictures = 4;

/**
 * Addresses of the burst's pictures that the model is shown, oldest first: none unless the account says that its model
 * can see. What the contact took back is not shown.
 */
export function picturesOf({ messages, settings }: Pick<AgentRequest, "messages" | "settings">): readonly string[] {
  if (!settings.seesPictures) return [];
  return messages.flatMap(picturesIn).slice(-maxPictures);
}

function picturesIn({ attachments, unsentAt }: Message): readonly string[] {
  if (unsentAt !== undefined) return [];
  return attachments.flatMap(({ type, url }) =>
    type === "image" && url !== undefined && URL.parse(url)?.protocol === "https:" ? [url] : []
  );
}
