import type { Account, SealedToken } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** An account and the token that Instagram's answer was about. */
export interface TokenUse {
  readonly id: string;
  readonly token: Pick<SealedToken, "sealed">;
}

/**
 * Stops the account until a person has acted, unless somebody has given it another token meanwhile. Nothing is
 * lost: what waits goes on waiting. `reason` says the cure in words.
 */
export async function stopAccount(
  used: TokenUse,
  reason: string,
  store: Pick<Store, "accounts" | "audit" | "now">,
): Promise<void> {
  const now = store.now();
  for (let outcome = "conflict"; outcome === "conflict";) {
    const account: Account | undefined = await store.accounts.get(used.id);
    if (account?.state !== "active" || account.token?.sealed !== used.token.sealed) return;
    const paused: Account = { ...account, state: "paused", pausedReason: reason, updatedAt: now };
    outcome = await store.accounts.put(paused, account.ver);
  }
  const changes = { state: { before: "active", after: "paused" }, pausedReason: { after: reason } };
  await store.audit.add([{
    id: crypto.randomUUID(),
    at: now,
    actor: "system",
    action: "account.pause",
    object: used.id,
    changes,
  }]);
}
