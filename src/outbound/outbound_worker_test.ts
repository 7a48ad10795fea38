import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { startChange } from "@/conversation/aggregate.ts";
import { takeOver } from "@/conversation/handler.ts";
import { beginSend } from "@/conversation/send.ts";
import { accountId, type Bench, type Fate, graphError, openBench, refuse } from "@tests/support/outbound_bench.ts";
import { conversationId } from "@/store/records.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

const minuteMs = 60_000;

/** Reaches the contact, and nobody hears of it. */
const lostAnswer: Fate = { apply: true, reply: "drop" };
const lostRequest: Fate = { apply: false, reply: "drop" };

async function statesOf(bench: Bench, psid: string): Promise<readonly string[]> {
  return (await bench.items(psid)).map(({ state }) => state);
}

Deno.test("the worker sends what is queued and writes it into the history", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  await bench.queue("6001", ["Hello"]);
  assert.equal(await bench.worker.drain() > 0, true);
  assert.deepEqual(bench.applied.map(({ psid, text }) => [psid, text]), [["6001", "Hello"]]);
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.mid, item?.attempt], ["sent", "mid-1", 1]);
  const [message] = await bench.store.messages.byIds([`${accountId}:msg:mid-1`]);
  assert.deepEqual([message?.text, message?.author, message?.outboundId], ["Hello", "bot", item?.id]);
});

Deno.test("the worker's intent is in the store before the POST arrives (C8)", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  const seen: unknown[] = [];
  bench.onPost = async ({ psid }) => {
    seen.push(...(await bench.items(psid)).map(({ state, attempt }) => [state, attempt]));
  };
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  assert.deepEqual(seen, [["sending", 1]]);
});

Deno.test("the worker sends the parts of an answer in order, each after the one before, 1.2 s apart (C9)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  await bench.queue("6001", ["one", "two", "three"]);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["sent", "queued", "queued"]);
  for (let n = 0; n < 2; n++) {
    clock.advance(1_200);
    await bench.worker.drain();
  }
  assert.deepEqual(bench.applied.map(({ text }) => text), ["one", "two", "three"]);
  const times = bench.posts.map(({ at }) => at.getTime());
  assert.ok(times.every((time, n) => n === 0 || time - (times[n - 1] ?? 0) >= 1_200));
});

Deno.test("the worker leaves the later parts unsent while an earlier one is open (C9)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostRequest);
  await bench.queue("6001", ["one", "two"]);
  await bench.worker.drain();
  clock.advance(10_000);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["uncertain", "queued"]);
  assert.deepEqual(bench.posts.map(({ text }) => text), ["one"]);
});

Deno.test("the worker sends to other contacts while one POST waits for its answer", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  const answer = Promise.withResolvers<void>();
  bench.onPost = ({ psid }) => psid === "6001" ? answer.promise : Promise.resolve(answer.resolve());
  await bench.queue("6001", ["slow"]);
  await bench.queue("6002", ["quick"]);
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), await statesOf(bench, "6002")], [["sent"], ["sent"]]);
});

Deno.test("drain() answers only when the sends it began are recorded", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  const answer = Promise.withResolvers<{ status: number }>();
  bench.fates.push({ apply: true, reply: answer.promise });
  bench.onPost = () => Promise.resolve(answer.resolve({ status: 200 }));
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["sent"]);
});

Deno.test("the worker sends nothing after a person took over (C13)", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  await bench.queue("6001", ["Hello"]);
  const aggregate = await bench.store.conversations.load(conversationId(accountId, "6001"));
  assert.ok(aggregate);
  const now = bench.store.now();
  const change = { by: "ana", reason: "ana took over", needed: false, at: now, takeoverHours: 1 };
  await bench.store.conversations.commit(takeOver(startChange(aggregate), change, now));
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["cancelled"], 0]);
});

Deno.test("the worker sends nothing once the bot is switched off (C13)", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  await bench.queue("6001", ["Hello"]);
  await bench.changeAccount({ settings: { botEnabled: false } });
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["cancelled"], 0]);
});

Deno.test("the worker sends nothing in the last minute of Instagram's window (C11)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  await bench.queue("6001", ["Hello"]);
  clock.advance(24 * 60 * minuteMs - minuteMs);
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["expired"], 0]);
});

