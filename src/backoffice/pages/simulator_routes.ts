import { type Context, Hono } from "hono";
import { chooseLocale } from "@/backoffice/language.ts";
import { copyToSimulator } from "@/backoffice/copy_to_simulator.ts";
import type { BackofficeDeps, NewPersona, Persona, SimulatorPort } from "@/backoffice/deps.ts";
import { eraseContact } from "@/backoffice/erase_contact.ts";
import { loadTimeline } from "@/backoffice/load_conversation.ts";
import { respondPage, respondRegion, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { ContactEvent } from "@/simulator/contact_event.ts";
import { conversationId, type Message } from "@/store/records.ts";
import { type SimulatorEvent, simulatorEvents, simulatorFaults } from "@views/parts/simulator_tools.ts";
import type { TimelineData } from "@views/parts/timeline.ts";
import {
  phoneRegion,
  type SimulatorData,
  simulatorPage,
  type SimulatorProblem,
  type SimulatorStep,
  simulatorSteps,
  type SimulatorView,
  traceRegion,
} from "@views/simulator.ts";

type PageContext = Context<SessionEnv>;
type Form = Readonly<Record<string, unknown>>;

/** The longest that a burst takes, and what it takes unless said otherwise. */
const maxBurstMs = 60_000;
const burstMs = 1_000;
const maxBurst = 20;
const maxTextLength = 1_000;

/** The phone on screen: sandbox only. */
export function simulatorRoutes(deps: BackofficeDeps, simulator: SimulatorPort): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  const personaOf = (psid: string | undefined): Persona | undefined =>
    psid === undefined ? simulator.personas[0] : simulator.personas.find((persona) => persona.psid === psid);
  routes.get("/", async (c) => {
    const persona = personaOf(c.req.query("persona"));
    return persona === undefined ? notFound(deps, c) : await showPhone(deps, c, {
      simulator,
      persona,
      view: c.req.query("view") === "trace" ? "trace" : "chat",
    });
  });
  for (const [region, draw] of [["phone", phoneRegion], ["trace", traceRegion]] as const) {
    routes.get(`/:persona/${region}`, async (c) => {
      const persona = personaOf(c.req.param("persona"));
      if (persona === undefined) return c.body(null, 204);
      const data = await loadPhone(deps, { simulator, persona });
      return respondRegion(c, [draw(await uiOf(deps, c, simulator.accountId), data)]);
    });
  }
  routes.post("/:persona/:what{text|burst|event}", async (c) => {
    const persona = personaOf(c.req.param("persona"));
    if (persona === undefined) return notFound(deps, c);
    const events = await readEvents(deps, { simulator, persona }, await c.req.parseBody());
    if (events.length === 0) return showPhone(deps, c, { simulator, persona, problem: "nothing" });
    await simulator.act(persona.psid, events);
    return c.redirect(phoneUrl(persona), 303);
  });
  routes.post("/from/:id", async (c) => {
    const aggregate = await deps.store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return notFound(deps, c);
    const persona = await copyToSimulator({ store: deps.store, simulator }, aggregate, chooseLocale(c));
    return c.redirect(phoneUrl(persona), 303);
  });
  routes.post("/personas", async (c) => {
    const made = readPersona(await c.req.parseBody());
    if (typeof made !== "string") return c.redirect(phoneUrl(simulator.addPersona(made)), 303);
    const persona = personaOf(undefined);
    if (persona === undefined) return notFound(deps, c);
    return showPhone(deps, c, { simulator, persona, problem: made });
  });
  routes.post("/:persona/:what{faults|clock|clear}", async (c) => {
    const persona = personaOf(c.req.param("persona"));
    if (persona === undefined) return notFound(deps, c);
    const form = await c.req.parseBody({ all: true });
    const operator = c.get("session").operator;
    const problem = await control(deps, { simulator, persona }, { what: c.req.param("what"), form, operator });
    if (problem !== undefined) return showPhone(deps, c, { simulator, persona, problem });
    return c.redirect(phoneUrl(persona), 303);
  });
  return routes;
}

function phoneUrl({ psid }: Persona): string {
  return `/admin/simulator?persona=${encodeURIComponent(psid)}`;
}

interface Control {
  readonly what: string;
  readonly form: Form;
  readonly operator: string;
}

/** What happens around the contact: a fault to come, time that goes by, a conversation that begins anew. */
async function control(
  deps: BackofficeDeps,
  { simulator, persona }: Phone,
  { what, form, operator }: Control,
): Promise<SimulatorProblem | undefined> {
  switch (what) {
    case "faults": {
      const asked = [form["fault"]].flat();
      simulator.arm(persona.psid, simulatorFaults.filter((known) => asked.includes(known)));
      return undefined;
    }
    case "clock": {
      const step = simulatorSteps.find((known) => known === form["by"]);
      return step !== undefined && await simulator.moveOn(stepMs[step]) === "tooFar" ? "tooFar" : undefined;
    }
    default: {
      const id = conversationId(simulator.accountId, persona.psid);
      return await eraseContact(deps, { id, operator }) === "waiting" ? "stillComing" : undefined;
    }
  }
}

const stepMs: Readonly<Record<SimulatorStep, number>> = { tenSeconds: 10_000, fiveMinutes: 300_000, day: 86_400_000 };

function readPersona(form: Form): NewPersona | "noName" | "badHandle" {
  const name = String(form["name"] ?? "").trim().slice(0, 80);
  const username = String(form["username"] ?? "").trim().replace(/^@/, "").toLowerCase();
  if (name === "") return "noName";
  // What Instagram takes for a handle.
  if (!/^[a-z0-9._]{0,30}$/.test(username)) return "badHandle";
  const language = form["language"] === "es" ? "es" : "en";
  return { name, language, follows: form["follows"] === "yes", ...(username === "" ? {} : { username }) };
}

