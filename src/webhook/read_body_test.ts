import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type BodyRead, readBody } from "@/webhook/read_body.ts";

type Source = UnderlyingDefaultSource<Uint8Array<ArrayBuffer>>;

const encoder = new TextEncoder();

function post(body: BodyInit | undefined, headers: Record<string, string> = {}): Request {
  return new Request("http://moca.test/webhook", { method: "POST", body, headers });
}

function streamed(source: Source, headers: Record<string, string> = {}): Request {
  return post(new ReadableStream(source), headers);
}

function read(request: Request, clock = new ManualClock()): Promise<BodyRead> {
  return readBody(request, { maxBytes: 10, deadlineMs: 1_000, clock });
}

Deno.test("readBody() joins what comes in pieces", async () => {
  const pieces = ["ab", "", "cde"].map((piece) => encoder.encode(piece));
  const got = await read(streamed({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  }));
  assert.deepEqual(got, { kind: "read", bytes: encoder.encode("abcde") });
});

Deno.test("readBody() reads a request without a body as empty", async () => {
  assert.deepEqual(await read(post(undefined)), { kind: "read", bytes: new Uint8Array() });
});

Deno.test("readBody() takes exactly as many bytes as allowed", async () => {
  assert.equal((await read(post("x".repeat(10)))).kind, "read");
  assert.equal((await read(post("x".repeat(11)))).kind, "tooLarge");
});

Deno.test("readBody() refuses a body that is announced as too large without reading it", async () => {
  let pulls = 0;
  const source: Source = { pull: () => void (pulls += 1) };
  const request = post(new ReadableStream(source, { highWaterMark: 0 }), { "content-length": "11" });
  assert.deepEqual(await read(request), { kind: "tooLarge" });
  assert.equal(pulls, 0);
});

Deno.test("readBody() counts for itself when the length is not told, or told wrong, and stops reading", async () => {
  const told: Record<string, string>[] = [{}, { "content-length": "3" }, { "content-length": "x" }];
  for (const headers of told) {
    let cancelled = false;
    const endless: Source = {
      pull: (controller) => controller.enqueue(encoder.encode("xxxx")),
      cancel: () => void (cancelled = true),
    };
    assert.deepEqual(await read(streamed(endless, headers)), { kind: "tooLarge" });
    assert.equal(cancelled, true);
  }
});

Deno.test("readBody() gives up on a body that does not end before the deadline", async () => {
  const clock = new ManualClock();
  let cancelled = false;
  const stalled: Source = {
    start: (controller) => controller.enqueue(encoder.encode("x")),
    cancel: () => void (cancelled = true),
  };
  const reading = read(streamed(stalled), clock);
  clock.advance(1_000);
  assert.deepEqual(await reading, { kind: "tooSlow" });
  assert.equal(cancelled, true);
});

Deno.test("readBody() says so when the client goes away", async () => {
  const lost: Source = { pull: (controller) => controller.error(new Error("connection reset")) };
  assert.deepEqual(await read(streamed(lost)), { kind: "broken" });
});
