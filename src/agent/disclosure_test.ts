import assert from "node:assert/strict";
import { withDisclosure } from "@/agent/disclosure.ts";
import { makeAnswer, makeMessage, makeRequest } from "@/agent/testing/make_request.ts";

const settings = { disclosure: " An assistant answers here. " };

Deno.test("withDisclosure() says before the first answer that a machine answers", () => {
  const history = [makeMessage({ id: "old", text: "hello?" })];
  assert.deepEqual(withDisclosure(["Hi!", "Coffee?"], makeRequest({ settings, history })), [
    "An assistant answers here.\n\nHi!",
    "Coffee?",
  ]);
});

Deno.test("withDisclosure() leaves later answers alone, and says nothing when nothing is set", () => {
  assert.deepEqual(withDisclosure(["Hi!"], makeRequest({ settings, history: [makeAnswer("Hello")] })), ["Hi!"]);
  assert.deepEqual(withDisclosure(["Hi!"], makeRequest()), ["Hi!"]);
});

const dayMs = 24 * 3_600_000;

Deno.test("withDisclosure() says it again when a person answered last, and after seven days without an answer", () => {
  const person = [makeAnswer("Hello"), makeAnswer("One moment", { author: "operator", turnId: undefined })];
  assert.match(withDisclosure(["Hi!"], makeRequest({ settings, history: person }))[0]!, /assistant/);
  const { now } = makeRequest();
  const before = (days: number): readonly string[] => {
    const history = [makeAnswer("Hello", { at: new Date(now.getTime() - days * dayMs) })];
    return withDisclosure(["Hi!"], makeRequest({ settings, history }));
  };
  assert.match(before(7)[0]!, /assistant/);
  assert.deepEqual(before(6), ["Hi!"]);
});
