import type { Config } from "@/config.ts";
import { newToken, type TokenInUse } from "@/doctor/check_account.ts";
import { type Finding, problem } from "@/doctor/finding.ts";
import { makeSealer, type Sealer } from "@/seal.ts";
import type { Account } from "@/store/records.ts";

export interface TokensInUse {
  readonly tokens: readonly TokenInUse[];
  /** What is wrong before Instagram is asked. */
  readonly findings: readonly Finding[];
}

/** The tokens that Moca sends with, and the one that its next start would take from the environment. */
export async function tokensInUse(
  { secretKey, oldSecretKeys = [], account }: Pick<Config, "secretKey" | "oldSecretKeys" | "account">,
  accounts: readonly Account[],
): Promise<TokensInUse> {
  const sealer = await makeSealer([secretKey, ...oldSecretKeys]);
  const stored = await Promise.all(accounts.map((one) => storedToken(one, sealer)));
  const given = await givenToken(account, accounts);
  const none = problem("account", "there is none yet", `Set IG_ACCESS_TOKEN. ${newToken}`);
  return {
    tokens: [...stored.flatMap(({ token }) => token ?? []), ...given],
    findings: [...stored.flatMap(({ findings }) => findings), ...(accounts.length + given.length === 0 ? [none] : [])],
  };
}

const otherKey = "MOCA_SECRET_KEY is not the one that it was sealed with: set that one again, or enter the token anew";

async function storedToken(
  { id, token, state, pausedReason }: Account,
  sealer: Sealer,
): Promise<{ readonly token?: TokenInUse; readonly findings: readonly Finding[] }> {
  const paused = state === "paused" ? [problem("account", `${id} is paused: ${pausedReason ?? "?"}`, newToken)] : [];
  if (token === undefined) return { findings: [...paused, problem("access token", `${id} has none`, newToken)] };
  const text = await sealer.open(token.sealed, id).catch(() => undefined);
  if (text === undefined) {
    return { findings: [...paused, problem("access token", `the one of ${id} cannot be opened`, otherKey)] };
  }
  const since = token.refreshedAt ?? token.savedAt;
  return {
    token: { accountId: id, token: text, from: "the store", expiresAt: token.expiresAt, since },
    findings: paused,
  };
}

/** The environment's token, unless the store has taken it already. */
async function givenToken(account: Config["account"], accounts: readonly Account[]): Promise<readonly TokenInUse[]> {
  if (account === undefined) return [];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(account.token));
  const hash = new Uint8Array(digest).toHex();
  if (accounts.some(({ token }) => token?.environmentHash === hash)) return [];
  return [{ accountId: account.id, token: account.token, from: "IG_ACCESS_TOKEN" }];
}
