import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { badDay, type FaultName, faultNames, FaultPlan } from "./faults.ts";
import { seededRandom } from "./random.ts";

const [lucia, tomas] = ["6170000000000101", "6170000000000102"];

async function openWithContact(clock: ManualClock = new ManualClock()): Promise<SimulatedInstagram> {
  const simulated = await SimulatedInstagram.open({ clock, echoes: "never" });
  for (const psid of [lucia, tomas]) await simulated.instagram.contactSends(psid, { kind: "text", text: "hola" });
  return simulated;
}

interface Expected {
  /** The status and the error's code, or how the exchange fails for the sender. */
  readonly seen: string;
  readonly applied: boolean;
}

const answered: Readonly<Partial<Record<FaultName, Expected>>> = {
  http429: { seen: "429", applied: false },
  code613: { seen: "400 613/2534040", applied: false },
  code4: { seen: "400 4", applied: false },
  tokenExpired: { seen: "401 190/463", applied: false },
  windowClosed: { seen: "400 10/2534022", applied: false },
  recipientUnavailable: { seen: "400 551/1545041", applied: false },
  badParameter: { seen: "400 100", applied: false },
  humanAgentRefused: { seen: "403 10", applied: false },
  unknownError: { seen: "500 2", applied: false },
  serverError: { seen: "500", applied: false },
  serverErrorApplied: { seen: "500", applied: true },
  sentButError: { seen: "500 1/1357046", applied: true },
  reset: { seen: "no answer", applied: false },
  resetApplied: { seen: "no answer", applied: true },
  cutBody: { seen: "cut", applied: true },
  refusal: { seen: "500 1", applied: false },
};

const unanswered: readonly FaultName[] = ["timeout", "timeoutApplied", "lateApply"];
const slow: readonly FaultName[] = ["slowAnswer", "slowDrip"];

async function outcomeOf(sending: Promise<Response>): Promise<string> {
  const response = await sending.catch(() => undefined);
  if (response === undefined) return "no answer";
  const text = await response.text().catch(() => undefined);
  if (text === undefined) return "cut";
  const { code, error_subcode: subcode } = text === "" ? {} as Record<string, unknown> : JSON.parse(text).error;
  return [response.status, [code, subcode].filter((part) => part !== undefined).join("/")].join(" ").trim();
}

for (const [fault, expected] of Object.entries(answered) as [FaultName, Expected][]) {
  Deno.test(`fault ${fault}: the sender sees "${expected.seen}", the text is ${expected.applied ? "" : "not "}applied`, async () => {
    await using simulated = await openWithContact();
    simulated.instagram.fail({ fault });
    assert.equal(await outcomeOf(simulated.send(lucia, "hello")), expected.seen);
    const [entry] = simulated.instagram.log;
    assert.deepEqual([entry.fault, entry.applied, entry.mid !== undefined], [
      fault,
      expected.applied,
      expected.applied,
    ]);
    assert.equal(simulated.instagram.applied(lucia).length, expected.applied ? 1 : 0);
    assert.equal(await simulated.sendStatus(lucia, "next"), 200);
  });
}

for (const [fault, applied] of [["timeout", 0], ["timeoutApplied", 1]] as const) {
  Deno.test(`fault ${fault}: no answer ever comes, the text is applied ${applied} times`, async () => {
    await using simulated = await openWithContact();
    simulated.instagram.fail({ fault, psid: lucia });
    const patience = new AbortController();
    const sending = simulated.send(lucia, "hello", { signal: patience.signal });
    await simulated.instagram.nextRequest();
    await (await simulated.send(tomas, "meanwhile")).json();
    patience.abort();
    await assert.rejects(sending, { name: "AbortError" });
    assert.equal(simulated.instagram.applied(lucia).length, applied);
    assert.equal(simulated.instagram.log[0].status, undefined);
  });
}

Deno.test("fault lateApply: the text arrives after the delay, as an entry of its own", async () => {
  await using simulated = await openWithContact();
  const { instagram, clock } = simulated;
  instagram.fail({ fault: "lateApply", delayMs: 20_000 });
  const patience = new AbortController();
  const sending = simulated.send(lucia, "hello", { signal: patience.signal });
  await instagram.nextRequest();
  patience.abort();
  await assert.rejects(sending, { name: "AbortError" });
  clock.advance(19_999);
  assert.deepEqual(instagram.applied(), []);
  clock.advance(1);
  const late = await instagram.waitFor((log) => log.find(({ event }) => event === "lateApply"));
  assert.deepEqual([late.of, late.text, late.applied, late.at], [1, "hello", true, clock.now()]);
  assert.deepEqual(instagram.applied(lucia).map(({ mid }) => mid), [late.mid]);
});

