import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { RuleFigureReader } from "@/backoffice/load_rule_figures.ts";
import { isFragmentRequest, respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { rewindRoutes } from "@/backoffice/pages/rewind_routes.ts";
import { ruleTryRoutes } from "@/backoffice/pages/rule_try_routes.ts";
import { readInstant } from "@/backoffice/read_instant.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { inOrder, isReordered, moved } from "@/rules/chain_order.ts";
import { chainVersion } from "@/rules/chain_version.ts";
import type { RuleSetState } from "@/rules/rule_set.ts";
import type { Account, AuditEntry } from "@/store/records.ts";
import type { RuleSwitches, SwitchedBy } from "@views/parts/rule_table.ts";
import { type RuleConflict, type RulesData, rulesPage, rulesRegion } from "@views/rules.ts";

export function rulesRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  const reader = new RuleFigureReader(deps.store);
  routes.get("/", (c) => showChain(deps, c, reader));
  routes.post("/switch", (c) => switchRule(deps, c, reader));
  routes.post("/move", (c) => moveRule(deps, c, reader));
  routes.post("/reload", async (c) => {
    await deps.rules.reload();
    const { account = "" } = await c.req.parseBody();
    const read = String(deps.store.now().getTime());
    return c.redirect(`/admin/rules?${new URLSearchParams({ account: String(account), read })}`, 303);
  });
  routes.route("/try", ruleTryRoutes(deps));
  routes.route("/rewind", rewindRoutes(deps));
  return routes;
}

/** Changes of an account's settings that are looked through for who switched a rule. */
const maxChanges = 100;

interface Shown {
  readonly accountId?: string;
  readonly conflict?: RuleConflict;
}

async function showChain(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  reader: RuleFigureReader,
  { accountId = c.req.query("account"), conflict }: Shown = {},
): Promise<Response> {
  const accounts = await deps.store.accounts.list();
  const account = accounts.find(({ id }) => id === accountId) ?? accounts[0];
  const ui = await uiOf(deps, c);
  const figures = await reader.read(account?.id);
  const state = deps.rules.state();
  const settings = resolveSettings(account?.settings ?? {});
  const data = {
    chain: {
      ...state,
      folder: deps.config.rulesDir,
      version: chainVersion(state, settings),
      ...orderOf(state, settings),
    },
    figures,
    switches: account && await switchesOf(deps, account, accounts),
    readAt: readInstant(c.req.query("read")),
    conflict,
  };
  if (isFragmentRequest(c)) return respondRegion(c, [rulesRegion(ui, data)]);
  const content = { title: ui.t("nav.rules"), section: "rules", shape: "page", body: rulesPage(ui, data) } as const;
  return respondPage(deps, c, { ui, content, status: conflict === undefined ? 200 : 409 });
}

/** The rules as they are asked, each with its place among the files. */
function orderOf({ rules }: RuleSetState, { rulesOrder }: Settings): Pick<RulesData, "rules" | "isReordered"> {
  return {
    rules: inOrder(rules, rulesOrder).map((rule) => ({ ...rule, filePosition: rules.indexOf(rule) + 1 })),
    isReordered: isReordered(rules, rulesOrder),
  };
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

/** What a form of the page asks for, checked against what is loaded; undefined: of something that is not there. */
async function readForm(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
): Promise<
  { readonly account: Account; readonly ver: number; readonly rule: string; readonly to: string } | undefined
> {
  const form = await c.req.parseBody();
  const [accountId, rule] = [String(form["account"] ?? ""), String(form["rule"] ?? "")];
  const account = await deps.store.accounts.get(accountId);
  const isKnown = rule === "" || deps.rules.state().rules.some(({ name }) => name === rule);
  if (account === undefined || !isKnown) return undefined;
  return { account, ver: Number(form["ver"]), rule, to: String(form["to"] ?? "") };
}

async function switchRule(deps: BackofficeDeps, c: Context<SessionEnv>, reader: RuleFigureReader): Promise<Response> {
  const asked = await readForm(deps, c);
  if (asked === undefined || asked.rule === "") return notFound(deps, c);
  const { account: { id: accountId, settings }, rule, to, ver } = asked;
  const others = resolveSettings(settings).rulesOff.filter((name) => name !== rule);
  const rulesOff = to === "off" ? [...others, rule] : others;
  const outcome = await deps.actions.changeSettings(accountId, { rulesOff }, c.get("session").operator, ver);
  if (outcome.kind !== "saved") return showChain(deps, c, reader, { accountId, conflict: {} });
  return c.redirect(`/admin/rules?${new URLSearchParams({ account: accountId })}`, 303);
}

/** One place up or down, or all back to where the files put them. */
async function moveRule(deps: BackofficeDeps, c: Context<SessionEnv>, reader: RuleFigureReader): Promise<Response> {
  const asked = await readForm(deps, c);
  if (asked === undefined || (asked.rule === "") !== (asked.to === "files")) return notFound(deps, c);
  const { account: { id: accountId, settings }, rule, to, ver } = asked;
  const { rules } = deps.rules.state();
  const now = inOrder(rules, resolveSettings(settings).rulesOrder);
  const wanted = to === "files" ? rules.map(({ name }) => name) : moved(now, { rule, by: to === "up" ? -1 : 1 });
  const rulesOrder = isReordered(rules, wanted) ? wanted : [];
  const outcome = await deps.actions.changeSettings(accountId, { rulesOrder }, c.get("session").operator, ver);
  if (outcome.kind === "saved") {
    return c.redirect(`/admin/rules?${new URLSearchParams({ account: accountId })}`, 303);
  }
  const conflict = { wanted, now: now.map(({ name }) => name) };
  return showChain(deps, c, reader, { accountId, conflict });
}
