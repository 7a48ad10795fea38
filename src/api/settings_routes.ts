import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { findAccount } from "@/api/account.ts";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentSettings } from "@/api/presenters.ts";
import { type FieldProblems, refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { applySettingsPatch, type SettingsPatch } from "@/backoffice/settings_change.ts";
import type { Account } from "@/store/records.ts";

const accountQuery = z.strictObject({ account: z.string().max(100).optional() });

/** Any setting by its name, `null` for its default, and the write-only `token`. */
const patchBody = z.looseObject({ token: z.string().optional() });

type SettingsDeps = Pick<ApiDeps, "store" | "actions">;

export function settingsRoutes(deps: SettingsDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", zValidator("query", accountQuery, refuseInvalid), async (c) => {
    const account = await findAccount(deps.store, c, c.req.valid("query").account);
    return account instanceof Response ? account : c.json(presentSettings(account, deps.store.now()));
  });
  routes.patch(
    "/",
    zValidator("query", accountQuery, refuseInvalid),
    zValidator("json", patchBody, refuseInvalid),
    async (c) => {
      const account = await findAccount(deps.store, c, c.req.valid("query").account);
      if (account instanceof Response) return account;
      const { token, ...settings } = c.req.valid("json");
      const checked = applySettingsPatch(account, settings);
      if (checked.kind === "invalid") return refuseSettings(c, checked.fields);
      return await tokenRefused(deps, c, { account, token }) ??
        await settingsRefused(deps, c, { account, settings }) ??
        await respondSettings(deps, c, account.id);
    },
  );
  return routes;
}

async function tokenRefused(
  { actions }: SettingsDeps,
  c: Context<ApiEnv>,
  { account, token }: { account: Account; token?: string },
): Promise<Response | undefined> {
  if (token === undefined) return undefined;
  const outcome = await actions.saveToken(account.id, token, c.var.operator);
  if (outcome.kind === "invalid") return refuseSettings(c, { token: outcome.reason });
  return outcome.kind === "saved" ? undefined : refuseRace(c, outcome.kind);
}

async function settingsRefused(
  { actions }: SettingsDeps,
  c: Context<ApiEnv>,
  { account, settings }: { account: Account; settings: SettingsPatch },
): Promise<Response | undefined> {
  if (Object.keys(settings).length === 0) return undefined;
  const outcome = await actions.changeSettings(account.id, settings, c.var.operator);
  if (outcome.kind === "invalid") return refuseSettings(c, outcome.fields);
  return outcome.kind === "saved" ? undefined : refuseRace(c, outcome.kind);
}

function refuseSettings(c: Context, fields: FieldProblems): Response {
  return refuse(c, "invalid", `Cannot save settings: see ${Object.keys(fields).join(", ")}`, fields);
}

function refuseRace(c: Context, kind: "conflict" | "notFound"): Response {
  if (kind === "notFound") return refuseUnknown(c, "account");
  return refuse(c, "conflict", "Somebody else saved at the same moment; try again");
}

async function respondSettings({ store }: SettingsDeps, c: Context, id: string): Promise<Response> {
  const account = await store.accounts.get(id);
  return account === undefined ? refuseUnknown(c, "account") : c.json(presentSettings(account, store.now()));
}
