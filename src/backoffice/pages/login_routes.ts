import { Hono } from "hono";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getConnInfo } from "hono/deno";
import { isOwnOrigin } from "@/backoffice/csrf.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { hashKey, rootName, tell } from "@/backoffice/people.ts";
import { pathOf, signedOutFrame, signedOutUi } from "@/backoffice/page.ts";
import { beginSession, endSession, isSameSecret, readSession, safePath } from "@/backoffice/session.ts";
import { type Admission, makeSignInThrottle, perName, type SignInThrottle } from "@/backoffice/signin_throttle.ts";
import { version } from "@/version.ts";
import { layout } from "@views/layout.ts";
import { type LoginData, loginPage } from "@views/login.ts";
import { duration } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** Signing in; the only page that is open to everybody. */
export function loginRoutes(deps: BackofficeDeps): Hono {
  const throttle = makeSignInThrottle(deps);
  const accounts = makeSignInThrottle(deps, perName);
  const routes = new Hono();
  routes.get("/login", async (c) => {
    const next = safePath(c.req.query("next"));
    if (await readSession(deps, c) !== undefined) return c.redirect(next, 303);
    return respondLogin(deps, c, { next });
  });
  routes.post("/login", async (c) => {
    const form = await c.req.parseBody();
    const next = safePath(text(form["next"]));
    const ui = signedOutUi(deps, c);
    const name = text(form["username"]).trim().toLowerCase().slice(0, 30) || rootName;
    const refuse = (status: ContentfulStatusCode, problem: string): Response =>
      respondLogin(deps, c, { next, name, problem, status });
    if (!isOwnOrigin(c, deps.config)) return refuse(403, ui.t("login.origin"));
    const address = addressOf(c);
    const admission = await admitBoth({ throttle, accounts }, { address, name });
    if (admission.kind === "refused") return tooManyTries(ui, c, { waitMs: admission.waitMs, refuse });
    if (!await isRightKey(deps, name, text(form["token"]).trim())) {
      await Promise.all([throttle.fail(address), accounts.fail(name)]);
      return refuse(401, ui.t("login.wrong"));
    }
    await Promise.all([throttle.succeed(address), accounts.succeed(name)]);
    await tell(deps.store, { actor: name, action: "session.begin", object: name, changes: {} });
    await beginSession(deps, c, { operator: name, keep: form["keep"] === "yes" });
    return c.redirect(next, 303);
  });
  return routes;
}

/** Signing out: needs a session and its token, as every action does. */
export function logoutRoute(deps: BackofficeDeps): (c: Context) => Promise<Response> {
  return async (c) => {
    await endSession(deps, c);
    return c.redirect("/admin/login", 303);
  };
}

/** One address may not guess for many names, nor many addresses for one name. */
async function admitBoth(
  { throttle, accounts }: { throttle: SignInThrottle; accounts: SignInThrottle },
  { address, name }: { address: string; name: string },
): Promise<Admission> {
  const first = await throttle.admit(address);
  return first.kind === "refused" ? first : await accounts.admit(name);
}

/** As long for a name that is not there as for a wrong key. */
async function isRightKey(deps: BackofficeDeps, name: string, key: string): Promise<boolean> {
  if (name === rootName) return await isSameSecret(key, deps.config.adminToken);
  const operator = await deps.store.operators.get(name);
  return await isSameSecret(await hashKey(key), operator?.keyHash ?? "") && operator !== undefined;
}

function tooManyTries(
  ui: Ui,
  c: Context,
  { waitMs, refuse }: { waitMs: number; refuse: (status: ContentfulStatusCode, problem: string) => Response },
): Response {
  c.header("retry-after", String(Math.ceil(waitMs / 1_000)));
  const wait = duration(ui, Math.max(1_000, waitMs));
  return refuse(429, ui.t("login.throttled", { wait }));
}

function respondLogin(
  deps: BackofficeDeps,
  c: Context,
  { next, name, problem, status = 200 }: Pick<LoginData, "next" | "name" | "problem"> & {
    status?: ContentfulStatusCode;
  },
): Response {
  const ui = signedOutUi(deps, c);
  const sandbox = deps.config.mode === "sandbox";
  const body = loginPage(ui, { next, name, path: pathOf(c), problem, sandbox, version });
  const page = layout(ui, signedOutFrame(deps, c), { title: ui.t("login.title"), body, shape: "page" });
  return c.html(page, status);
}

/** The peer of the connection; headers that anybody can write are not asked. */
function addressOf(c: Context): string {
  const hasConnection = (c.env as { remoteAddr?: unknown } | undefined)?.remoteAddr !== undefined;
  return hasConnection ? getConnInfo(c).remote.address ?? "unknown" : "unknown";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
