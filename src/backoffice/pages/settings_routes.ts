import { type Context, Hono } from "hono";
import { resolveSettings } from "@/conversation/settings.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { firstAccount, respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import {
  defaultFormValues,
  type FormValues,
  readSettingsForm,
  toFormValues,
  typedValues,
} from "@/backoffice/settings_form.ts";
import type { Account } from "@/store/records.ts";
import { noAccountPage, type SettingsData, settingsPage } from "@views/settings.ts";
import { settingsFields } from "@views/settings_fields.ts";

type PageContext = Context<SessionEnv>;

interface Shown {
  readonly values?: FormValues;
  readonly errors?: SettingsData["errors"];
  readonly outcome?: SettingsData["outcome"];
  readonly status?: 200 | 409 | 422;
}

export function settingsRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const asked = c.req.query("account");
    const account = asked === undefined ? await firstAccount(deps) : await deps.store.accounts.get(asked);
    if (account === undefined) return asked === undefined ? showNoAccount(deps, c) : notFound(deps, c);
    return showSettings(deps, c, { account, shown: { outcome: outcomeOf(c.req.query("done")) } });
  });
  routes.post("/:id", (c) => postSettings(deps, c, c.req.param("id")));
  routes.post("/:id/token", (c) => postToken(deps, c, c.req.param("id")));
  return routes;
}

function outcomeOf(done: string | undefined): "saved" | "tokenSaved" | undefined {
  return done === "saved" || done === "tokenSaved" ? done : undefined;
}

async function postSettings(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const values = typedValues(form);
  const { operator } = c.get("session");
  const outcome = await deps.actions.changeSettings(id, readSettingsForm(values), operator, Number(form["ver"]));
  if (outcome.kind === "saved") return c.redirect(doneUrl(id, "saved"), 303);
  const account = await deps.store.accounts.get(id);
  if (account === undefined) return notFound(deps, c);
  if (outcome.kind !== "invalid") {
    return showSettings(deps, c, { account, shown: { outcome: "conflict", status: 409 } });
  }
  const errors = settingsFields.map(({ name }) => name).filter((name) => Object.hasOwn(outcome.fields, name));
  return showSettings(deps, c, { account, shown: { values, errors, status: 422 } });
}

async function postToken(deps: BackofficeDeps, c: PageContext, id: string): Promise<Response> {
  const form = await c.req.parseBody();
  const outcome = await deps.actions.saveToken(id, String(form["token"] ?? ""), c.get("session").operator);
  if (outcome.kind === "saved") return c.redirect(doneUrl(id, "tokenSaved"), 303);
  const account = await deps.store.accounts.get(id);
  if (account === undefined) return notFound(deps, c);
  const shown: Shown = outcome.kind === "invalid"
    ? { outcome: "tokenInvalid", status: 422 }
    : { outcome: "conflict", status: 409 };
  return showSettings(deps, c, { account, shown });
}

function doneUrl(id: string, done: "saved" | "tokenSaved"): string {
  return `/admin/settings?${new URLSearchParams({ account: id, done })}`;
}

async function showSettings(
  deps: BackofficeDeps,
  c: PageContext,
  { account, shown }: { account: Account; shown: Shown },
): Promise<Response> {
  const ui = await uiOf(deps, c, account.id);
  const { id, username, ver, token } = account;
  const body = settingsPage(ui, {
    account: { id, username, ver, token: token && { ending: token.ending, expiresAt: token.expiresAt } },
    accounts: await deps.store.accounts.list(),
    values: shown.values ?? toFormValues(resolveSettings(account.settings)),
    defaults: defaultFormValues,
    errors: shown.errors ?? [],
    outcome: shown.outcome,
  });
  const content = { title: ui.t("nav.settings"), section: "settings", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: shown.status, content });
}

async function showNoAccount(deps: BackofficeDeps, c: PageContext): Promise<Response> {
  const ui = await uiOf(deps, c);
  const content = { title: ui.t("nav.settings"), section: "settings", shape: "page", body: noAccountPage(ui) } as const;
  return respondPage(deps, c, { ui, content });
}
