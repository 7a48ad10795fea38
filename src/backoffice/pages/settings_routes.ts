import { type Context, Hono } from "hono";
import { resolveSettings } from "@/conversation/settings.ts";
import { isToken } from "@/backoffice/account_actions.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { firstAccount, respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import { readInstant } from "@/backoffice/read_instant.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import {
  defaultFormValues,
  type FormValues,
  readSettingsForm,
  toFormValues,
  typedValues,
} from "@/backoffice/settings_form.ts";
import { examineTyped } from "@/doctor/examine_accounts.ts";
import { nextRefreshAt } from "@/instagram/token_plan.ts";
import type { Account } from "@/store/records.ts";
import { noAccountPage, type SettingsData, settingsPage } from "@views/settings.ts";
import { settingsFields } from "@views/settings_fields.ts";

type PageContext = Context<SessionEnv>;

interface Shown {
  readonly values?: FormValues;
  readonly errors?: SettingsData["errors"];
  readonly outcome?: SettingsData["outcome"];
  readonly doneAt?: Date;
  readonly conflict?: SettingsData["conflict"];
  readonly findings?: SettingsData["findings"];
  readonly status?: 200 | 409 | 422;
}

export function settingsRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const asked = c.req.query("account");
    const account = asked === undefined ? await firstAccount(deps) : await deps.store.accounts.get(asked);
    if (account === undefined) return asked === undefined ? showNoAccount(deps, c) : notFound(deps, c);
    return showSettings(deps, c, { account, shown: doneOf(c.req.query()) });
  });
  routes.post("/", (c) => postAccount(deps, c));
  routes.post("/:id", (c) => postSettings(deps, c, c.req.param("id")));
  routes.post("/:id/token", (c) => postToken(deps, c, c.req.param("id")));
  routes.post("/:id/test", (c) => testToken(deps, c, c.req.param("id")));
  routes.post("/:id/resume", (c) => postResume(deps, c, c.req.param("id")));
  return routes;
}

const dones = ["saved", "tokenSaved", "resumed"] as const;
type Done = typeof dones[number];

/** What the page comes from was done, and when. */
function doneOf({ done, at }: Readonly<Record<string, string | undefined>>): Pick<Shown, "outcome" | "doneAt"> {
  const [outcome, doneAt] = [dones.find((known) => known === done), readInstant(at)];
  return outcome === undefined || doneAt === undefined ? {} : { outcome, doneAt };
}

async function postSettings(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const values = typedValues(form);
  const { operator } = c.get("session");
  const outcome = await deps.actions.changeSettings(id, readSettingsForm(values), operator, Number(form["ver"]));
  if (outcome.kind === "saved") return c.redirect(doneUrl(deps, id, "saved"), 303);
  const account = await deps.store.accounts.get(id);
  if (account === undefined) return notFound(deps, c);
  if (outcome.kind !== "invalid") {
    const conflict = { typed: values, stored: toFormValues(resolveSettings(account.settings)) };
    return showSettings(deps, c, { account, shown: { values, conflict, status: 409 } });
  }
  const errors = settingsFields.map(({ name }) => name).filter((name) => Object.hasOwn(outcome.fields, name));
  return showSettings(deps, c, { account, shown: { values, errors, status: 422 } });
}

async function postToken(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const outcome = await deps.actions.saveToken(id, String(form["token"] ?? ""), c.get("session").operator);
  if (outcome.kind === "saved") return c.redirect(doneUrl(deps, id, "tokenSaved"), 303);
  const account = await deps.store.accounts.get(id);
  if (account === undefined) return notFound(deps, c);
  const shown: Shown = outcome.kind === "invalid"
    ? { outcome: tokenOutcomes[outcome.problem], status: 422 }
    : { outcome: "conflict", status: 409 };
  return showSettings(deps, c, { account, shown });
}

/** Says what Instagram makes of what was typed; nothing is saved. */
async function testToken(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const account = await deps.store.accounts.get(id);
  if (account === undefined) return notFound(deps, c);
  const token = String((await c.req.parseBody())["token"] ?? "").trim();
  if (token !== "" && !isToken(token)) {
    return showSettings(deps, c, { account, shown: { outcome: "tokenInvalid", status: 422 } });
  }
  const findings = await examineTyped(deps.config, { account, token }, deps.clock);
  return showSettings(deps, c, { account, shown: { findings } });
}

const tokenOutcomes = { shape: "tokenInvalid", refused: "tokenRefused", other: "tokenOfOther" } as const;

async function postAccount(deps: BackofficeDeps, c: PageContext): Promise<Response> {
  const form = await c.req.parseBody();
  const outcome = await deps.actions.connectAccount(String(form["token"] ?? ""), c.get("session").operator);
  if (outcome.kind === "connected") return c.redirect(doneUrl(deps, outcome.account.id, "tokenSaved"), 303);
  const said = outcome.kind === "invalid"
    ? { outcome: tokenOutcomes[outcome.problem], status: 422 } as const
    : { outcome: outcome.kind === "unknown" ? "tokenUnknown" : "conflict", status: 409 } as const;
  const account = await firstAccount(deps);
  return account === undefined ? showNoAccount(deps, c, said) : showSettings(deps, c, { account, shown: said });
}

/** Somebody else may have resumed it already: then it is as it was wanted. */
async function postResume(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const outcome = await deps.actions.resumeAccount(id, c.get("session").operator);
  if (outcome === "notFound") return notFound(deps, c);
  if (outcome !== "conflict") return c.redirect(doneUrl(deps, id, "resumed"), 303);
  const account = await deps.store.accounts.get(id);
  return account === undefined
    ? notFound(deps, c)
    : showSettings(deps, c, { account, shown: { outcome, status: 409 } });
}

function doneUrl({ store }: BackofficeDeps, id: string, done: Done): string {
  return `/admin/settings?${new URLSearchParams({ account: id, done, at: String(store.now().getTime()) })}`;
}

async function showSettings(
  deps: BackofficeDeps,
  c: PageContext,
  { account, shown }: { account: Account; shown: Shown },
): Promise<Response> {
  const ui = await uiOf(deps, c, account.id);
  const { id, username, ver, token } = account;
  const body = settingsPage(ui, {
    account: {
      isPaused: account.state === "paused",
      id,
      username,
      ver,
      token: token && { ending: token.ending, expiresAt: token.expiresAt, nextRefreshAt: nextRefreshAt(token) },
    },
    accounts: await deps.store.accounts.list(),
    values: shown.values ?? toFormValues(resolveSettings(account.settings)),
    defaults: defaultFormValues,
    errors: shown.errors ?? [],
    outcome: shown.outcome,
    doneAt: shown.doneAt,
    conflict: shown.conflict,
    findings: shown.findings,
  });
  const content = { title: ui.t("nav.settings"), section: "settings", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: shown.status, content });
}

async function showNoAccount(
  deps: BackofficeDeps,
  c: PageContext,
  { outcome, status }: Pick<Shown, "outcome" | "status"> = {},
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const content = {
    title: ui.t("nav.settings"),
    section: "settings",
    shape: "page",
    body: noAccountPage(ui, outcome),
  } as const;
  return respondPage(deps, c, { ui, status, content });
}
