import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { checkAccount, type TokenInUse } from "@/doctor/check_account.ts";
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
  if (config.simulated) return [pretended];
  const { tokens, findings } = await tokensInUse(config, accounts);
  return [...findings, ...await askAbout(tokens, config, clock)];
}

/** Asks Instagram about a token that nobody has saved; an empty one: about the account's own. Keeps nothing. */
export function examineTyped(
  config: Config,
  { account, token }: { readonly account: Account; readonly token: string },
  clock: Clock,
): Promise<readonly Finding[]> {
  if (token === "") return examineAccounts({ ...config, account: undefined }, [account], clock);
  if (config.simulated) return Promise.resolve([pretended]);
  return askAbout([{ accountId: account.id, token, from: "the form" }], config, clock);
}

const pretended = ok("Instagram", "the pretended one of the sandbox");

async function askAbout(tokens: readonly TokenInUse[], config: Config, clock: Clock): Promise<readonly Finding[]> {
  using instagram = makeInstagramClient({ graph: config.graph, clock });
  const checks = {
    me: (token: string) => instagram.me(token),
    subscribedFields: (of: { accountId: string; token: string }) =>
      askSubscribedFields({ graph: config.graph, clock }, of),
    threads: (of: { accountId: string; token: string }) => instagram.listThreads(of),
    now: clock.now(),
  };
  return (await Promise.all(tokens.map((token) => checkAccount(token, checks)))).flat();
}
