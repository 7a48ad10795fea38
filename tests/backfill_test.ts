/** Messages that no webhook ever delivered are found in the threads, and answered as if one had. */
import assert from "node:assert/strict";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const minute = 60_000;

async function history(test: TestMoca, psid: string): Promise<Json[]> {
  return (await test.get(`/conversations/${test.conversation(psid)}/messages?limit=100`)).items;
}

async function turns(test: TestMoca, psid: string): Promise<Json[]> {
  return (await test.get(`/conversations/${test.conversation(psid)}/turns`)).items;
}

/** The webhook of these is lost for good. */
const lost = { held: true } as const;

Deno.test("a message whose webhook is lost is found within minutes, marked as found, and answered once (C2, C6)", async () => {
  await using test = await TestMoca.start();
  await test.pass(minute, 5_000);
  await test.instagram.contactSends(ana, { kind: "text", text: "hola, precio?" }, lost);
  await test.pass(25 * minute, 15_000);
  const items = await history(test, ana);
  assert.deepEqual(items.map(({ role, source }) => [role, source]), [["user", "backfill"], ["assistant", "send"]]);
  assert.equal(test.delivered(ana).length, 1);
});

Deno.test("the webhook that comes after all is a duplicate of what was found (C2, C7)", async () => {
  await using test = await TestMoca.start();
  await test.pass(minute, 5_000);
  const delivery = await test.instagram.contactSends(ana, { kind: "text", text: "hola" }, lost);
  const tapped = await test.instagram.contactSends(ana, { kind: "postback", title: "Start", payload: "START" }, lost);
  await test.pass(25 * minute, 15_000);
  for (const late of [delivery, tapped]) {
    late.release();
    await late.settled;
  }
  await test.pass(minute, 5_000);
  const items = await history(test, ana);
  assert.equal(items.filter(({ role }) => role === "user").length, 2);
  assert.equal(test.delivered(ana).length, 1);
});

Deno.test("what a person answered in the Instagram app while Moca heard nothing is kept, and not answered again", async () => {
  await using test = await TestMoca.start({ settings: { takeoverHours: 1 } });
  await test.pass(minute, 5_000);
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" }, lost);
  test.clock.advance(minute);
  await test.instagram.appSends(ana, "Ya te atiendo", lost);
  test.clock.advance(90 * minute);
  await test.pass(15 * minute, 15_000);
  assert.deepEqual((await history(test, ana)).map(({ author }) => author), ["contact", "instagramApp"]);
  assert.deepEqual(test.delivered(ana), []);
  const [turn] = await turns(test, ana);
  assert.match(turn.outcome.reason, /somebody had answered/);
});

Deno.test("a found message of more than a day ago is kept with its reason, and not answered (C11)", async () => {
  await using test = await TestMoca.start();
  await test.pass(minute, 5_000);
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" }, lost);
  test.clock.advance(26 * 60 * minute);
  await test.pass(15 * minute, 15_000);
  assert.equal((await history(test, ana)).length, 1);
  assert.equal((await turns(test, ana)).length, 1);
  assert.deepEqual(test.delivered(ana), []);
});

Deno.test("an echo that was lost settles what Moca sent itself, and takes nothing over", async () => {
  await using test = await TestMoca.start();
  test.instagram.setEchoes("never");
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(30 * minute, 15_000);
  assert.equal((await test.get(`/conversations/${test.conversation(ana)}`)).handler, "bot");
  assert.equal((await history(test, ana)).length, 2);
});

Deno.test("what was said before a contact was erased does not come back from the thread (C30)", async () => {
  await using test = await TestMoca.start();
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(minute, 5_000);
  let response = await test.send("DELETE", `/contacts/${test.conversation(ana)}`, {});
  for (let tries = 0; response.status === 503 && tries < 20; tries++) {
    await test.settle();
    response = await test.send("DELETE", `/contacts/${test.conversation(ana)}`, {});
  }
  assert.ok(response.status < 300, JSON.stringify(response));
  await test.pass(25 * minute, 15_000);
  assert.equal((await test.get("/conversations")).total, 0);
});

Deno.test("messages from before the account was Moca's stay where they are", async () => {
  await using test = await TestMoca.start();
  const before = new Date(test.clock.now().getTime() - 10 * minute);
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" }, { ...lost, at: before });
  await test.pass(25 * minute, 15_000);
  assert.equal((await test.get("/conversations")).total, 0);
});

Deno.test("a quiet account costs two calls a sweep, and a sweep comes every ten minutes", async () => {
  await using test = await TestMoca.start();
  await test.pass(59 * minute, 20_000);
  const calls = test.instagram.log.filter(({ call }) => call === "account" || call === "conversations");
  assert.ok(calls.length <= 12 && calls.length >= 10, `${calls.length} calls`);
});

Deno.test("after an hour off, with half of the webhooks never repeated, every message is there and answered once", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  await test.pass(minute, 5_000);
  const psids = Array.from({ length: 12 }, (_, index) => `20000000000${String(index).padStart(5, "0")}`);
  const late: { release: () => void; settled: Promise<unknown> }[] = [];
  for (let round = 0; round < 3; round++) {
    for (const [index, psid] of psids.entries()) {
      const delivery = await test.instagram.contactSends(psid, { kind: "text", text: `hola ${round}` }, lost);
      if ((index + round) % 2 === 0) late.push(delivery);
    }
    test.clock.advance(20 * minute);
  }
  for (const delivery of late) {
    delivery.release();
    await delivery.settled;
  }
  await test.pass(30 * minute, 5_000);
  for (const psid of psids) {
    const inbound = (await history(test, psid)).filter(({ role }) => role === "user");
    assert.deepEqual(inbound.map(({ text }) => text), ["hola 0", "hola 1", "hola 2"], psid);
    const decided = (await turns(test, psid)).flatMap(({ messageIds }) => messageIds);
    assert.deepEqual(decided.toSorted(), inbound.map(({ id }) => id).toSorted(), "each message is in one turn");
    const replies = (await turns(test, psid)).filter(({ outcome }) => outcome.kind === "replied");
    assert.equal(test.delivered(psid).length, replies.length, "one text an answer");
  }
});