for (const [fault, tookMs] of [["slowAnswer", 3_000], ["slowDrip", 10_000]] as const) {
  Deno.test(`fault ${fault}: the true answer comes, only late`, async () => {
    await using simulated = await openWithContact(ManualClock.jumping());
    const before = simulated.clock.now().getTime();
    simulated.instagram.fail({ fault });
    const { message_id: mid } = await (await simulated.send(lucia, "hello")).json();
    assert.equal(mid, simulated.instagram.applied(lucia)[0].mid);
    assert.ok(simulated.clock.now().getTime() - before >= tookMs);
  });
}

Deno.test("every fault is in these tests", () => {
  assert.deepEqual(new Set([...Object.keys(answered), ...unanswered, ...slow]), new Set(faultNames));
});

Deno.test("two requests about one contact at a time are seen as an overlap", async () => {
  await using simulated = await openWithContact();
  simulated.instagram.fail({ fault: "timeout" });
  const patience = new AbortController();
  const sending = simulated.send(lucia, "one", { signal: patience.signal });
  await simulated.instagram.nextRequest();
  await (await simulated.send(tomas, "another contact")).json();
  await (await simulated.send(lucia, "two")).json();
  patience.abort();
  await assert.rejects(sending);
  assert.deepEqual(simulated.instagram.log.map(({ overlaps }) => overlaps), [0, 0, 1]);
});

Deno.test("a fault of sends leaves reads alone, and the next send has it", async () => {
  await using simulated = await openWithContact();
  simulated.instagram.fail({ fault: "serverError" });
  assert.equal((await (await simulated.call("/v25.0/me?fields=user_id")).json()).user_id, "17841400000000000");
  assert.equal(await simulated.sendStatus(lucia, "hello"), 500);
});

Deno.test("a refused text is not applied by a fault that applies", async () => {
  await using simulated = await openWithContact();
  simulated.clock.advance(25 * 3_600_000);
  simulated.instagram.fail({ fault: "serverErrorApplied" });
  await simulated.sendStatus(lucia, "late");
  assert.deepEqual(simulated.instagram.applied(), []);
});

Deno.test("FaultPlan.take() gives counted faults to the next fitting requests, in order, and then none", () => {
  const plan = new FaultPlan(seededRandom(1));
  plan.add({ fault: "code4", times: 2 });
  plan.add({ fault: "reset", psid: "7" });
  plan.add({ fault: "code613", on: "read" });
  const taken = [
    plan.take({ on: "send", psid: "1" }),
    plan.take({ on: "send", psid: "7" }),
    plan.take({ on: "send", psid: "1" }),
    plan.take({ on: "send", psid: "7" }),
    plan.take({ on: "read" }),
    plan.take({ on: "read" }),
  ];
  assert.deepEqual(taken.map((order) => order?.fault), ["code4", "code4", undefined, "reset", "code613", undefined]);
});

Deno.test("FaultPlan.take() draws faults by rate, the same ones for the same seed", () => {
  const draw = (seed: number): readonly (FaultName | undefined)[] => {
    const plan = new FaultPlan(seededRandom(seed));
    badDay.forEach((order) => plan.add(order));
    return Array.from({ length: 10_000 }, () => plan.take({ on: "send" })?.fault);
  };
  const drawn = draw(7);
  assert.deepEqual(draw(7), drawn);
  assert.notDeepEqual(draw(8), drawn);
  const good = drawn.filter((fault) => fault === undefined).length / drawn.length;
  assert.ok(good > 0.84 && good < 0.88, `Cannot accept the share of good requests: ${good}, wanted about 0.86`);
  assert.deepEqual(new Set(drawn), new Set([undefined, ...badDay.map(({ fault }) => fault)]));
});

Deno.test("clearFaults() ends faults by rate", async () => {
  await using simulated = await openWithContact();
  simulated.instagram.fail({ fault: "serverError", rate: 1 });
  assert.equal(await outcomeOf(simulated.send(lucia, "one")), "500");
  assert.equal(await outcomeOf(simulated.send(lucia, "two")), "500");
  simulated.instagram.clearFaults();
  assert.equal(await simulated.sendStatus(lucia, "three"), 200);
});
