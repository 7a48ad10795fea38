/** What the business's side has said, so that two who answer at once notice. */
import type { Message, OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface Answer {
  readonly by: "bot" | "instagramApp" | { readonly operator: string };
  readonly text: string;
  /** When Moca knew of it, by the store's time. */
  readonly at: Date;
}

/** What left or is about to leave, oldest first; without what came to nothing or is planned for later. */
export function answersOf(messages: readonly Message[], items: readonly OutboundItem[]): readonly Answer[] {
  return [...messages.flatMap(fromInstagram), ...items.flatMap(fromMoca)]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** Of the newest answer, in ms; 0 when there is none. */
export function newestAt(answers: readonly Answer[]): number {
  return answers.at(-1)?.at.getTime() ?? 0;
}

/** Somebody typed it in the Instagram app; what was found later, by reading the thread, is no news. */
function fromInstagram({ author, text = "", receivedAt, source }: Message): readonly Answer[] {
  return author === "instagramApp" && source === "webhook" ? [{ by: "instagramApp", text, at: receivedAt }] : [];
}

const cameToNothing: ReadonlySet<OutboundItem["state"]> = new Set(["cancelled", "failed", "expired"]);

function fromMoca({ origin, state, text, createdAt, attempts }: OutboundItem): readonly Answer[] {
  const begunAt = attempts[0]?.startedAt;
  if (cameToNothing.has(state)) return [];
  if (origin.kind === "followUp") return begunAt === undefined ? [] : [{ by: "bot", text, at: begunAt }];
  return [{ by: origin.kind === "operator" ? { operator: origin.operator } : "bot", text, at: createdAt }];
}

/** Answers to look through for newer ones. */
const recent = 20;

/** The conversation's last answers, oldest first. */
export async function readAnswers(
  store: Pick<Store, "messages" | "outbound">,
  id: string,
): Promise<readonly Answer[]> {
  const [page, queue] = await Promise.all([
    store.messages.page(id, { limit: recent }),
    store.outbound.list({ conversationId: id, limit: recent }),
  ]);
  return answersOf(page.items, queue.items);
}
