/** What an operator is typing, kept so that it is there again on any page and device until it is sent. */
import type { ConversationId, TypedText } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** The longest text that is kept, in UTF-16 units: what a composer takes. */
const maxTypedLength = 10_000;

type TypedDeps = Pick<Store, "typedTexts" | "commands" | "now">;

/**
 * Keeps the text in place of the one before; an empty one takes it away. A text that comes after its own form was sent
 * is not kept: it is looked for only once it is there, so that neither of two at the same moment is missed.
 */
export async function keepTyped(store: TypedDeps, typed: Omit<TypedText, "savedAt">): Promise<void> {
  const { conversationId, operator, commandId } = typed;
  if (typed.text.trim() === "") return await forgetTyped(store, { conversationId, operator });
  const text = typed.text.slice(0, maxTypedLength);
  await store.typedTexts.put({ ...typed, text, savedAt: store.now() });
  if (await store.commands.get(commandId) !== undefined) {
    await store.typedTexts.remove(conversationId, operator, commandId);
  }
}

/** Takes away what the operator had typed there, in whichever form. */
export async function forgetTyped(
  store: Pick<Store, "typedTexts">,
  { conversationId, operator }: { readonly conversationId: ConversationId; readonly operator: string },
): Promise<void> {
  await store.typedTexts.remove(conversationId, operator);
}
