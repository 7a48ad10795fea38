import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { checkModel, checkWebhook } from "@/doctor/check_reach.ts";
import { checkRules } from "@/doctor/check_rules.ts";
import { checkSignature } from "@/doctor/check_signature.ts";
import { examineAccounts } from "@/doctor/examine_accounts.ts";
import type { Finding } from "@/doctor/finding.ts";

/** What `deno task doctor` asks of the outside, and what only a running Moca knows, in the order of putting it right. */
export async function examineRunning(
  { config, store, clock, rules }: Pick<BackofficeDeps, "config" | "store" | "clock" | "rules">,
): Promise<readonly Finding[]> {
  const [accounts, [newest]] = await Promise.all([store.accounts.list(), store.envelopes.list({ limit: 1 })]);
  return [
    ...await examineAccounts(config, accounts, clock),
    ...await checkWebhook(config),
    checkSignature(newest?.receivedAt),
    ...checkRules(rules.state(), config.rulesDir),
    await checkModel(config),
  ];
}
