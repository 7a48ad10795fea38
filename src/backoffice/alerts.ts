/** What must be said on every page, because work stops while nobody knows. */
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { dueWarning, tokenDaysLeft } from "@/instagram/token_plan.ts";
import type { RuleProblem } from "@/rules/rule_set.ts";
import type { Account } from "@/store/records.ts";
import { distinctName } from "@views/parts/account_name.ts";
import type { Alert } from "@views/ui.ts";

/** Instagram calls for every message and every "seen": a shop that it does not call for a day has likely lost it. */
const silentMs = 24 * 3_600_000;

/** In the order in which a person should look at them. */
export async function loadAlerts(
  { store, config, rules }: Pick<BackofficeDeps, "store" | "config" | "rules">,
  accounts: readonly Account[],
): Promise<readonly Alert[]> {
  const now = store.now();
  const named = accounts.map((account) => ({ account, name: distinctName(account, accounts) }));
  const [newest] = config.mode === "live" ? await store.envelopes.list({ limit: 1 }) : [];
  const isSilent = newest !== undefined && now.getTime() - newest.receivedAt.getTime() > silentMs;
  return [
    ...named.flatMap(({ account, name }): Alert[] => isBotOff(account) ? [{ name, kind: "botOff" }] : []),
    ...named.flatMap(({ account, name }): Alert[] => tokenAlert(account, now, name)),
    ...rules.state().problems.map(brokenAlert),
    ...named.flatMap(({ account: { state, pausedReason = "" }, name }): Alert[] =>
      state === "paused" ? [{ name, kind: "paused", reason: pausedReason }] : []
    ),
    ...isSilent ? [{ kind: "silentWebhook", since: newest.receivedAt } as const] : [],
  ];
}

function brokenAlert({ file, line, since, stillRunning }: RuleProblem): Alert {
  return { kind: "brokenRules", file, line, since, isRunning: stillRunning !== undefined };
}

function isBotOff({ settings }: Account): boolean {
  const { botEnabled, mode } = resolveSettings(settings);
  return !botEnabled || mode === "off";
}

/** A paused account says why it is, which is often its token. */
function tokenAlert({ state, token }: Account, now: Date, name: string | undefined): Alert[] {
  if (state === "paused" || token === undefined || dueWarning(token, now) === undefined) return [];
  return [{ name, kind: "tokenEnds", days: tokenDaysLeft(token, now) ?? 0 }];
}
