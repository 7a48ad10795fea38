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
