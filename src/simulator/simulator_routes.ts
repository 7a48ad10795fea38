import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { core } from "zod";
import { badDay } from "./faults.ts";
import type { PretendInstagram } from "./instagram.ts";
import { newPsid, type PretendContact } from "./personas.ts";
import {
  appMessagesSchema,
  clockSchema,
  contactSchema,
  eventsSchema,
  type FaultsRequest,
  faultsSchema,
  logQuerySchema,
  messagesSchema,
} from "./simulator_schemas.ts";

export interface SimulatorRoutesDeps {
  readonly instagram: PretendInstagram;
  /** The sandbox's time. */
  readonly time: {
    readonly aheadMs: number;
    moveOn(ms: number): Promise<"moved" | "tooFar">;
  };
}

/**
 * The pretend Instagram's controls, to be mounted at `/api/v1/simulator` by an app that has already checked who
 * asks: `POST /messages`, `/events`, `/app-messages`, `/contacts`, `/faults`, `/clock`; `GET /log`, `/contacts`,
 * `/threads/:psid`, `/clock`. What is posted has happened when the answer comes; the webhook may still be under way.
 */
export function simulatorRoutes({ instagram, time }: SimulatorRoutesDeps): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 400) return c.json(problem("bad_request", "not JSON"), 400);
    throw error;
  });
  addWriting(app, instagram);
  addReading(app, instagram);
  addClock(app, time);
  return app;
}

/** The sandbox's time: how far it is ahead, and moving it on. */
function addClock(app: Hono, time: SimulatorRoutesDeps["time"]): void {
  app.get("/clock", (c) => c.json({ aheadMs: time.aheadMs }));
  app.post("/clock", zValidator("json", clockSchema, refuse), async (c) => {
    const outcome = await time.moveOn(c.req.valid("json").ms);
    if (outcome === "tooFar") return c.json(problem("conflict", "the time can be 30 days ahead at most"), 409);
    return c.json({ aheadMs: time.aheadMs });
  });
}

function addWriting(app: Hono, instagram: PretendInstagram): void {
  app.post("/messages", zValidator("json", messagesSchema, refuse), (c) => {
    const { psid = findOrMake(c.req.valid("json").name, instagram).psid, name, texts, gapMs } = c.req.valid("json");
    if (name !== undefined) instagram.setContact(psid, { name });
    const { mids } = instagram.contactBegins(psid, { kind: "burst", texts, gapMs });
    return c.json({ psid, mids }, 202);
  });
  app.post("/events", zValidator("json", eventsSchema, refuse), (c) => {
    const { psid, delivery, ...event } = c.req.valid("json");
    const { mids } = instagram.contactBegins(psid, event, delivery);
    return c.json({ psid, mids }, 202);
  });
  app.post("/app-messages", zValidator("json", appMessagesSchema, refuse), async (c) => {
    const { psid, text } = c.req.valid("json");
    const { mids } = await instagram.appSends(psid, text);
    return c.json({ psid, mids }, 202);
  });
  app.post("/contacts", zValidator("json", contactSchema, refuse), (c) => {
    const { psid, ...changes } = c.req.valid("json");
    return c.json(instagram.setContact(psid, changes));
  });
  app.post("/faults", zValidator("json", faultsSchema, refuse), (c) => {
    plan(c.req.valid("json"), instagram);
    return c.body(null, 204);
  });
}

function addReading(app: Hono, instagram: PretendInstagram): void {
  app.get("/log", zValidator("query", logQuerySchema, refuse), (c) => {
    const { psid, after, limit } = c.req.valid("query");
    const fitting = instagram.log.filter((entry) => entry.seq > after && (psid === undefined || entry.psid === psid));
    return c.json({ items: after > 0 ? fitting.slice(0, limit) : fitting.slice(-limit) });
  });
  app.get("/contacts", (c) => c.json({ items: instagram.contacts }));
  app.get("/threads/:psid", (c) => {
    const thread = instagram.thread(c.req.param("psid"));
    return thread === undefined ? c.json(problem("not_found", "no messages with that contact"), 404) : c.json(thread);
  });
}

function plan(request: FaultsRequest, instagram: PretendInstagram): void {
  if ("fault" in request) return instagram.fail(request);
  if ("callsPerHour" in request) return instagram.limitCalls(request);
  switch (request.plan) {
    case "badDay":
      return badDay.forEach((order) => instagram.fail(order));
    case "none":
      instagram.limitCalls(undefined);
      return instagram.clearFaults();
    case "expireToken":
      return instagram.expireToken();
    case "renewToken":
      return instagram.setToken(instagram.token);
  }
}

function findOrMake(name: string | undefined, instagram: PretendInstagram): PretendContact {
  const known = instagram.contacts.find((contact) =>
    name === undefined || [contact.name, contact.username].includes(name)
  );
  return known ?? instagram.setContact(newPsid(instagram.contacts.length), { name });
}

/** An error in the shape of Moca's API. */
function problem(code: string, message: string, fields?: Readonly<Record<string, string>>): unknown {
  return { error: { code, message, ...(fields === undefined ? {} : { fields }) } };
}

type Checked = { readonly success: true } | { readonly success: false; readonly error: core.$ZodError };

function refuse(result: Checked, c: Context): Response | undefined {
  if (result.success) return undefined;
  const fields = Object.fromEntries(
    result.error.issues.map(({ path, message }) => [path.join(".") || "body", message]),
  );
  return c.json(problem("invalid", "Cannot use this request: some fields are not as wanted", fields), 422);
}