Deno.test("the worker pauses the whole account when throttled, longer each time, and spends no try", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(refuse(graphError(400, 613)), refuse({ status: 429 }));
  await bench.queue("6001", ["one"]);
  await bench.worker.drain();
  await bench.queue("6002", ["two"]);
  clock.advance(29_000);
  await bench.worker.drain();
  assert.equal(bench.posts.length, 1);
  clock.advance(1_000);
  await bench.worker.drain();
  clock.advance(minuteMs - 1_000);
  await bench.worker.drain();
  const sentBefore = bench.applied.length;
  clock.advance(2_000);
  await bench.worker.drain();
  assert.deepEqual([sentBefore <= 1, bench.applied.length], [true, 2]);
  const items = [...await bench.items("6001"), ...await bench.items("6002")];
  assert.deepEqual(items.map(({ state, spent }) => [state, spent]), [["sent", 0], ["sent", 0]]);
  assert.equal((await bench.store.limits.get(accountId))?.strikes ?? 0, 0);
});

Deno.test("the worker obeys the pause that Instagram asks for", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(refuse({ status: 429, headers: { "retry-after": "120" } }));
  await bench.queue("6001", ["one"]);
  await bench.worker.drain();
  clock.advance(119_000);
  await bench.worker.drain();
  assert.equal(bench.posts.length, 1);
  clock.advance(14_000);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["sent"]);
});

const endings: Readonly<Record<string, readonly [Fate, string]>> = {
  "a closed window": [refuse(graphError(400, 10, 2534022)), "expired"],
  "a person who blocked the business": [refuse(graphError(400, 551)), "failed"],
  "a wrong request": [refuse(graphError(400, 100)), "failed"],
};

for (const [name, [fate, state]] of Object.entries(endings)) {
  Deno.test(`the worker ends an item as ${state} on ${name}, and cancels what belongs to it`, async () => {
    const clock = ManualClock.jumping();
    await using bench = await openBench({ clock });
    bench.fates.push(fate);
    await bench.queue("6001", ["one", "two"]);
    await bench.worker.drain();
    clock.advance(10 * minuteMs);
    await bench.worker.drain();
    assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [[state, "cancelled"], 1]);
    assert.ok((await bench.items("6001"))[0]?.reason);
  });
}

Deno.test("the worker pauses the account on a dead token, keeps the item, and goes on with a new one", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(refuse(graphError(401, 190, 463)));
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  const account = await bench.account();
  assert.deepEqual([account.state, account.pausedReason], [
    "paused",
    "the access token has expired: give Moca a new access token in Settings",
  ]);
  clock.advance(10 * minuteMs);
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["queued"], 1]);
  await bench.changeAccount({ state: "active", pausedReason: undefined });
  clock.advance(minuteMs);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["sent"]);
});

Deno.test("the worker pauses the account when the address of the API is wrong, and fails no text for it", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  bench.fates.push(refuse(graphError(500, 2500)));
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  await bench.queue("6002", ["Hello"]);
  await bench.worker.drain();
  const { state, pausedReason } = await bench.account();
  const cure = "Instagram does not know the address: check IG_GRAPH_URL and IG_GRAPH_VERSION";
  assert.deepEqual([state, pausedReason], ["paused", cure]);
  assert.deepEqual([await statesOf(bench, "6001"), await statesOf(bench, "6002")], [["queued"], ["queued"]]);
});

Deno.test("the worker keeps what is queued while the account has no token, and says why", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping(), withoutToken: true });
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.spent, bench.posts.length], ["queued", 0, 0]);
  assert.match(item?.reason ?? "", /no access token/);
});

Deno.test("the worker finds in the thread what was sent without an answer (C7, C14)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostAnswer);
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  clock.advance(74_000);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["uncertain"]);
  clock.advance(1_000);
  await bench.worker.drain();
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.mid, item?.attempts[0]?.evidence], ["sent", "mid-1", "readBack"]);
  assert.equal(bench.posts.length, 1);
});

Deno.test("the worker tries once more what is not in the thread (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostRequest);
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  clock.advance(75_000);
  await bench.worker.drain();
  assert.deepEqual(await statesOf(bench, "6001"), ["sent"]);
  assert.deepEqual([bench.posts.length, bench.applied.length], [2, 1]);
});

Deno.test("the worker holds for a person what twice was neither sent nor refused (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostRequest, refuse(graphError(500, 2)));
  await bench.queue("6001", ["Hello"]);
  for (let n = 0; n < 10; n++) {
    await bench.worker.drain();
    clock.advance(75_000);
  }
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["held"], 2]);
});

