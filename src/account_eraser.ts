import type { Clock } from "@/clock.ts";
import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

/** Contacts erased in one step. */
const batch = 50;

const pollMs = 60_000;

/** Erases, contact by contact, everything of the accounts whose deletion was asked for, and says when it is done. */
export function makeAccountEraser({ store, clock }: { store: Store; clock: Clock }): Worker {
  return new Worker({
    name: "account eraser",
    clock,
    pollMs,
    step: async () => {
      const asked = (await store.accounts.list()).find(({ deletion }) => deletion && deletion.doneAt === undefined);
      return asked === undefined ? 0 : await eraseSome(store, asked);
    },
  });
}

async function eraseSome(store: Store, account: Account): Promise<number> {
  const { items } = await store.conversations.list({ accountId: account.id, limit: batch });
  for (const { conversation } of items) await store.conversations.erase(conversation.id);
  if (items.length === 0 && account.deletion !== undefined) {
    const deletion = { ...account.deletion, doneAt: store.now() };
    // On a conflict the next step finds the account still unfinished.
    await store.accounts.put({ ...account, settings: {}, deletion, updatedAt: store.now() }, account.ver);
  }
  return 1;
}
