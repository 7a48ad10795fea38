import type { Context } from "hono";
import { getConnInfo } from "hono/deno";
import { isSameSecret } from "@/backoffice/session.ts";
import { makeSignInThrottle } from "@/backoffice/signin_throttle.ts";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { Store } from "@/store/store.ts";

export interface AdminTokenDeps {
  readonly config: Pick<Config, "adminToken">;
  readonly store: Pick<Store, "limits" | "now">;
  readonly clock: Pick<Clock, "wait">;
}

/** What the header `x-admin-token` says. `refused`: too many wrong ones came from there; this one was not looked at. */
export type TokenCheck =
  | { readonly kind: "absent" | "right" | "wrong" }
  | { readonly kind: "refused"; readonly waitMs: number };

/**
 * Judges the request's admin token. Wrong ones are held back per address, in the store, as at the sign-in; an
 * address that never sent a wrong one is not slowed down.
 */
export async function checkAdminToken(deps: AdminTokenDeps, c: Context): Promise<TokenCheck> {
  const given = c.req.header("x-admin-token");
  if (given === undefined) return { kind: "absent" };
  const address = `api:${addressOf(c)}`;
  const throttle = makeSignInThrottle(deps);
  const hasFailed = ((await deps.store.limits.get(`signin:${address}`))?.strikes ?? 0) > 0;
  const admission = hasFailed ? await throttle.admit(address) : { kind: "admitted" } as const;
  if (admission.kind === "refused") return admission;
  if (!await isSameSecret(given, deps.config.adminToken)) {
    await throttle.fail(address);
    return { kind: "wrong" };
  }
  if (hasFailed) await throttle.succeed(address);
  return { kind: "right" };
}

/** The peer of the connection; headers that anybody can write are not asked. */
function addressOf(c: Context): string {
  const hasConnection = (c.env as { remoteAddr?: unknown } | undefined)?.remoteAddr !== undefined;
  return hasConnection ? getConnInfo(c).remote.address ?? "unknown" : "unknown";
}