Deno.test("the worker holds a person's text at once when nobody knows whether it arrived (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostRequest);
  await bench.queue("6001", ["Hello"], "operator");
  await bench.worker.drain();
  clock.advance(75_000);
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["held"], 1]);
});

Deno.test("the worker does not send again while the thread cannot be read, and then holds (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(lostRequest);
  bench.threadReply = graphError(500, 2);
  await bench.queue("6001", ["Hello"]);
  for (let n = 0; n < 14; n++) {
    await bench.worker.drain();
    clock.advance(75_000);
  }
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["held"], 1]);
});

Deno.test("the worker holds what Instagram accepted and does not show (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(refuse("cut"));
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  clock.advance(20_000);
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["held"], 1]);
});

for (const arrived of [true, false]) {
  const ending = arrived ? "finds it in the thread" : "sends it once more";
  Deno.test(`after a crash between intent and result the worker ${ending} (C7, C14)`, async () => {
    const clock = ManualClock.jumping();
    await using bench = await openBench({ clock });
    await bench.queue("6001", ["Hello"]);
    const id = conversationId(accountId, "6001");
    const aggregate = await bench.store.conversations.load(id);
    const now = bench.store.now();
    const begun = aggregate && beginSend(startChange(aggregate), `${id}_o1`, { now, requestMs: 15_000 });
    assert.ok(begun);
    await bench.store.conversations.commit(begun);
    if (arrived) bench.applied.push({ mid: "mid-lost", psid: "6001", text: "Hello", at: now });
    for (const ms of [14_000, 1_000, 59_000]) {
      clock.advance(ms);
      await bench.worker.drain();
      assert.equal(bench.posts.length, 0);
    }
    clock.advance(1_000);
    await bench.worker.drain();
    assert.deepEqual([await statesOf(bench, "6001"), bench.applied.length], [["sent"], 1]);
  });
}

Deno.test("the worker gives up a text that could not be sent eight times", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(...Array.from({ length: 8 }, () => refuse(graphError(503, 2, 1545133))));
  await bench.queue("6001", ["Hello"]);
  for (let n = 0; n < 12; n++) {
    await bench.worker.drain();
    clock.advance(5 * minuteMs);
  }
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.attempts.length, bench.posts.length], ["failed", 8, 8]);
});

Deno.test("the worker counts answers, and codes that have no row", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  bench.fates.push(refuse(graphError(400, 4_711, 9)));
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  const text = await bench.metrics.registry.metrics();
  assert.match(text, /moca_sends_total\{outcome="unknown"\} 1/);
  assert.match(text, /moca_instagram_unknown_errors_total\{code="4711",subcode="9"\} 1/);
});

Deno.test("two workers on one store send each text once and keep the account's pace (C7, C10)", async () => {
  await using bench = await openBench({ clock: systemClock, settings: { sendsPerSecond: 20 } });
  const psids = Array.from({ length: 16 }, (_, n) => `60${n}`);
  for (const psid of psids) await bench.queue(psid, [`to ${psid}`]);
  await Promise.all([bench.worker.drain(), bench.another("two").drain()]);
  assert.deepEqual(bench.applied.map(({ psid }) => psid).toSorted(), psids.toSorted());
  const times = bench.begunAt.map((at) => at.getTime());
  const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0));
  assert.ok(Math.min(...gaps) >= 50, `gaps were ${gaps}`);
});

Deno.test("the worker throws a slot away that it could not use in time, and takes the next (C10)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock, settings: { sendsPerSecond: 20 } });
  bench.onToken = () => clock.advance(70);
  await bench.queue("6001", ["Hello"]);
  const slot = clock.now().getTime();
  await bench.worker.drain();
  assert.deepEqual(bench.begunAt.map((at) => at.getTime() - slot), [70]);
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.attempt], ["sent", 1]);
});

Deno.test("the worker gives an intent back when its lease is nearly over, and sends under the next (C7)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  let pauses = [11_000];
  bench.onToken = () => {
    for (const ms of pauses) clock.advance(ms);
    pauses = [];
  };
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.spent, item?.attempt, bench.posts.length], ["sent", 0, 2, 1]);
});

Deno.test("the worker writes no intent for what waited too long for its slot, and claims it anew (C7, C10)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock });
  const contacts = Array.from({ length: 12 }, (_, index) => `60${index + 10}`);
  for (const psid of contacts) await bench.queue(psid, ["Hello"]);
  bench.onToken = () => clock.advance(950);
  await bench.worker.drain();
  const items = (await Promise.all(contacts.map((psid) => bench.items(psid)))).flat();
  assert.deepEqual(items.map(({ state, attempt }) => [state, attempt]), contacts.map(() => ["sent", 1]));
});

