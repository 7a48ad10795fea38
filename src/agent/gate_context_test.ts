import assert from "node:assert/strict";
import { gateContext } from "@/agent/gate_context.ts";
import { makeAnswer, makeMessage, makeRequest } from "@/agent/testing/make_request.ts";

Deno.test("gateContext() allows the business's own links and the contact's own addresses, not the contact's links", () => {
  const request = makeRequest({
    settings: { persona: "Sign as hi@moca.example", knowledge: "Menu: moca.shop/menu" },
    history: [makeMessage({ id: "1", text: "I am ana@x.com" }), makeAnswer("see https://old.example and bot@x.com")],
    texts: ["look at https://evil.example"],
  });
  assert.deepEqual(gateContext(request, { canary: "c" }).allowedLinks, [
    "mailto:hi@moca.example",
    "http://moca.shop/menu",
    "mailto:ana@x.com",
  ]);
});

Deno.test("gateContext() knows the bot's last answer with all of its parts", () => {
  const history = [
    makeAnswer("old", { turnId: "t1" }),
    makeAnswer("one", { turnId: "t2" }),
    makeAnswer("two", { turnId: "t2" }),
    makeMessage({ id: "3", role: "assistant", author: "operator", text: "a person" }),
  ];
  assert.equal(gateContext(makeRequest({ history }), { canary: "c" }).lastAnswer, "one\ntwo");
  assert.equal(gateContext(makeRequest(), { canary: "c" }).lastAnswer, undefined);
});

Deno.test("gateContext() takes a draft that a person let out for the bot's last answer, and their own words not", () => {
  const draft = makeAnswer("drafted", { author: "operator", operator: "ana" });
  const own = makeAnswer("own words", { author: "operator", operator: "ana", turnId: undefined });
  assert.equal(gateContext(makeRequest({ history: [draft, own] }), { canary: "c" }).lastAnswer, "drafted");
});
