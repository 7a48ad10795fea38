/** Who is signed in. The cookie holds a random value; the store holds only its hash. */
import { timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { addMs } from "@/conversation/due_time.ts";
import { deviceOf } from "@/backoffice/device.ts";
import { rootName } from "@/backoffice/people.ts";
import type { Config } from "@/config.ts";
import type { Role, Session } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

const idleMs = 30 * 60_000;
const workdayMs = 12 * 3_600_000;
const keptMs = 30 * 24 * 3_600_000;

/** A session is not written anew at each request. */
const touchEveryMs = 60_000;

export interface SessionDeps {
  readonly store: Pick<Store, "sessions" | "operators" | "feed" | "now">;
  readonly config: Pick<Config, "publicUrl">;
}

/** The session of a request, put there by `requireSession`. */
/** A session, and what its operator may do at this moment. */
export type SignedIn = Session & { readonly role: Role };

export type SessionEnv = {
  Variables: {
    session: SignedIn;
    /** Number of the newest change before anything of the page was read: where its live updates begin. */
    liveFrom: number;
  };
};

/** Whether the given token is the configured one, in a time that does not depend on either. */
export async function isSameSecret(given: string, wanted: string): Promise<boolean> {
  return timingSafeEqual(await sha256(given), await sha256(wanted));
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Begins a session under a new id; whatever session the browser had before is over. */
export async function beginSession(
  deps: SessionDeps,
  c: Context,
  { operator, keep }: { operator: string; keep: boolean },
): Promise<void> {
  await endSession(deps, c);
  const value = randomText();
  const now = deps.store.now();
  const expiresAt = addMs(now, keep ? keptMs : workdayMs);
  const device = deviceOf(c.req.header("user-agent") ?? "");
  await deps.store.sessions.put({
    id: await idOf(value),
    operator,
    ...(device === undefined ? {} : { device }),
    csrfToken: randomText(),
    createdAt: now,
    seenAt: now,
    expiresAt,
  });
  const secure = isHttps(deps.config);
  setCookie(c, cookieName(deps.config), value, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    secure,
    ...(keep ? { maxAge: keptMs / 1_000 } : {}),
  });
}

/** 256 random bits. */
function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

async function idOf(cookieValue: string): Promise<string> {
  return (await sha256(cookieValue)).toHex();
}

export async function endSession(deps: SessionDeps, c: Context): Promise<void> {
  const value = getCookie(c, cookieName(deps.config));
  if (value === undefined) return;
  await deps.store.sessions.remove(await idOf(value));
  deleteCookie(c, cookieName(deps.config), { path: "/", secure: isHttps(deps.config) });
}

/** The request's session; undefined when there is none, or when it has ended. */
export async function readSession(deps: SessionDeps, c: Context): Promise<SignedIn | undefined> {
  const value = getCookie(c, cookieName(deps.config));
  const session = value === undefined ? undefined : await deps.store.sessions.get(await idOf(value));
  if (session === undefined) return undefined;
  const now = deps.store.now();
  const role = isAlive(session, now) ? await roleOf(deps, session) : undefined;
  if (role === undefined) {
    await deps.store.sessions.remove(session.id);
    return undefined;
  }
  return { ...(isPoll(c) ? session : await touch(deps, session, now)), role };
}

/** Asked anew at each request: who was removed is out at once. */
async function roleOf({ store }: SessionDeps, { operator }: Session): Promise<Role | undefined> {
  return operator === rootName ? "admin" : (await store.operators.get(operator))?.role;
}

function isAlive(session: Session, now: Date): boolean {
  const isKept = session.expiresAt.getTime() - session.createdAt.getTime() > workdayMs;
  const isIdle = !isKept && now.getTime() - session.seenAt.getTime() > idleMs;
  return !isIdle && session.expiresAt > now;
}

/** A page that refreshes by itself, or follows what changes, is nobody's presence. */
function isPoll(c: Context): boolean {
  return c.req.header("hx-ptag") !== undefined || c.req.header("accept") === "text/event-stream";
}

async function touch({ store }: SessionDeps, session: Session, now: Date): Promise<Session> {
  if (now.getTime() - session.seenAt.getTime() < touchEveryMs) return session;
  const seen = { ...session, seenAt: now };
  await store.sessions.put(seen);
  return seen;
}

/** Lets only signed-in people on; others are led to the sign-in page, and back from there. */
export function requireSession(deps: SessionDeps): MiddlewareHandler<SessionEnv> {
  return async (c, next) => {
    const session = await readSession(deps, c);
    if (session === undefined) return signInFirst(c);
    c.set("session", session);
    c.set("liveFrom", await deps.store.feed.newest());
    await next();
  };
}

function signInFirst(c: Context): Response {
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  const url = new URL(c.req.url);
  const from = isRead && c.req.header("hx-request") === undefined ? `${url.pathname}${url.search}` : "/admin/inbox";
  const target = `/admin/login?${new URLSearchParams({ next: from })}`;
  if (c.req.header("hx-request") !== undefined) return c.body(null, 401, { "hx-redirect": target });
  return c.redirect(target, 303);
}

function isHttps({ publicUrl }: Pick<Config, "publicUrl">): boolean {
  return publicUrl?.startsWith("https:") ?? false;
}

function cookieName(config: Pick<Config, "publicUrl">): string {
  return isHttps(config) ? "__Host-moca" : "moca_session";
}

/** `path` when it leads to a page of this site, else the inbox. */
export function safePath(path: string | undefined): string {
  const base = "http://moca.invalid";
  const url = path?.startsWith("/") ? URL.parse(path, base) : null;
  const isOwn = url?.origin === base && url.pathname.startsWith("/admin/") && !url.pathname.includes("//");
  return isOwn ? `${url.pathname}${url.search}${url.hash}` : "/admin/inbox";
}
