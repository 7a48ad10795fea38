import assert from "node:assert/strict";
import fc from "fast-check";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { type PuppetAnswer, startPuppetModel } from "@tests/support/puppet_model.ts";
import { loadPuppetAgent } from "@/agent/testing/ask_puppet.ts";
import { makeRequest } from "@/agent/testing/make_request.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "Hello!",
    "https://evil.example",
    "<script>x</script>",
    "a\u200bb",
    "x".repeat(5_000),
    "ana@x.com",
    "",
  ),
);
const args: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ messages: fc.array(text, { maxLength: 5 }) }),
  fc.record({ reason: text }),
  fc.record({ field: fc.constantFrom("email", "name", "psid"), value: text, quote: text }),
  fc.record({ messages: fc.array(text), recipient: fc.constant("178414000") }),
  fc.jsonValue(),
  fc.constantFrom("{", "null", "[1", ""),
);
const call = fc.record({
  name: fc.oneof(
    fc.constantFrom("reply", "stay_silent", "hand_off", "update_contact", "send_message", "__proto__"),
    text,
  ),
  arguments: args,
});
/** One call as it should be made, whatever it says. */
const wellFormed: fc.Arbitrary<PuppetAnswer> = fc.array(text, { minLength: 1, maxLength: 4 }).map((messages) => ({
  kind: "calls",
  calls: [{ name: "reply", arguments: { messages } }],
}));
const answer: fc.Arbitrary<PuppetAnswer> = fc.oneof(
  { weight: 6, arbitrary: wellFormed },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("calls" as const), calls: fc.array(call, { maxLength: 14 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("text" as const), text }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("raw" as const),
      status: fc.constantFrom(200, 400, 503),
      body: text.map((body) => `{${body}`),
    }),
  },
);

Deno.test("Agent.decide() keeps its bounds whatever the model does (C27)", async () => {
  const scripts = fc.sample(fc.array(answer, { minLength: 1, maxLength: 7 }), { numRuns: 300, seed: 27 });
  let script: readonly PuppetAnswer[] = [];
  let asked = 0;
  await using puppet = startPuppetModel(() => script[Math.min(asked++, script.length - 1)] ?? { kind: "noChoices" });
  const agent = await loadPuppetAgent(puppet, new ManualClock());
  const request = makeRequest({ texts: ["hi", "I am ana@x.com"] });
  let replies = 0;
  for (script of scripts) {
    asked = 0;
    const result = await agent.decide(request, new AbortController().signal);
    assert.ok(asked <= 6);
    if (result.kind !== "decided") {
      assert.equal(result.kind, "failed");
      continue;
    }
    const { decision, facts } = result;
    if (decision.kind === "reply") {
      replies += 1;
      const whole = decision.texts.join("\n");
      assert.doesNotMatch(whole, /evil|<script|\u200b|^\s*$/);
      assert.ok(new TextEncoder().encode(whole).length <= 4_000);
    }
    assert.notEqual(decision.reason, "");
    for (const { field, messageId } of facts) {
      assert.ok(["name", "email"].includes(field));
      assert.match(messageId ?? "", /^burst:[12]$/);
    }
  }
  assert.ok(replies > 20, `${replies} replies went out, the test wants some to look at`);
});
