import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { join } from "node:path";
import { Hono } from "hono";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { makeMetrics, type Metrics } from "@/metrics.ts";
import type { Envelope } from "@/store/records.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { type Store, StoreUnavailableError } from "@/store/store.ts";
import { maxBodyBytes, webhookRoutes } from "@/webhook/webhook.ts";

const secret = "moca_test_secret";
const verifyToken = "a token of our own";
const noon = new Date("2026-11-24T12:00:00Z");

interface Door extends AsyncDisposable {
  readonly app: Hono;
  readonly metrics: Metrics;
  readonly clock: ManualClock;
  /** The envelopes in the store. */
  kept(): Promise<readonly Envelope[]>;
  /** Times that somebody was told of a new envelope. */
  woken(): number;
  /** Bodies that the store has been handed and has not taken yet. */
  waiting(): number;
}

/** A webhook before an empty store, which refuses when told to. */
async function open(
  options: { secrets?: string[]; token?: string; fails?: () => Error | undefined; waits?: Promise<void> } = {},
): Promise<Door> {
  const metrics = makeMetrics();
  const clock = new ManualClock(noon);
  const folder = await Deno.makeTempDir({ prefix: "moca-webhook-" });
  const store = await openSqliteStore({ path: join(folder, "moca.db"), clock });
  let woken = 0;
  let waiting = 0;
  const app = new Hono().route(
    "/webhook",
    webhookRoutes({
      config: { appSecrets: options.secrets ?? [secret], verifyToken: options.token ?? verifyToken },
      store: delaying(refusing(store, options.fails ?? (() => undefined)), options.waits, (count) => waiting += count),
      metrics,
      clock,
      onStored: () => woken += 1,
    }),
  );
  return {
    app,
    metrics,
    clock,
    kept: () => store.envelopes.list({ limit: 100 }),
    woken: () => woken,
    waiting: () => waiting,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The store, but it takes no envelope before the promise resolves. */
function delaying(
  store: Pick<Store, "envelopes" | "now">,
  waits: Promise<void> | undefined,
  count: (change: number) => void,
): Pick<Store, "envelopes" | "now"> {
  if (waits === undefined) return store;
  const accept = async (envelope: Envelope): Promise<"stored" | "duplicate"> => {
    count(1);
    await waits;
    count(-1);
    return await store.envelopes.accept(envelope);
  };
  return { envelopes: Object.create(store.envelopes, { accept: { value: accept } }), now: store.now };
}

/** The store, but for an error that comes instead of taking an envelope. */
function refusing(store: Store, fails: () => Error | undefined): Pick<Store, "envelopes" | "now"> {
  const envelopes = Object.create(store.envelopes, {
    accept: {
      value: (envelope: Envelope) => {
        const error = fails();
        return error === undefined ? store.envelopes.accept(envelope) : Promise.reject(error);
      },
    },
  });
  return { envelopes, now: store.now };
}

function sign(body: string | Uint8Array): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

async function post(door: Door, body: string, signature: string | undefined = sign(body)): Promise<Response> {
  const headers = signature === "" ? undefined : { "x-hub-signature-256": signature };
  return await door.app.request("/webhook", { method: "POST", body, headers });
}

async function counted(door: Door, outcome: string): Promise<number> {
  const { values } = await door.metrics.webhooks.get();
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
}

function handshake(door: Door, query: Record<string, string>): Response | Promise<Response> {
  const whole = { "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": "1158201444", ...query };
  return door.app.request(`/webhook?${new URLSearchParams(whole)}`);
}

Deno.test("GET /webhook answers Meta's handshake with the challenge and nothing else", async () => {
  await using door = await open();
  const response = await handshake(door, {});
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(await response.text(), "1158201444");
});

Deno.test("GET /webhook refuses a wrong token, mode or challenge, and says nothing of them", async () => {
  const queries: Record<string, string>[] = [
    { "hub.verify_token": "" },
    { "hub.verify_token": `${verifyToken}x` },
    { "hub.verify_token": verifyToken.slice(1) },
    { "hub.mode": "unsubscribe" },
    { "hub.mode": "" },
    { "hub.challenge": "" },
    { "hub.challenge": "<script>alert(1)</script>" },
    { "hub.challenge": "1\n" },
    { "hub.challenge": "1".repeat(65) },
  ];
  await using door = await open();
  for (const query of queries) {
    const response = await handshake(door, query);
    assert.deepEqual([response.status, await response.text()], [403, "Forbidden"], JSON.stringify(query));
  }
  assert.equal((await door.app.request("/webhook")).status, 403);
});

Deno.test("GET /webhook refuses every token when none is set", async () => {
  await using door = await open({ token: "" });
  assert.equal((await handshake(door, { "hub.verify_token": "" })).status, 403);
});

Deno.test("POST /webhook keeps the raw bytes under their hash before it answers 200", async () => {
  await using door = await open();
  const body = String.raw`{"object":"instagram","text":"caf\u00e9 a\/b"}`;
  const response = await post(door, body);
  assert.deepEqual([response.status, await response.text()], [200, "EVENT_RECEIVED"]);
  const [{ id, body: kept, receivedAt }] = await door.kept();
  assert.equal(id, createHash("sha256").update(body).digest("hex"));
  assert.equal(new TextDecoder().decode(kept), body);
  assert.deepEqual(receivedAt, noon);
  assert.equal(door.woken(), 1);
});

Deno.test("POST /webhook answers 200 to a repetition and keeps it once", async () => {
  await using door = await open();
  for (const _ of [1, 2, 3]) assert.equal((await post(door, "{}")).status, 200);
  assert.equal((await door.kept()).length, 1);
  assert.deepEqual([await counted(door, "stored"), await counted(door, "duplicate")], [1, 2]);
});

Deno.test("POST /webhook keeps nothing that is unsigned or wrongly signed (C4)", async () => {
  await using door = await open();
  const wrong = ["", "sha256=", sign("other"), sign("{}").toUpperCase(), `${sign("{}")}, ${sign("{}")}`];
  for (const signature of wrong) {
    const response = await post(door, "{}", signature);
    assert.deepEqual([response.status, await response.text()], [401, "Unauthorized"]);
  }
  assert.deepEqual([(await door.kept()).length, door.woken()], [0, 0]);
  assert.deepEqual([await counted(door, "unsigned"), await counted(door, "badSignature")], [4, 1]);
});

Deno.test("POST /webhook does not read a body that carries no signature", async () => {
  const endless = new ReadableStream({ pull: () => new Promise(() => undefined) });
  await using door = await open();
  assert.equal((await door.app.request("/webhook", { method: "POST", body: endless })).status, 401);
});

Deno.test("POST /webhook answers 200 to every signed body, whatever it says (C5)", async () => {
  for (const body of ["", "null", "{", "[]", "\ufeff{}", "[".repeat(100_000), '{"object":"page"}', "\0\u{1F600}"]) {
    await using door = await open();
    assert.equal((await post(door, body)).status, 200, body.slice(0, 20));
    assert.equal((await door.kept()).length, 1);
  }
});

Deno.test("POST /webhook refuses more than 8 MiB, and takes exactly 8 MiB", async () => {
  await using door = await open();
  assert.equal((await post(door, "x".repeat(maxBodyBytes))).status, 200);
  assert.equal((await post(door, "x".repeat(maxBodyBytes + 1))).status, 413);
  assert.deepEqual([(await door.kept()).length, await counted(door, "tooLarge")], [1, 1]);
});

Deno.test("POST /webhook gives a body 10 s to arrive", async () => {
  await using door = await open();
  const stalled = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
  const headers = { "x-hub-signature-256": sign("{}") };
  const answering = door.app.request("/webhook", { method: "POST", body: stalled, headers });
  door.clock.advance(10_000);
  assert.equal((await answering).status, 408);
  assert.deepEqual([(await door.kept()).length, await counted(door, "tooSlow")], [0, 1]);
});

Deno.test("POST /webhook asks Meta to try again while the store does not answer, then takes the same body", async () => {
  let isDown = true;
  await using door = await open({ fails: () => isDown ? new StoreUnavailableError("the disk is full") : undefined });
  const refused = await post(door, "{}");
  assert.deepEqual([refused.status, refused.headers.get("retry-after"), door.woken()], [503, "5", 0]);
  isDown = false;
  assert.equal((await post(door, "{}")).status, 200);
  assert.equal((await door.kept()).length, 1);
});

Deno.test("the webhook has no other methods", async () => {
  await using door = await open();
  for (const method of ["PUT", "DELETE", "PATCH"]) {
    const response = await door.app.request("/webhook", { method, body: "{}" });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, POST"]);
  }
});

Deno.test("POST /webhook answers 503 at once when 500 bodies wait for a slow store, and takes the next when it is done", async () => {
  const answered = Promise.withResolvers<void>();
  await using door = await open({ waits: answered.promise });
  const waiting = Array.from({ length: 500 }, (_, n) => post(door, `{"n":${n}}`));
  while (door.waiting() < 500) await new Promise((resolve) => setTimeout(resolve));
  const refused = await post(door, "{}");
  assert.deepEqual([refused.status, refused.headers.get("retry-after"), await counted(door, "full")], [503, "5", 1]);
  answered.resolve();
  assert.deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([200]));
  assert.equal((await post(door, "{}")).status, 200);
});
