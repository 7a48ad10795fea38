import { tell } from "@/backoffice/people.ts";
import type { Clock } from "@/clock.ts";
import type { ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface EraseDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, "wait">;
}

/** `waiting`: what is kept was erased, but a webhook that names the contact is not taken apart yet. Ask again. */
export type EraseOutcome = "erased" | "absent" | "waiting";

const lookEveryMs = 250;
const maxLooks = 40;
const maxEnvelopes = 1_000;

/**
 * Erases a contact with everything derived. Webhooks that came before and are not taken apart yet would bring the
 * contact back: they are waited for, ten seconds at most, and what they brought is erased as well.
 */
export async function eraseContact(
  { store, clock }: EraseDeps,
  { id, operator }: { id: ConversationId; operator: string },
): Promise<EraseOutcome> {
  const psid = (await store.conversations.load(id))?.contact.psid;
  if (psid === undefined) return "absent";
  const askedAt = store.now();
  await store.conversations.erase(id);
  await tell(store, { actor: operator, action: "contact.erase", object: id, changes: {} });
  for (let looks = 0; looks < maxLooks; looks += 1) {
    if (!await isStillComing(store, { psid, askedAt })) {
      if (looks > 0) await store.conversations.erase(id);
      return "erased";
    }
    await clock.wait(lookEveryMs);
  }
  return "waiting";
}

async function isStillComing(store: Store, { psid, askedAt }: { psid: string; askedAt: Date }): Promise<boolean> {
  const waiting = await store.envelopes.list({ state: "new", limit: maxEnvelopes });
  return waiting.some(({ receivedAt, body }) => receivedAt <= askedAt && new TextDecoder().decode(body).includes(psid));
}