interface Phone {
  readonly simulator: SimulatorPort;
  readonly persona: Persona;
  /** Default: the chat. */
  readonly view?: SimulatorView;
}

async function readEvents(
  deps: BackofficeDeps,
  phone: Phone,
  form: Form,
): Promise<readonly ContactEvent[]> {
  const lines = (value: unknown): readonly string[] =>
    String(value ?? "").split(/\r?\n/).map((line) => line.trim().slice(0, maxTextLength)).filter((line) => line !== "");
  const texts = lines(form["texts"]).slice(0, maxBurst);
  if (texts.length > 0) return [{ kind: "burst", texts, gapMs: gapOf(texts.length, form["seconds"]) }];
  const text = lines(form["text"]).join(" ");
  if (text !== "") return [{ kind: "text", text }];
  if (form["tap"] !== undefined) return await tap(deps, phone, String(form["tap"]));
  const event = simulatorEvents.find((known) => known === form["event"]);
  return event === undefined ? [] : await makeEvent(deps, phone, event);
}

/** The pause between so many texts that take so many seconds together. */
function gapOf(count: number, seconds: unknown): number {
  const asked = seconds === undefined || seconds === "" ? NaN : Number(seconds) * 1_000;
  const wholeMs = Number.isFinite(asked) ? Math.min(maxBurstMs, Math.max(0, asked)) : burstMs;
  return Math.round(wholeMs / Math.max(1, count - 1));
}

/** Only what the newest answer offers can be tapped. */
async function tap({ store }: BackofficeDeps, { simulator, persona }: Phone, title: string): Promise<ContactEvent[]> {
  const id = conversationId(simulator.accountId, persona.psid);
  const { items } = await store.messages.page(id, { limit: 50 });
  const isOffered = offering(items)?.quickReplies?.includes(title) ?? false;
  return isOffered ? [{ kind: "quickReply", title, payload: title }] : [];
}

/** The newest message, when it offers answers to tap. */
function offering(messages: readonly Message[]): Message | undefined {
  const last = messages.findLast(({ role }) => role !== "system");
  return last?.quickReplies === undefined ? undefined : last;
}

/** The event that was picked, about the newest message that it can be about; none when there is no such message. */
async function makeEvent(
  deps: BackofficeDeps,
  { simulator, persona }: Phone,
  event: SimulatorEvent,
): Promise<readonly ContactEvent[]> {
  switch (event) {
    case "image":
    case "voice":
    case "storyMention":
    case "unsupported":
      return [{ kind: event }];
    case "storyReply":
      return [{ kind: "storyReply", text: "😍" }];
    case "postback":
      return [{ kind: "postback", title: "Start", payload: "START" }];
    default: {
      const id = conversationId(simulator.accountId, persona.psid);
      const { items } = await deps.store.messages.page(id, { limit: 50 });
      return aboutMessage(items, event);
    }
  }
}

function aboutMessage(messages: readonly Message[], kind: "reaction" | "seen" | "unsend"): readonly ContactEvent[] {
  const role = kind === "unsend" ? "user" : "assistant";
  const mid = messages.findLast((message) => message.role === role && message.unsentAt === undefined)?.mid;
  if (mid === undefined) return [];
  return kind === "reaction" ? [{ kind, mid, action: "react", reaction: "love", emoji: "❤" }] : [{ kind, mid }];
}

async function showPhone(
  deps: BackofficeDeps,
  c: PageContext,
  { problem, ...phone }: Phone & { readonly problem?: SimulatorProblem },
): Promise<Response> {
  const ui = await uiOf(deps, c, phone.simulator.accountId);
  const data = await loadPhone(deps, phone);
  const body = simulatorPage(ui, { ...data, problem });
  const content = { title: ui.t("nav.simulator"), section: "simulator", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: problem === undefined ? 200 : 422, content });
}

async function loadPhone(deps: BackofficeDeps, { simulator, persona, view = "chat" }: Phone): Promise<SimulatorData> {
  const { psid } = persona;
  const id = conversationId(simulator.accountId, psid);
  const around = {
    personas: simulator.personas.map(toView),
    persona: toView(persona),
    aheadMs: simulator.aheadMs,
    faults: { armed: simulator.armed(psid), mishaps: simulator.mishaps(psid), isHolding: simulator.isHolding(psid) },
    rulesBroken: deps.rules.state().problems.length > 0,
    view,
  };
  const aggregate = await deps.store.conversations.load(id);
  const none: TimelineData = { conversationId: id, contactName: persona.name, entries: [], withActions: false };
  if (aggregate === undefined) return { ...around, phone: none, trace: none };
  const trace = { ...await loadTimeline(deps.store, aggregate, {}), earlier: undefined };
  return { ...around, conversationId: id, phone: asContactSees(trace, psid), trace };
}

function asContactSees(trace: TimelineData, psid: string): TimelineData {
  const entries = trace.entries.filter(({ kind }) => kind === "inbound" || kind === "outbound");
  const messages = entries.flatMap((entry) => "message" in entry ? [entry.message] : []);
  const tappable = offering(messages);
  const tap = tappable && { messageId: tappable.id, action: `/admin/simulator/${encodeURIComponent(psid)}/event` };
  return { ...trace, entries, withActions: false, asContact: true, tap };
}

function toView({ psid, name, username, language, follows }: Persona): SimulatorData["persona"] {
  return { id: psid, name, username, language, follows };
}
