import type { OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** When Instagram's copy of the item's message came; undefined when none did. */
export async function findEchoAt(
  store: Pick<Store, "messages">,
  { accountId, id, mid }: OutboundItem,
): Promise<Date | undefined> {
  const rows = mid === undefined ? [] : await store.messages.related(accountId, [mid]);
  return rows.find(({ outboundId }) => outboundId === id)?.echoAt;
}
