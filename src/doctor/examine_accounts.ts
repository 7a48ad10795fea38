import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { checkAccount } from "@/doctor/check_account.ts";
import { type Finding, ok } from "@/doctor/finding.ts";
import { tokensInUse } from "@/doctor/tokens_in_use.ts";
import { makeInstagramClient } from "@/instagram/client.ts";
import { askSubscribedFields } from "@/instagram/subscribed_fields.ts";
import type { Account } from "@/store/records.ts";

/** Asks Instagram about every token that Moca sends with. */
export async function examineAccounts(
  config: Config,
  accounts: readonly Account[],
  clock: Clock,
): Promise<readonly Finding[]> {
  if (config.simulated) return [ok("Instagram", "the pretended one of the sandbox")];
  const { tokens, findings } = await tokensInUse(config, accounts);
  using instagram = makeInstagramClient({ graph: config.graph, clock });
  const checks = {
    me: (token: string) => instagram.me(token),
    subscribedFields: (of: { accountId: string; token: string }) =>
      askSubscribedFields({ graph: config.graph, clock }, of),
    threads: (of: { accountId: string; token: string }) => instagram.listThreads(of),
    now: clock.now(),
  };
  const perToken = await Promise.all(tokens.map((token) => checkAccount(token, checks)));
  return [...findings, ...perToken.flat()];
}
