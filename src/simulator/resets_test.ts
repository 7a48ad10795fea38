import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { makeInstagramClient, type SendAnswer } from "@/instagram/client.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";

const psid = "6170000000000101";
const accountId = "17841400000000001";

async function open(): Promise<PretendInstagram> {
  const instagram = await startInstagram({
    clock: systemClock,
    accountId,
    username: "shop",
    token: "good-token",
    appSecret: "secret",
  });
  await instagram.contactSends(psid, { kind: "text", text: "hola" });
  return instagram;
}

async function send(instagram: PretendInstagram): Promise<SendAnswer> {
  using client = makeInstagramClient({ graph: { url: instagram.url, version: "v25.0" }, clock: systemClock });
  return await client.sendText({ accountId, token: "good-token", psid, text: "hello" });
}

Deno.test("a connection that breaks at any byte of the request delivers nothing, and the sender does not know", async () => {
  await using instagram = await open();
  for (const atByte of [1, 20, 60, 120, 200, 260]) {
    instagram.cutNextRequest(atByte);
    assert.equal((await send(instagram)).kind, "unknown", `byte ${atByte}`);
  }
  assert.deepEqual(instagram.applied(), []);
});

Deno.test("an answer that breaks at any byte was applied, and the sender does not know", async () => {
  await using instagram = await open();
  const bytes = [0, 1, 10, 40, 80, 1_000];
  for (const atByte of bytes) {
    instagram.fail({ fault: "cutBody", atByte });
    assert.equal((await send(instagram)).kind, "unknown", `byte ${atByte}`);
  }
  assert.equal(instagram.applied().length, bytes.length);
});

Deno.test("a pause that Instagram asks for is read from its answer, in seconds or as a date", async () => {
  await using instagram = await open();
  const date = new Date(Date.now() + 90_000).toUTCString();
  const waits: number[] = [];
  for (const retryAfter of ["7", date]) {
    instagram.fail({ fault: "code613", retryAfter });
    const answer = await send(instagram);
    waits.push(answer.kind === "throttled" ? answer.retryAfterMs ?? 0 : 0);
  }
  assert.equal(waits[0], 7_000);
  assert.ok(waits[1]! > 80_000 && waits[1]! < 95_000, `${waits[1]} ms`);
});
