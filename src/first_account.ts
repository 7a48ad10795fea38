import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import { getLogger } from "@/log.ts";
import type { Sealer } from "@/seal.ts";
import type { Account, SealedToken } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { Worker } from "@/worker.ts";

export interface FirstAccountOptions {
  readonly account: NonNullable<Config["account"]>;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly instagram: Pick<InstagramClient, "me">;
  readonly clock: Clock;
}

/**
 * Enters the environment's account into the store, once: Instagram is asked for its id and handle, again and
 * again until it answers. A token that was entered later in Settings is never replaced by the same old one of
 * the environment.
 */
export function makeFirstAccountWorker(options: FirstAccountOptions): Worker {
  let isDone = false;
  return new Worker({
    name: "first account",
    clock: options.clock,
    pollMs: 60_000,
    step: async () => {
      if (isDone) return 0;
      await enterFirstAccount(options);
      isDone = true;
      return 1;
    },
  });
}

/** Enters the account; rejects when its id is not given and Instagram does not answer. */
export async function enterFirstAccount({ account, store, sealer, instagram }: FirstAccountOptions): Promise<Account> {
  const profile = await profileOf(account, instagram);
  const current = await store.accounts.get(profile.id);
  const environmentHash = await sha256(account.token);
  if (current?.token?.environmentHash === environmentHash && await isReadable(current, sealer)) return current;
  const now = store.now();
  const token: SealedToken = {
    sealed: await sealer.seal(account.token, profile.id),
    ending: account.token.slice(-4),
    savedAt: now,
    environmentHash,
  };
  const entered: Account = {
    id: profile.id,
    username: profile.username ?? current?.username,
    settings: current?.settings ?? {},
    token,
    state: "active",
    ver: current?.ver ?? 0,
    createdAt: current?.createdAt ?? now,
    updatedAt: now,
  };
  await store.accounts.put(entered, entered.ver);
  getLogger("accounts").info("account {account} entered from the environment", { account: profile.id });
  return entered;
}

async function profileOf(
  { id, token }: FirstAccountOptions["account"],
  instagram: FirstAccountOptions["instagram"],
): Promise<{ readonly id: string; readonly username?: string }> {
  if (id !== undefined) return { id };
  const answer = await instagram.me(token);
  if (answer.kind === "account") return answer;
  throw new Error(`Cannot enter the account of IG_ACCESS_TOKEN: Instagram answered "${answer.error.message}"`);
}

/** False when `MOCA_SECRET_KEY` is another one than the token was sealed with. */
async function isReadable(account: Account, sealer: Sealer): Promise<boolean> {
  try {
    await sealer.open(account.token?.sealed ?? "", account.id);
    return true;
  } catch {
    return false;
  }
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}
