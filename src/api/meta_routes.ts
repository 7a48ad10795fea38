/** What Meta calls when the owner of an account takes the app away, or asks for their data to be deleted. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deletionReason, removedReason, withdrawAccount } from "@/api/withdraw_account.ts";
import type { Config } from "@/config.ts";
import { type SignedRequest, verifySignedRequest } from "@/instagram/signed_request.ts";
import type { Store } from "@/store/store.ts";

export interface MetaDeps {
  readonly config: Pick<Config, "appSecrets" | "publicUrl">;
  readonly store: Pick<Store, "now" | "accounts" | "audit">;
  /** Says that there is an account to erase. */
  readonly onDeletion: () => void;
}

const maxBodyBytes = 16 * 1024;

/** The routes under `/meta`: open to all, each proved by a `signed_request` of one of the app secrets. */
export function metaRoutes(deps: MetaDeps): Hono {
  const routes = new Hono();
  routes.use(bodyLimit({ maxSize: maxBodyBytes }));
  routes.post("/deauthorize", async (c) => {
    const request = await readRequest(deps, c);
    if (request === undefined) return c.text("The signed request is not genuine", 401);
    await withdrawAccount(deps.store, { accountId: request.userId, reason: removedReason });
    return c.body(null, 200);
  });
  routes.post("/data-deletion", async (c) => {
    const request = await readRequest(deps, c);
    if (request === undefined) return c.text("The signed request is not genuine", 401);
    const code = await withdrawAccount(deps.store, { accountId: request.userId, reason: deletionReason });
    deps.onDeletion();
    const origin = deps.config.publicUrl ?? new URL(c.req.url).origin;
    return c.json({ url: `${origin}/admin/deletion/${code}`, confirmation_code: code });
  });
  return routes;
}

async function readRequest({ config }: MetaDeps, c: Context): Promise<SignedRequest | undefined> {
  const form = await c.req.parseBody().catch(() => ({}));
  const value = (form as Readonly<Record<string, unknown>>)["signed_request"];
  return typeof value === "string" ? await verifySignedRequest(value, config.appSecrets) : undefined;
}
