import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { type Json, presentAccount } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import type { Account } from "@/store/records.ts";

const connectBody = z.strictObject({ token: z.string() });

type AccountDeps = Pick<ApiDeps, "store" | "actions">;

/** `GET /accounts`: each account's state, its token's days, its pace. `POST`: another one, by its access token. */
export function accountRoutes(deps: AccountDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", async (c) => {
    const accounts = await deps.store.accounts.list();
    return c.json({ items: await Promise.all(accounts.map((account) => present(account, deps))) });
  });
  routes.post(
    "/",
    zValidator("json", connectBody, refuseInvalid),
    (c) => connect(c, c.req.valid("json").token, deps),
  );
  routes.post("/:id/resume", async (c) => {
    const outcome = await deps.actions.resumeAccount(c.req.param("id"), c.var.operator);
    if (outcome === "notFound") return refuseUnknown(c, "account");
    if (outcome === "conflict") return refuse(c, "conflict", "Somebody else saved at the same moment; try again");
    if (outcome === "notPaused") return refuse(c, "conflict", "Cannot resume the account: it is not paused");
    const account = await deps.store.accounts.get(c.req.param("id"));
    return account === undefined ? refuseUnknown(c, "account") : c.json(await present(account, deps));
  });
  return routes;
}

async function connect(c: Context<ApiEnv>, token: string, deps: AccountDeps): Promise<Response> {
  const outcome = await deps.actions.connectAccount(token, c.var.operator);
  switch (outcome.kind) {
    case "connected":
      return c.json(await present(outcome.account, deps), 201);
    case "invalid":
      return refuse(c, "invalid", `Cannot connect the account: ${outcome.reason}`, { token: outcome.reason });
    case "unknown":
      return refuse(c, "unavailable", `Cannot connect the account: ${outcome.reason}`);
    case "conflict":
      return refuse(c, "conflict", "Somebody else saved at the same moment; try again");
  }
}

async function present(account: Account, { store }: AccountDeps): Promise<Json> {
  const [limit, swept] = await Promise.all([
    store.limits.get(account.id),
    store.limits.get(`${account.id}:backfill`),
  ]);
  return presentAccount(account, { limit, sweep: swept?.reading, now: store.now() });
}
