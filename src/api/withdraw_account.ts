import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Why nothing is sent any more, in words. */
export const removedReason = "the app was removed from the account";
export const deletionReason = "the account's owner asked Meta to delete its data";

/** How often a change is tried again because somebody else saved first. */
const maxTries = 10;

/**
 * Forgets the account's token and stops sending; what was kept stays, or, when deletion was asked for, is erased
 * afterwards by the eraser. Answers the code by which the deletion can be followed: the same one for every
 * repetition of the request. An id that Moca does not know gets a code as well, under which nothing is kept.
 */
export async function withdrawAccount(
  store: Pick<Store, "now" | "accounts" | "audit">,
  { accountId, reason }: { accountId: string; reason: string },
): Promise<string> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const account = await store.accounts.get(accountId);
    const code = account?.deletion?.code ?? crypto.randomUUID();
    if (account === undefined || account.deletion !== undefined) {
      await tell(store, { accountId, reason });
      return code;
    }
    const next = withdrawn(account, { reason, code, now: store.now() });
    if (await store.accounts.put(next, account.ver) === "conflict") continue;
    await tell(store, { accountId, reason });
    return code;
  }
  throw new Error(`Cannot withdraw account "${accountId}": ${maxTries} others were first, wants a quieter moment`);
}

function withdrawn(account: Account, { reason, code, now }: { reason: string; code: string; now: Date }): Account {
  const deletion = reason === deletionReason ? { deletion: { code, requestedAt: now } } : {};
  return { ...account, token: undefined, state: "paused", pausedReason: reason, updatedAt: now, ...deletion };
}

async function tell(
  store: Pick<Store, "now" | "audit">,
  { accountId, reason }: { accountId: string; reason: string },
): Promise<void> {
  const action = reason === deletionReason ? "account.deletionAsked" : "account.deauthorized";
  const entry = { at: store.now(), actor: "system", action, object: accountId, changes: {} };
  await store.audit.add([{ id: crypto.randomUUID(), ...entry }]);
}