Deno.test("the worker goes on after one intent took longer to write than a lease leaves for it (C10)", async () => {
  const clock = ManualClock.jumping();
  const timings = { leaseMs: 1_500, requestMs: 750, slotWaitMs: 250 };
  await using bench = await openBench({ clock, timings, settings: { sendsPerSecond: 20 } });
  let pauses = [600];
  bench.onToken = () => {
    for (const ms of pauses) clock.advance(ms);
    pauses = [];
  };
  for (const psid of ["6001", "6002"]) await bench.queue(psid, ["Hello"]);
  await bench.worker.drain();
  assert.deepEqual(bench.applied.map(({ psid }) => psid).toSorted(), ["6001", "6002"]);
});

Deno.test("the worker reaches a slow pace, one text every 11 s at 0.1 a second (C10)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock, settings: { sendsPerSecond: 0.1 } });
  for (const psid of ["6001", "6002", "6003"]) await bench.queue(psid, ["Hello"]);
  const start = clock.now().getTime();
  while (bench.applied.length < 3 && clock.now().getTime() < start + 60_000) {
    await bench.worker.drain();
    clock.advance(100);
  }
  const offsets = bench.begunAt.map((at) => at.getTime() - start);
  assert.ok(offsets.every((offset, n) => offset >= 11_000 * n && offset <= 11_000 * n + 400), `${offsets}`);
  assert.equal(offsets.length, 3);
});

Deno.test("the worker sends at half the pace when three quarters of Instagram's limits are used", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock, settings: { sendsPerSecond: 2 } });
  await bench.store.limits.note(accountId, { value: 75, at: bench.store.now() });
  for (const psid of ["6001", "6002", "6003"]) await bench.queue(psid, ["Hello"]);
  await bench.worker.drain();
  const times = bench.begunAt.map((at) => at.getTime());
  const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0));
  assert.equal(gaps.length, 2);
  assert.ok(gaps.every((gap) => gap >= 1_050 && gap < 1_160), `gaps were ${gaps}`);
});

Deno.test("the worker waits for a slot that is far without losing it (C10)", async () => {
  const clock = ManualClock.jumping();
  await using bench = await openBench({ clock, settings: { sendsPerSecond: 0.1 } });
  await bench.store.limits.reserve(accountId, 10_600);
  await bench.queue("6001", ["Hello"]);
  const start = clock.now().getTime();
  await bench.worker.drain();
  assert.deepEqual([await statesOf(bench, "6001"), bench.posts.length], [["queued"], 0]);
  clock.advance(10_600);
  await bench.worker.drain();
  assert.deepEqual(bench.begunAt.map((at) => at.getTime() - start), [10_600]);
});

Deno.test("the worker leaves an account alone that was given another token while the old one was refused", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  const { token } = await bench.account();
  assert.ok(token);
  bench.fates.push(refuse(graphError(401, 190)));
  bench.onPost = () => bench.changeAccount({ token: { ...token, sealed: `${token.sealed}x` } });
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  assert.equal((await bench.account()).state, "active");
});

Deno.test("the worker lets a text wait whose account's token cannot be read, and says why", async () => {
  await using bench = await openBench({ clock: ManualClock.jumping() });
  const { token } = await bench.account();
  assert.ok(token);
  await bench.changeAccount({ token: { ...token, sealed: "v1.00000000.x.x" } });
  await bench.queue("6001", ["Hello"]);
  await bench.worker.drain();
  const [item] = await bench.items("6001");
  assert.deepEqual([item?.state, item?.spent, bench.posts.length], ["queued", 0, 0]);
  assert.match(item?.reason ?? "", /MOCA_SECRET_KEY/);
});

Deno.test("run() ends only when the POST under way is recorded, and begins no other", async () => {
  await using bench = await openBench({ clock: systemClock });
  const stop = new AbortController();
  const answer = Promise.withResolvers<void>();
  bench.onPost = () => {
    stop.abort();
    answer.resolve();
    return answer.promise;
  };
  await bench.queue("6001", ["one"]);
  await bench.queue("6002", ["two"]);
  await bench.worker.run(stop.signal);
  const states = [...await statesOf(bench, "6001"), ...await statesOf(bench, "6002")];
  assert.deepEqual(states.toSorted(), ["queued", "sent"]);
});
