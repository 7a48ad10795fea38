/** The JSON API for programs. One guard at its root, so that no route is open by mistake. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { accountRoutes } from "@/api/account_routes.ts";
import { cannedRoutes } from "@/api/canned_routes.ts";
import { contactRoutes } from "@/api/contact_routes.ts";
import { conversationRoutes } from "@/api/conversation_routes.ts";
import { draftRoutes } from "@/api/draft_routes.ts";
import { envelopeRoutes } from "@/api/envelope_routes.ts";
import { streamEvents } from "@/api/event_stream.ts";
import { type ApiEnv, requireJson, requireOperator } from "@/api/guard.ts";
import type { LiveFeed } from "@/api/live_feed.ts";
import { instanceRoutes } from "@/api/instance_routes.ts";
import { knowledgeRoutes } from "@/api/knowledge_routes.ts";
import { messageRoutes } from "@/api/message_routes.ts";
import { outboundRoutes } from "@/api/outbound_routes.ts";
import { refuse, refuseError, refuseUnknown } from "@/api/refuse.ts";
import { rewindRoutes } from "@/api/rewind_routes.ts";
import { ruleRoutes } from "@/api/rule_routes.ts";
import { settingsRoutes } from "@/api/settings_routes.ts";
import { turnRoutes } from "@/api/turn_routes.ts";
import type { OperatorActions } from "@/backoffice/operator_actions.ts";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { RewindJobs } from "@/rules/rewind/rewind_jobs.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import type { Store } from "@/store/store.ts";

export interface ApiDeps {
  readonly config: Pick<Config, "adminToken" | "publicUrl">;
  readonly store: Store;
  readonly clock: Clock;
  readonly actions: OperatorActions;
  readonly rules: Pick<RuleBook, "state" | "current">;
  readonly rewinds: RewindJobs;
  /** Ends the live updates: the process is stopping. */
  readonly stopping: AbortSignal;
  /** What live updates are made of. */
  readonly live: LiveFeed;
  /** Only in the sandbox. */
  readonly simulator?: Hono;
}

/** The knowledge alone may have 200,000 characters. */
const maxBodyBytes = 2 * 1024 * 1024;

/** The routes under `/api/v1`. */
export function apiRoutes(deps: ApiDeps): Hono {
  const api = new Hono<ApiEnv>();
  api.onError(refuseError);
  api.use("*", async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
  });
  api.use("*", requireOperator(deps));
  api.use("*", bodyLimit({ maxSize: maxBodyBytes, onError: (c) => refuse(c, "too_large", "The body is too large") }));
  api.use("*", requireJson);
  api.route("/conversations", conversationRoutes(deps));
  api.route("/conversations", messageRoutes(deps));
  api.route("/", draftRoutes(deps));
  api.route("/", turnRoutes(deps));
  api.route("/outbound", outboundRoutes(deps));
  api.route("/contacts", contactRoutes(deps));
  api.route("/accounts", accountRoutes(deps));
  api.route("/settings", settingsRoutes(deps));
  api.route("/rules/rewind", rewindRoutes(deps));
  api.route("/knowledge", knowledgeRoutes(deps));
  api.route("/canned-replies", cannedRoutes(deps));
  api.route("/rules", ruleRoutes(deps));
  api.route("/instances", instanceRoutes(deps));
  api.route("/envelopes", envelopeRoutes(deps));
  api.get("/events", (c) => streamEvents(c, deps));
  if (deps.simulator !== undefined) api.route("/simulator", deps.simulator);
  api.all("*", (c) => refuseUnknown(c, "route"));
  const root = new Hono();
  root.route("/", api);
  return root;
}
