/** A provider that misbehaves in every way that we could think of, and what the contacts notice of it: nothing. */
import assert from "node:assert/strict";
import { oneCall, type PuppetAnswer, type PuppetRequest, startPuppetModel } from "@tests/support/puppet_model.ts";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const bystander = "1000000000000999";

function reply(...messages: readonly string[]): PuppetAnswer {
  return oneCall("reply", { messages });
}

function calls(...list: readonly (readonly [name: string, args: unknown])[]): PuppetAnswer {
  return { kind: "calls", calls: list.map(([name, args]) => ({ name, arguments: args })) };
}

function http(status: number, body = "{}", headers: Readonly<Record<string, string>> = {}): PuppetAnswer {
  return { kind: "raw", status, body, headers };
}

const followUp = { "in_minutes": 5, message: "Later", "even_if_they_write": false, reason: "r" };

const ways: Readonly<Record<string, PuppetAnswer | ((request: PuppetRequest) => PuppetAnswer)>> = {
  "arguments that are not JSON": oneCall("reply", '{"messages":["broken'),
  "arguments of another shape": oneCall("reply", { text: "broken" }),
  "arguments that are a list": oneCall("reply", '["broken"]'),
  "an unknown tool": oneCall("send_money", { to: bystander }),
  "a tool called __proto__": oneCall("__proto__", {}),
  "two replies at once": calls(["reply", { messages: ["broken"] }], ["reply", { messages: ["broken too"] }]),
  "a reply and a hand-off at once": calls(["reply", { messages: ["broken"] }], ["hand_off", { reason: "x" }]),
  "notes without end": oneCall("update_contact", { field: "sector", value: "shop", quote: "question" }),
  "searches without end": oneCall("search_knowledge", { query: "anything" }),
  "twenty calls at once": calls(...Array.from({ length: 20 }, () => ["search_knowledge", { query: "xx" }] as const)),
  "a refusal": { kind: "refusal", refusal: "broken: I cannot" },
  "an empty text": { kind: "text", text: "" },
  "a list of no calls": { kind: "calls", calls: [] },
  "plain text": { kind: "text", text: "broken: outside a tool" },
  "a text that was cut off": { kind: "text", text: "broken: our pri", finish: "length" },
  "a call that was cut off": {
    kind: "calls",
    calls: [{ name: "reply", arguments: '{"messages":["bro' }],
    finish: "length",
  },
  "a filtered answer": { kind: "text", text: "broken", finish: "content_filter" },
  "429": http(429),
  "429 with Retry-After": http(429, "{}", { "retry-after": "20" }),
  "429 with an absurd Retry-After": http(429, "{}", { "retry-after": "-5" }),
  "500": http(500),
  "502 in HTML": http(502, "<html>broken</html>", { "content-type": "text/html" }),
  "a wrong key": http(401, '{"error":{"message":"broken key sk-puppet"}}'),
  "400": http(400, '{"error":{"message":"broken"}}'),
  "200 in HTML": http(200, "<html>broken</html>", { "content-type": "text/html" }),
  "200 that is not JSON": http(200, "broken"),
  "no choices": { kind: "noChoices" },
  "choices of another shape": http(200, '{"choices":{}}'),
  "another contact's id in a reply": oneCall("reply", { messages: ["broken"], recipient: bystander }),
  "another contact's id in a note": oneCall("update_contact", {
    field: "name",
    value: "X",
    quote: "x",
    psid: bystander,
  }),
  "another contact's id in a follow-up": oneCall("schedule_follow_up", { ...followUp, psid: bystander }),
  "a fact that nobody said": calls(["update_contact", { field: "email", value: "broken@evil.example", quote: "mail" }]),
  "an injected link": reply("broken: pay at https://evil.example/pay"),
  "a link without its scheme": reply("broken: evil-pay.example.com/now"),
  "a Markdown link": reply("broken [pay](https://evil.example)"),
  "the canary": ({ body }) => reply(`broken ${/ref-[0-9a-f-]{36}/.exec(body.messages[0]?.content ?? "")?.[0]}`),
  "HTML": reply("<b>broken</b>"),
  "a script": reply("<script>broken()</script>"),
  "100 kB": reply("broken ".repeat(15_000)),
  "invisible characters": reply("broken\u{E0041}\u{E0042}\u200b"),
  "half a character": oneCall("reply", '{"messages":["broken \\ud83d"]}'),
  "seven messages": reply(..."broken".split(""), "!"),
  "empty messages": reply(" ", ""),
  "forbidden words": reply("broken: you get a full refund"),
  "a follow-up with an injected link": calls(
    ["schedule_follow_up", { ...followUp, message: "broken https://evil.example" }],
    ["reply", { messages: ["broken"] }],
  ),
  "the contact's language ignored": reply("broken: sí, hoy estamos abiertos y también puedes venir por la tarde"),
};

Deno.test(`a model that misbehaves in ${Object.keys(ways).length} ways: no broken text, no crossed contact, always a reason (C18, C27)`, async () => {
  const names = Object.keys(ways);
  await using puppet = startPuppetModel((request) => {
    const asked = request.body.messages.findLast(({ content }) => content?.includes("question number"))?.content ?? "";
    const way = ways[names[Number(/question number (\d+)/.exec(asked)?.[1] ?? -1)] ?? ""];
    return typeof way === "function" ? way(request) : way ?? reply("Fine");
  });
  const settings = { cooldownMs: 0, forbiddenPhrases: ["full refund"] };
  await using test = await TestMoca.start({ settings, env: { OPENAI_BASE_URL: puppet.url } });
  const psidOf = (n: number): string => `10000000000${String(n).padStart(5, "0")}`;
  for (const n of names.keys()) {
    await test.instagram.contactSends(psidOf(n), {
      kind: "text",
      text: `what is the answer to question number ${n} ?`,
    });
  }
  await test.pass(8 * 60_000, 5_000);
  for (const [n, name] of names.entries()) {
    const id = test.conversation(psidOf(n));
    const { items: [turn, ...others] }: Json = await test.get(`/conversations/${id}/turns`);
    assert.ok(turn !== undefined, `${name}: no decision`);
    assert.equal(others.length, 0, name);
    assert.equal(turn.outcome.kind, "handedOff", `${name}: ${JSON.stringify(turn.outcome)}`);
    assert.ok(
      turn.outcome.reason.length > 10 && !/broken(?! characters)|sk-/.test(turn.outcome.reason),
      `${name}: ${turn.outcome.reason}`,
    );
    assert.deepEqual(test.delivered(psidOf(n)), [], name);
    const { contact } = await test.get(`/conversations/${id}`);
    assert.ok(!JSON.stringify(contact).includes("evil"), name);
  }
  assert.deepEqual(test.delivered(bystander), []);
  await test.instagram.contactSends(bystander, { kind: "text", text: "hi, are you still there?" });
  await test.pass(6 * 60_000, 5_000);
  assert.deepEqual(test.delivered(bystander), ["Fine"]);
});
