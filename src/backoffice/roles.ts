/** Who of the team may do what. One table for pages and API, so that neither is the way around the other. */
import type { Role } from "@/store/records.ts";

interface Asked {
  readonly method: string;
  /** From the root, e.g. `/admin/settings`. */
  readonly path: string;
}

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export function isSafeMethod(method: string): boolean {
  return safeMethods.has(method);
}

/** Only for admins, reading included: settings, what the agent may rely on, people, who did what. */
const adminPages = /^\/admin\/(?:settings|knowledge|people|audit|doctor)(?:\/|$)/;

/** What concerns nobody but who asks. */
const own = /^\/admin\/(?:logout|display|inbox\/views(?:\/remove)?)$/;

/** What an agent may read but not change, by page or by API; trying a text on the rules changes nothing. */
const adminChanges = /^\/(?:admin|api\/v1)\/(?:settings|knowledge|rules|accounts)(?:\/(?!test$)|$)/;

const erasure = /^\/(?:api\/v1\/contacts\/[^/]+|admin\/inbox\/[^/]+\/erase)$/;

/** All that is known of a contact in one file: for who may also act on it. */
const exported = /^\/api\/v1\/contacts\/[^/]+\/export$/;

/** Whether the role may ask for this; CSRF and the like are looked at elsewhere. */
export function isAllowed(role: Role, asked: Asked): boolean {
  if (role === "admin" || own.test(asked.path)) return true;
  if (adminPages.test(asked.path)) return false;
  if (isSafeMethod(asked.method)) {
    return !asked.path.endsWith("/erase") && !(role === "viewer" && exported.test(asked.path));
  }
  return role === "agent" && !adminChanges.test(asked.path) && !isErasure(asked);
}

function isErasure({ method, path }: Asked): boolean {
  return erasure.test(path) && (method === "DELETE" || path.startsWith("/admin/"));
}
