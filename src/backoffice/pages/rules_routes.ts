import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { RuleFigureReader } from "@/backoffice/load_rule_figures.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { rewindRoutes } from "@/backoffice/pages/rewind_routes.ts";
import { ruleTryRoutes } from "@/backoffice/pages/rule_try_routes.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { chainVersion } from "@/rules/chain_version.ts";
import type { Account, AuditEntry } from "@/store/records.ts";
import { rulesPage, rulesRegion, type RuleSwitches, type SwitchedBy } from "@views/rules.ts";

export function rulesRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  const reader = new RuleFigureReader(deps.store);
  routes.get("/", (c) => showChain(deps, c, reader));
  routes.post("/switch", (c) => switchRule(deps, c, reader));
  routes.route("/try", ruleTryRoutes(deps));
  routes.route("/rewind", rewindRoutes(deps));
  return routes;
}

/** Changes of an account's settings that are looked through for who switched a rule. */
const maxChanges = 100;

interface Shown {
  readonly accountId?: string;
  readonly isConflict?: boolean;
}

async function showChain(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  reader: RuleFigureReader,
  { accountId = c.req.query("account"), isConflict }: Shown = {},
): Promise<Response> {
  const accounts = await deps.store.accounts.list();
  const account = accounts.find(({ id }) => id === accountId) ?? accounts[0];
  const ui = await uiOf(deps, c);
  const figures = await reader.read(account?.id);
  const state = deps.rules.state();
  const rulesOff = resolveSettings(account?.settings ?? {}).rulesOff;
  const data = {
    chain: { ...state, version: chainVersion(state, rulesOff) },
    figures,
    switches: account && await switchesOf(deps, account, accounts),
    isConflict,
  };
  if (isFragmentRequest(c)) return respondRegion(c, [rulesRegion(ui, data)]);
  const content = { title: ui.t("nav.rules"), section: "rules", shape: "page", body: rulesPage(ui, data) } as const;
  return respondPage(deps, c, { ui, content, status: isConflict ? 409 : 200 });
}

async function switchesOf(
  { store }: BackofficeDeps,
  { id, username, ver, settings }: Account,
  accounts: readonly Account[],
): Promise<RuleSwitches> {
  const { rulesOff } = resolveSettings(settings);
  const changes = rulesOff.length === 0
    ? []
    : await store.audit.list({ object: id, action: "settings.change", limit: maxChanges });
  const off = new Map(rulesOff.map((rule) => [rule, switchedBy(changes, rule)]));
  return { account: { id, username, ver }, accounts, off };
}

/** Whose change of the settings, the newest first, put the rule on the list. */
function switchedBy(changes: readonly AuditEntry[], rule: string): SwitchedBy | undefined {
  const lists = (value: unknown): boolean => Array.isArray(value) && value.includes(rule);
  const entry = changes.find(({ changes: { rulesOff } }) => lists(rulesOff?.after) && !lists(rulesOff?.before));
  return entry && { operator: entry.actor, at: entry.at };
}

async function switchRule(deps: BackofficeDeps, c: Context<SessionEnv>, reader: RuleFigureReader): Promise<Response> {
  const form = await c.req.parseBody();
  const [accountId, rule] = [String(form["account"] ?? ""), String(form["rule"] ?? "")];
  const account = await deps.store.accounts.get(accountId);
  if (account === undefined || !deps.rules.state().rules.some(({ name }) => name === rule)) return notFound(deps, c);
  const others = resolveSettings(account.settings).rulesOff.filter((name) => name !== rule);
  const rulesOff = form["to"] === "off" ? [...others, rule] : others;
  const { operator } = c.get("session");
  const outcome = await deps.actions.changeSettings(accountId, { rulesOff }, operator, Number(form["ver"]));
  if (outcome.kind !== "saved") return showChain(deps, c, reader, { accountId, isConflict: true });
  return c.redirect(`/admin/rules?${new URLSearchParams({ account: accountId })}`, 303);
}
