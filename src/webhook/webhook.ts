import { createHash, timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { getLogger } from "@/log.ts";
import type { Metrics } from "@/metrics.ts";
import { type Store, StoreUnavailableError } from "@/store/store.ts";
import { Admission } from "@/webhook/admission.ts";
import { readBody } from "@/webhook/read_body.ts";
import { makeSignatureVerifier, readSignature } from "@/webhook/verify_signature.ts";

/** Room for Meta's 1,000 updates a request, and below MongoDB's 16 MiB a document. */
export const maxBodyBytes = 8 * 1024 * 1024;

export const bodyDeadlineMs = 10_000;

/** How soon Meta may try again when the store does not answer. */
const retryAfterSeconds = 5;

const warningIntervalMs = 60_000;

export interface WebhookDeps {
  readonly config: Pick<Config, "appSecrets" | "verifyToken">;
  readonly store: Pick<Store, "envelopes" | "now">;
  readonly metrics: Metrics;
  /** Drives the deadline of a body. */
  readonly clock: Clock;
  /** Called after an envelope is durably stored, before Meta is answered. Must not throw. */
  readonly onStored: () => void;
  /** Called when somebody who knows the verify token shook hands. Must not throw. */
  readonly onVerified?: () => void;
}

/** How a webhook request ends; the label of its metric. */
type Outcome =
  | "stored"
  | "duplicate"
  | "unsigned"
  | "badSignature"
  | "tooLarge"
  | "tooSlow"
  | "broken"
  | "unavailable"
  | "full";

/**
 * Meta's webhook: the handshake, and the door that every message comes through. A request is verified over its
 * raw bytes, kept in one durable write, and only then answered with 200; nothing is read out of it before.
 */
export function webhookRoutes(deps: WebhookDeps): Hono {
  const accept = makeAcceptor(deps);
  const warnOfSignature = makeSignatureWarning(deps.clock);
  const routes = new Hono();
  routes.get("/", (c) => answerHandshake(c, deps));
  routes.post("/", async (c) => {
    const startedAt = performance.now();
    const outcome = await accept(c.req.raw);
    if (outcome === "badSignature") warnOfSignature();
    deps.metrics.webhooks.inc({ outcome });
    deps.metrics.webhookSeconds.observe((performance.now() - startedAt) / 1_000);
    return answer(c, outcome);
  });
  routes.all("/", (c) => c.text("Method not allowed", 405, { Allow: "GET, POST" }));
  return routes;
}

/** Echoes the challenge to whoever knows the verify token. The challenge is the caller's: bounded, never HTML. */
function answerHandshake(c: Context, { config: { verifyToken }, onVerified }: WebhookDeps): Response {
  const challenge = c.req.query("hub.challenge") ?? "";
  const isSubscribe = c.req.query("hub.mode") === "subscribe";
  const isKnown = verifyToken !== "" && isSameSecret(c.req.query("hub.verify_token") ?? "", verifyToken);
  if (!isSubscribe || !isKnown || !/^[A-Za-z0-9_-]{1,64}$/.test(challenge)) return c.text("Forbidden", 403);
  onVerified?.();
  return c.text(challenge, 200, { "X-Content-Type-Options": "nosniff" });
}

/** Compares in a time that tells nothing of where the two differ, nor of their lengths. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function makeAcceptor({ config, store, clock, onStored }: WebhookDeps): (request: Request) => Promise<Outcome> {
  const verify = makeSignatureVerifier(config.appSecrets);
  const admission = new Admission();
  return async (request) => {
    const header = request.headers.get("x-hub-signature-256") ?? undefined;
    if (readSignature(header) === undefined) return "unsigned";
    const read = await readBody(request, { maxBytes: maxBodyBytes, deadlineMs: bodyDeadlineMs, clock });
    if (read.kind !== "read") return read.kind;
    if (!await verify(read.bytes, header)) return "badSignature";
    const outcome = await admission.admit(read.bytes.byteLength, () => keep(store, read.bytes));
    if (outcome === "stored") onStored();
    return outcome;
  };
}

/** A wrong app secret loses every message, so it must be loud; a forger must not be able to fill the log. */
function makeSignatureWarning(clock: Clock): () => void {
  let quietUntil = 0;
  return () => {
    const now = clock.now().getTime();
    if (now < quietUntil) return;
    quietUntil = now + warningIntervalMs;
    getLogger("webhook").warning("a webhook was signed with none of the app secrets: check META_APP_SECRET");
  };
}

async function keep(store: WebhookDeps["store"], body: Uint8Array<ArrayBuffer>): Promise<Outcome> {
  const id = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
  try {
    return await store.envelopes.accept({ id, body, receivedAt: store.now() });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    getLogger("webhook").error("the store did not take an envelope, Meta is asked to try again: {error}", { error });
    return "unavailable";
  }
}

function answer(c: Context, outcome: Outcome): Response {
  switch (outcome) {
    case "stored":
    case "duplicate":
      return c.text("EVENT_RECEIVED");
    case "unsigned":
    case "badSignature":
      return c.text("Unauthorized", 401);
    case "tooLarge":
      getLogger("webhook").error("a webhook body was refused: more than {maxBodyBytes} bytes", { maxBodyBytes });
      return c.text("Payload too large", 413);
    case "tooSlow":
      return c.text("Request timeout", 408);
    case "broken":
      return c.text("Bad request", 400);
    case "unavailable":
    case "full":
      return c.text("Service unavailable", 503, { "Retry-After": String(retryAfterSeconds) });
  }
}
