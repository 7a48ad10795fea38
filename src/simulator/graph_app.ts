import { type Context, Hono } from "hono";
import type { Exchange, Handled } from "./exchange.ts";
import { badParameter, type GraphAnswer } from "./graph_error.ts";
import type { GraphCall } from "./logs.ts";
import { readAccount, type ReadContext, readConversations, readObject } from "./reads.ts";
import { readSendRequest, type SendRequest, unknownPath } from "./send_request.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Tokens } from "./tokens.ts";
import type { World } from "./world.ts";

export interface GraphAppOptions {
  readonly account: { readonly id: string; readonly username: string };
  readonly world: World;
  readonly tokens: Tokens;
  readonly subscriptions: Subscriptions;
  readonly exchange: Exchange;
  readonly now: () => Date;
  /** How far reading lags behind sending, in milliseconds. */
  readonly readLagMs: () => number;
}

/** What the server hands to each request. */
export interface GraphEnv {
  readonly Bindings: { readonly drop: () => void };
}

type Endpoint = (c: Context<GraphEnv>) => Handled | Promise<Handled>;

const version = "/:version{v[0-9]+\\.[0-9]+}";
const wrongNode = answered("unknown", { error: badParameter("Unsupported request - method type") });

/** The endpoints of the Graph API that a messaging app uses, as Meta documents them. */
export function graphApp(options: GraphAppOptions): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();
  const on = (endpoint: Endpoint) => (c: Context<GraphEnv>): Promise<Response> =>
    options.exchange.answer(c.req.raw, c.env.drop, () => endpoint(c));
  const own = (endpoint: Endpoint): Endpoint => (c) => owns(c, options) ? endpoint(c) : wrongNode;
  const refresh = on((c) =>
    run("refresh", () => options.tokens.refresh(queryOf(c).get("access_token") ?? "", options.now()))
  );
  app.get("/refresh_access_token", refresh);
  app.get(`${version}/refresh_access_token`, refresh);
  app.post(`${version}/:id/messages`, on(own((c) => send(c, options))));
  app.get(`${version}/:id/subscribed_apps`, on(own(() => subscription(() => options.subscriptions.list()))));
  app.post(`${version}/:id/subscribed_apps`, on(own((c) => subscribe(c, options))));
  app.delete(`${version}/:id/subscribed_apps`, on(own(() => subscription(() => options.subscriptions.unsubscribe()))));
  app.get(`${version}/:id/conversations`, on(own((c) => conversations(c, options))));
  app.get(`${version}/:id`, on((c) => object(c, options)));
  app.notFound(on(() => answered("unknown", { error: unknownPath })));
  return app;
}

async function send(c: Context<GraphEnv>, options: GraphAppOptions): Promise<Handled> {
  return handledSend(readSendRequest(await jsonOf(c), options.world, options.now()));
}

function handledSend(request: SendRequest): Handled {
  const { kind, psid } = request;
  switch (kind) {
    case "action":
      return { ...answered("senderAction", { body: { recipient_id: psid } }), psid };
    case "refused":
      return { ...answered("send", { error: request.error }), psid, text: request.text, tag: request.tag };
    case "message": {
      const { message } = request;
      return { call: "send", psid, text: message.text, tag: message.tag, outcome: { kind, psid, message } };
    }
  }
}

async function subscribe(c: Context<GraphEnv>, { subscriptions }: GraphAppOptions): Promise<Handled> {
  const asked = queryOf(c).get("subscribed_fields")?.split(",") ?? fieldsIn(await jsonOf(c));
  return subscription(() => subscriptions.subscribe(asked));
}

function fieldsIn(body: unknown): readonly string[] {
  const fields = typeof body === "object" && body !== null && "subscribed_fields" in body ? body.subscribed_fields : [];
  return Array.isArray(fields) ? fields.map(String) : String(fields).split(",");
}

function conversations(c: Context<GraphEnv>, options: GraphAppOptions): Handled {
  const psid = queryOf(c).get("user_id") ?? undefined;
  return { ...answered("conversations", readConversations(readContext(options), new URL(c.req.url))), psid };
}

function object(c: Context<GraphEnv>, options: GraphAppOptions): Handled {
  const id = c.req.param("id") ?? "";
  if (owns(c, options)) return answered("account", readAccount(readContext(options), queryOf(c)));
  const answer = readObject(id, readContext(options), queryOf(c));
  return { ...answered(callOf(id, options.world), answer), psid: options.world.contact(id)?.psid };
}

function callOf(id: string, world: World): GraphCall {
  if (world.contact(id) !== undefined) return "profile";
  return world.threads.some((thread) => thread.id === id) ? "conversation" : "message";
}

function readContext({ world, account, now, readLagMs }: GraphAppOptions): ReadContext {
  return { world, account, visibleUntil: new Date(now().getTime() - readLagMs()) };
}

function owns(c: Context<GraphEnv>, { account }: GraphAppOptions): boolean {
  const id = c.req.param("id");
  return id === "me" || id === account.id;
}

function answered(call: GraphCall, answer: GraphAnswer): Handled {
  return { call, outcome: { kind: "answer", answer } };
}

function run(call: GraphCall, effect: () => GraphAnswer): Handled {
  return { call, outcome: { kind: "run", run: effect } };
}

function subscription(effect: () => GraphAnswer): Handled {
  return run("subscription", effect);
}

function queryOf(c: Context<GraphEnv>): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

async function jsonOf(c: Context<GraphEnv>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined;
  }
}
