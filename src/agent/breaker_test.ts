import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import type { PuppetAnswer } from "@tests/support/puppet_model.ts";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { failuresToOpen } from "@/agent/breaker.ts";
import { loadPuppetAgent, outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { makeRequest } from "@/agent/testing/make_request.ts";

const down: PuppetAnswer = { kind: "raw", status: 503, body: "{}" };

Deno.test("a provider that keeps failing is left alone, asked once again after a while, and trusted when it answers", async () => {
  let answer: PuppetAnswer = down;
  await using puppet = startPuppetModel(() => answer);
  const clock = new ManualClock();
  const agent = await loadPuppetAgent(puppet, clock);
  const ask = async (): Promise<string> => outcomeOf(await agent.decide(makeRequest(), new AbortController().signal));
  for (let n = 0; n < failuresToOpen; n += 1) assert.match(await ask(), /answered 503/);
  assert.match(await ask(), /left alone/);
  assert.equal(puppet.requests.length, failuresToOpen);
  clock.advance(15_000);
  assert.match(await ask(), /answered 503/);
  clock.advance(29_000);
  assert.match(await ask(), /left alone/);
  clock.advance(1_000);
  answer = oneCall("reply", { messages: ["Back"] });
  assert.equal(await ask(), "reply: Back");
  assert.equal(await ask(), "reply: Back");
});

Deno.test("an answer that cannot be used is no fault of the provider's", async () => {
  await using puppet = startPuppetModel([{ kind: "refusal", refusal: "no" }]);
  const clock = new ManualClock();
  const agent = await loadPuppetAgent(puppet, clock);
  for (let n = 0; n < failuresToOpen + 2; n += 1) {
    assert.match(outcomeOf(await agent.decide(makeRequest(), new AbortController().signal)), /refused/);
  }
});
