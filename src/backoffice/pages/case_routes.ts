import { Hono } from "hono";
import type { BackofficeDeps, SimulatorPort } from "@/backoffice/deps.ts";
import { respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { PageContext } from "@/backoffice/show_conversation.ts";
import type { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import { makeSteps, maxSteps } from "@/simulator/cases/make_case.ts";
import { conversationId, type Simulation } from "@/store/records.ts";
import { caseRun, type CasesData, casesPage } from "@views/cases.ts";

/** Cases of one account. */
const maxCases = 100;

/** Messages of a conversation that a case can be made of, newest first. */
const maxMessages = 200;

interface CaseDeps extends BackofficeDeps {
  readonly phone: SimulatorPort;
  readonly jobs: CaseJobs;
}

/** Conversations of the simulator, kept with what must come of them: sandbox only. */
export function caseRoutes(deps: CaseDeps): Hono<SessionEnv> {
  const { store, phone, jobs } = deps;
  const routes = new Hono<SessionEnv>();
  routes.get("/", (c) => show(deps, c, { personaId: c.req.query("persona") }));
  routes.post("/", async (c) => {
    const form = await c.req.parseBody();
    const psid = String(form["persona"] ?? "");
    const made = await makeCase(deps, {
      psid,
      name: String(form["name"] ?? "").trim().slice(0, 80),
      withWords: form["words"] === "yes",
      operator: c.get("session").operator,
    });
    if (typeof made === "string") return show(deps, c, { personaId: psid, problem: made });
    await store.simulations.put(made);
    return c.redirect(`/admin/simulator/cases?persona=${encodeURIComponent(psid)}`, 303);
  });
  routes.post("/run", async (c) => {
    const { id } = await c.req.parseBody();
    const cases = await store.simulations.list(phone.accountId);
    const chosen = id === undefined ? cases : cases.filter((one) => one.id === id);
    if (chosen.length === 0) return notFound(deps, c);
    if (jobs.start(chosen) === "busy") return show(deps, c, { problem: "busy" });
    return c.redirect("/admin/simulator/cases#run", 303);
  });
  routes.get("/run", async (c) => {
    const ui = await uiOf(deps, c, phone.accountId);
    return respondRegion(c, [caseRun(ui, jobs.last)]);
  });
  routes.post("/cancel", (c) => {
    jobs.cancel();
    return c.redirect("/admin/simulator/cases#run", 303);
  });
  routes.post("/:id/remove", async (c) => {
    const cases = await store.simulations.list(phone.accountId);
    const known = cases.find(({ id }) => id === c.req.param("id"));
    if (known === undefined) return notFound(deps, c);
    await store.simulations.remove(known.id);
    return c.redirect("/admin/simulator/cases", 303);
  });
  return routes;
}

interface CaseWish {
  readonly psid: string;
  readonly name: string;
  readonly withWords: boolean;
  readonly operator: string;
}

async function makeCase(
  { store, phone }: CaseDeps,
  { psid, name, withWords, operator }: CaseWish,
): Promise<Simulation | NonNullable<CasesData["problem"]>> {
  const { accountId } = phone;
  if (name === "") return "noName";
  if ((await store.simulations.list(accountId)).length >= maxCases) return "tooMany";
  const id = conversationId(accountId, psid);
  const aggregate = await store.conversations.load(id);
  if (aggregate === undefined) return "noTurns";
  const turns = await store.turns.list(id, { limit: maxSteps });
  const { items } = await store.messages.page(id, { limit: maxMessages });
  const steps = makeSteps({ turns, messages: items, mishaps: phone.mishaps(psid) }, { withWords });
  if (steps.length === 0) return "noTurns";
  const { name: contactName, username } = aggregate.contact;
  const contact = { ...(contactName && { name: contactName }), ...(username && { username }) };
  return { id: crypto.randomUUID(), accountId, name, contact, steps, savedAt: store.now(), savedBy: operator };
}

async function show(
  deps: CaseDeps,
  c: PageContext,
  { personaId, problem }: Pick<CasesData, "problem"> & { readonly personaId?: string },
): Promise<Response> {
  const { store, jobs, phone: { personas, accountId } } = deps;
  const persona = personas.find(({ psid }) => psid === personaId) ?? personas[0];
  if (persona === undefined) return notFound(deps, c);
  const ui = await uiOf(deps, c, accountId);
  const body = casesPage(ui, {
    problem,
    job: jobs.last,
    personas: personas.map(({ psid, name }) => ({ id: psid, name })),
    personaId: persona.psid,
    cases: await store.simulations.list(accountId),
  });
  const content = { title: ui.t("cases.title"), section: "simulator", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: problem === undefined ? 200 : problem === "busy" ? 409 : 422, content });
}
