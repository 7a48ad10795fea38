import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type ChainResult, ruleLimitMs, runChain } from "@/rules/chain.ts";
import { defer, handOff, pass, reply, type Rule, silence, type Verdict } from "@/rules/contract.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";

function rule(name: string, apply: Rule["apply"]): Rule {
  return { name, description: "", apply };
}

function run(rules: readonly Rule[], clock = new ManualClock()): Promise<ChainResult> {
  return runChain({ version: "v1", rules }, sampleTurn({ texts: ["hi"] }), clock);
}

function answering(answer: unknown): Rule {
  return rule("odd", () => answer as Verdict);
}

Deno.test("runChain() lets the first verdict other than pass win and asks no rule behind it", async () => {
  const result = await run([
    rule("a", () => pass("not mine")),
    rule("b", () => silence("quiet")),
    rule("c", () => assert.fail("was asked")),
  ]);
  assert.deepEqual(result.verdict, silence("quiet"));
  assert.equal(result.rule, "b");
  assert.equal(result.version, "v1");
  assert.deepEqual(result.traces.map(({ rule, verdict, reason }) => [rule, verdict, reason]), [
    ["a", "pass", "not mine"],
    ["b", "silence", "quiet"],
  ]);
  assert.ok(result.traces.every(({ ms }) => ms >= 0 && ms < 1_000));
});

Deno.test("runChain() passes when every rule passes, and when there is none", async () => {
  const none = await run([]);
  assert.deepEqual([none.verdict, none.rule, none.traces], [{ kind: "pass" }, undefined, []]);
  const all = await run([rule("a", () => pass("no")), rule("b", () => pass())]);
  assert.deepEqual([all.verdict, all.rule], [{ kind: "pass" }, undefined]);
});

Deno.test("runChain() gathers tags and fields of the rules that passed and of the winner", async () => {
  const result = await run([
    rule("a", () => ({ kind: "pass", tags: ["vip"], fields: { size: "M" } })),
    rule("b", () => ({ kind: "handOff", reason: "big order", tags: ["vip", "wholesale"], fields: { size: "L" } })),
  ]);
  assert.deepEqual(result.tags, ["vip", "wholesale"]);
  assert.deepEqual(result.fields, [{ field: "size", value: "M", by: "a" }, { field: "size", value: "L", by: "b" }]);
});

Deno.test("runChain() says that the contact opted out only when the winner says so", async () => {
  const optOut = rule("a", () => ({ kind: "silence", reason: "asked", optOut: true }));
  assert.equal((await run([optOut])).optOut, true);
  assert.equal((await run([rule("b", () => silence("quiet")), optOut])).optOut, false);
});

Deno.test("runChain() takes every kind of verdict", async () => {
  const until = new Date("2026-11-24T13:00:00Z");
  for (const verdict of [reply("hi"), reply(["a", "b"], "why"), silence("s"), handOff("h"), defer(until, "d")]) {
    assert.deepEqual((await run([rule("a", () => verdict)])).verdict, verdict);
    assert.deepEqual((await run([rule("a", () => Promise.resolve(verdict))])).verdict, verdict);
  }
});

Deno.test("runChain() notes a rule that throws as an error and goes on with the next", async () => {
  const throwing: readonly [Rule["apply"], string][] = [
    [() => {
      throw new TypeError("no such field");
    }, "it threw TypeError: no such field"],
    [() => Promise.reject("a string"), 'it threw "a string"'],
    [() => Promise.reject(new Error("later")), "it threw Error: later"],
  ];
  for (const [apply, reason] of throwing) {
    const result = await run([rule("broken", apply), rule("next", () => reply("still here"))]);
    assert.equal(result.rule, "next");
    assert.equal(result.traces[0].verdict, "error");
    assert.equal(result.traces[0].reason, reason);
  }
});

Deno.test("runChain() notes an answer that is no verdict as an error and counts it as pass", async () => {
  const answers = [
    undefined,
    null,
    "pass",
    {},
    { kind: "reply" },
    { kind: "reply", texts: [] },
    { kind: "reply", texts: [" "] },
    { kind: "reply", texts: "hi" },
    { kind: "silence" },
    { kind: "send", texts: ["hi"] },
    { kind: "defer", until: "tomorrow", reason: "later" },
    { kind: "defer", until: new Date(Number.NaN), reason: "later" },
    { kind: "pass", optOut: true },
    { kind: "pass", fields: { size: 42 } },
    Promise.resolve({ kind: "nonsense" }),
  ];
  for (const answer of answers) {
    const { verdict, traces, tags, fields } = await run([answering(answer)]);
    assert.deepEqual([verdict, tags, fields], [{ kind: "pass" }, [], []]);
    assert.equal(traces[0].verdict, "error");
    assert.match(traces[0].reason, /^it answered something that is no verdict: /);
  }
});

Deno.test("runChain() goes on without an asynchronous rule once its 250 ms are over", async () => {
  const clock = new ManualClock();
  const never = rule("slow", () => new Promise<Verdict>(() => {}));
  const running = run([never, rule("next", () => reply("still here"))], clock);
  clock.advance(ruleLimitMs);
  const { rule: winner, traces } = await running;
  assert.equal(winner, "next");
  assert.deepEqual([traces[0].verdict, traces[0].reason], ["error", "it did not answer within 250 ms"]);
});

Deno.test("runChain() does not mind a rule that rejects after its time is over", async () => {
  const clock = new ManualClock();
  const late = Promise.withResolvers<Verdict>();
  const running = run([rule("slow", () => late.promise)], clock);
  clock.advance(ruleLimitMs);
  await running;
  late.reject(new Error("too late"));
  await Promise.resolve();
});

Deno.test("runChain() does not ask a rule that is switched off, and says so in its trace", async () => {
  const turn = sampleTurn({ texts: ["hi"], settings: { rulesOff: ["b"] } });
  const rules = [rule("a", () => pass()), rule("b", () => assert.fail("was asked")), rule("c", () => reply("yes"))];
  const result = await runChain({ version: "v1", rules }, turn, new ManualClock());
  assert.deepEqual(result.traces.map(({ verdict }) => verdict), ["pass", "off", "reply"]);
  assert.match(result.version, /^[0-9a-f]{12}$/);
  assert.equal(result.rule, "c");
});
