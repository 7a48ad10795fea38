import assert from "node:assert/strict";
import { adminToken, type ApiFixture, conversation, hear, openApi } from "@/api/testing.ts";
import { textEvent } from "@/conversation/testing.ts";

class Listener {
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #left: AbortController;
  #text = "";

  constructor(body: ReadableStream<Uint8Array>, left: AbortController) {
    this.#reader = body.getReader();
    this.#left = left;
  }

  /** The next block; undefined when the stream has ended. */
  async next(): Promise<string | undefined> {
    while (!this.#text.includes("\n\n")) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += new TextDecoder().decode(value);
    }
    const end = this.#text.indexOf("\n\n");
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return block;
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.#reader.cancel();
  }
}

async function listen(fixture: ApiFixture, lastEventId?: string): Promise<Listener> {
  const left = new AbortController();
  const replay: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const headers = { "x-admin-token": adminToken, ...replay };
  const response = await fixture.api.request("/events", { headers, signal: left.signal });
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.ok(response.body !== null);
  const listener = new Listener(response.body, left);
  assert.equal(await listener.next(), ": connected");
  return listener;
}

function idOf(block: string | undefined): string {
  return block?.match(/^id: (.*)$/m)?.[1] ?? "";
}

/** Lets the stream come to rest, then a second go by. */
async function second(fixture: ApiFixture): Promise<void> {
  await fixture.clock.rest();
  fixture.clock.advance(1_000);
}

Deno.test("GET /events tells of a conversation that changed, within a second, once", async () => {
  await using fixture = await openApi();
  const listener = await listen(fixture);
  await hear(fixture.store, textEvent("m1"));
  await second(fixture);
  const block = await listener.next() ?? "";
  assert.match(block, /^event: conversation$/m);
  assert.match(block, new RegExp(`^data: {"id":"${conversation}","updatedAt":"[^"]+"}$`, "m"));
  assert.equal(idOf(block), "1");
  await hear(fixture.store, textEvent("m2", { psid: "6002" }));
  await second(fixture);
  assert.match(await listener.next() ?? "", /_6002"/);
  await listener.leave();
});

Deno.test("GET /events tells at once when it is poked", async () => {
  await using fixture = await openApi();
  const listener = await listen(fixture);
  await fixture.clock.rest();
  await hear(fixture.store, textEvent("m1"));
  fixture.deps.live.poke();
  assert.match(await listener.next() ?? "", /_6001"/);
  await listener.leave();
});

Deno.test("GET /events takes up right after the last event that was seen", async () => {
  await using fixture = await openApi();
  const first = await listen(fixture);
  await hear(fixture.store, textEvent("m1"));
  await second(fixture);
  const lastId = idOf(await first.next());
  await first.leave();
  for (const psid of ["6002", "6003"]) await hear(fixture.store, textEvent(`m-${psid}`, { psid }));
  fixture.clock.advance(60_000);
  const again = await listen(fixture, lastId);
  const blocks = [await again.next(), await again.next()];
  assert.deepEqual(blocks.map(idOf), ["2", "3"]);
  assert.match(blocks[0] ?? "", /_6002"/);
  await again.leave();
});

Deno.test("GET /events tells once of a conversation that changed several times", async () => {
  await using fixture = await openApi();
  for (const mid of ["m1", "m2"]) await hear(fixture.store, textEvent(mid));
  await hear(fixture.store, textEvent("m3", { psid: "6002" }));
  const listener = await listen(fixture, "0");
  assert.deepEqual([idOf(await listener.next()), idOf(await listener.next())], ["2", "3"]);
  await listener.leave();
});

Deno.test("GET /events says that everything must be loaded again when it cannot tell what was missed", async () => {
  await using fixture = await openApi();
  await hear(fixture.store, textEvent("m1"));
  fixture.clock.advance(7_200_000);
  for (const mid of ["m2", "m3"]) await hear(fixture.store, textEvent(mid));
  await fixture.store.feed.removeBefore(fixture.store.now());
  for (const lastId of ["0", "99", "1700000000000-somebody"]) {
    const listener = await listen(fixture, lastId);
    assert.match(await listener.next() ?? "", /^event: reset\ndata: {}\nid: 3$/m);
    await listener.leave();
  }
});

Deno.test("GET /events says that everything must be loaded again when a contact was erased", async () => {
  await using fixture = await openApi();
  await hear(fixture.store, textEvent("m1"));
  const listener = await listen(fixture);
  await fixture.store.conversations.erase(conversation);
  await second(fixture);
  assert.match(await listener.next() ?? "", /^event: reset$/m);
  await listener.leave();
});

Deno.test("GET /events says every 20 s that it is still there", async () => {
  await using fixture = await openApi();
  const listener = await listen(fixture);
  for (let n = 0; n < 20; n += 1) await second(fixture);
  assert.equal(await listener.next(), ": still here");
  await listener.leave();
});

Deno.test("GET /events ends when the process stops", async () => {
  const stopping = new AbortController();
  await using fixture = await openApi({ stopping: stopping.signal });
  const listener = await listen(fixture);
  stopping.abort();
  assert.equal(await listener.next(), undefined);
});
