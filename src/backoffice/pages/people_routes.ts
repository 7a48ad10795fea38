import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import {
  addOperator,
  changeRole,
  type PeopleOutcome,
  removeOperator,
  renewKey,
  revokeSession,
  roles,
} from "@/backoffice/people.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { Role } from "@/store/records.ts";
import { type PeopleData, peoplePage } from "@views/people.ts";

type PageContext = Context<SessionEnv>;

/** Who may sign in, what each may do, and who is signed in now. */
export function peopleRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", (c) => showPeople(deps, c, {}));
  routes.post("/", async (c) => {
    const { name, role } = await c.req.parseBody();
    const request = { name: String(name ?? ""), role: roleNamed(role), by: c.get("session").operator };
    return answer(deps, c, { outcome: await addOperator(deps, request), name: request.name.trim().toLowerCase() });
  });
  routes.post("/operators/:id/role", async (c) => {
    const { role } = await c.req.parseBody();
    const request = { id: c.req.param("id"), role: roleNamed(role), by: c.get("session").operator };
    return answer(deps, c, { outcome: await changeRole(deps, request), name: request.id });
  });
  routes.post("/operators/:id/key", async (c) => {
    const request = { id: c.req.param("id"), by: c.get("session").operator };
    return answer(deps, c, { outcome: await renewKey(deps, request), name: request.id });
  });
  routes.post("/operators/:id/remove", async (c) => {
    const request = { id: c.req.param("id"), by: c.get("session").operator };
    return answer(deps, c, { outcome: await removeOperator(deps, request), name: request.id });
  });
  routes.post("/sessions/:id/revoke", async (c) => {
    const request = { id: c.req.param("id"), by: c.get("session").operator };
    return answer(deps, c, { outcome: await revokeSession(deps, request), name: "" });
  });
  return routes;
}

/** The least that there is, for what no form of ours sends. */
function roleNamed(name: unknown): Role {
  return roles.find((role) => role === name) ?? "viewer";
}

/** A new key is shown in the answer itself: it is never in an address, and not kept. */
function answer(
  deps: BackofficeDeps,
  c: PageContext,
  { outcome, name }: { outcome: PeopleOutcome; name: string },
): Response | Promise<Response> {
  if (outcome.kind === "notFound") return notFound(deps, c);
  if (outcome.kind !== "done") return showPeople(deps, c, { problem: outcome.kind });
  if (outcome.key !== undefined) return showPeople(deps, c, { newKey: { name, key: outcome.key } });
  return c.redirect("/admin/people", 303);
}

async function showPeople(
  deps: BackofficeDeps,
  c: PageContext,
  { problem, newKey }: Pick<PeopleData, "problem" | "newKey">,
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const [operators, sessions] = await Promise.all([deps.store.operators.list(), deps.store.sessions.list()]);
  const data: PeopleData = { operators, sessions, ownSession: c.get("session").id, problem, newKey };
  const content = {
    title: ui.t("people.title"),
    section: "settings",
    shape: "page",
    body: peoplePage(ui, data),
  } as const;
  return respondPage(deps, c, { ui, content, status: problem === undefined ? 200 : 422 });
}
