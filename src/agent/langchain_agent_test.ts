import assert from "node:assert/strict";
import { ChatOpenAICompletions } from "@langchain/openai";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { oneCall, type PuppetAnswer, startPuppetModel } from "@tests/support/puppet_model.ts";
import { makeAgent } from "@/agent/langchain_agent.ts";
import { askPuppet, loadPuppetAgent, outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { makeRequest } from "@/agent/testing/make_request.ts";

const hello = oneCall("reply", { messages: ["Hello!"] });
const toolNames = [
  "reply",
  "stay_silent",
  "hand_off",
  "update_contact",
  "search_knowledge",
  "schedule_follow_up",
  "close_conversation",
];

Deno.test("Agent.decide() answers with what the model replied", async () => {
  const { result, requests } = await askPuppet([oneCall("reply", { messages: ["Hello!", "How can we help?"] })]);
  assert.equal(outcomeOf(result), "reply: Hello! | How can we help?");
  assert.deepEqual(requests.map(({ path }) => path), ["/v1/chat/completions"]);
  assert.deepEqual(requests[0]?.body.tools?.map((tool) => tool.function.name), toolNames);
});

Deno.test("Agent.decide() leaves temperature to the provider and does not stream", async () => {
  const { requests } = await askPuppet([hello]);
  assert.equal(requests[0]?.body.temperature, undefined);
  assert.notEqual(requests[0]?.body.stream, true);
});

Deno.test("Agent.decide() stays silent or hands off with the model's own reason", async () => {
  const silent = await askPuppet([oneCall("stay_silent", { reason: "a lone thumbs up" })]);
  const handed = await askPuppet([oneCall("hand_off", { reason: "wants a refund" })]);
  assert.equal(outcomeOf(silent.result), "silence: a lone thumbs up");
  assert.equal(outcomeOf(handed.result), "handOff: wants a refund");
});

Deno.test("Agent.decide() records calls, tokens, tools and the prompt as the model saw it", async () => {
  const { result, requests } = await askPuppet([oneCall("unheard_of", {}), hello], { texts: ["hi", "prices?"] });
  assert.equal(result.kind, "decided");
  const { prompt, ...trace } = result.trace;
  assert.deepEqual(trace, {
    model: "gpt-5-mini",
    calls: 2,
    inputTokens: 200,
    outputTokens: 20,
    ms: 0,
    tools: [
      { name: "unheard_of", args: "{}", result: "refused: there is no such tool" },
      { name: "reply", args: '{"messages":["Hello!"]}', result: "done" },
    ],
  });
  assert.deepEqual(prompt.map(({ text }) => text), requests[0]?.body.messages.map(({ content }) => content));
});

Deno.test("Agent.decide() learns a fact and answers, in one model answer or in two", async () => {
  const fact = { name: "update_contact", arguments: { field: "email", value: "ana@x.com", quote: "ana@x.com" } };
  const answer = { name: "reply", arguments: { messages: ["Thanks!"] } };
  const scripts: PuppetAnswer[][] = [
    [{ kind: "calls", calls: [fact] }, { kind: "calls", calls: [answer] }],
    [{ kind: "calls", calls: [fact, answer] }],
  ];
  for (const script of scripts) {
    const { result } = await askPuppet(script, { texts: ["hi", "it is ana@x.com"] });
    assert.equal(outcomeOf(result), "reply: Thanks!");
    assert.deepEqual(result.kind === "decided" && result.facts, [
      { field: "email", value: "ana@x.com", source: "agent", messageId: "burst:2" },
    ]);
  }
});

Deno.test("Agent.decide() lets no answer out that claims a fact which was refused", async () => {
  const fact = { name: "update_contact", arguments: { field: "email", value: "eve@x.com", quote: "ana@x.com" } };
  const answer = { name: "reply", arguments: { messages: ["Noted!"] } };
  const { result, requests } = await askPuppet([{ kind: "calls", calls: [fact, answer] }, hello], {
    texts: ["ana@x.com"],
  });
  assert.equal(outcomeOf(result), "reply: Hello!");
  assert.deepEqual(result.kind === "decided" && result.facts, []);
  assert.deepEqual(requests[1]?.body.messages.slice(-2).map(({ content }) => content), [
    "refused: the e-mail address does not stand in the quoted message",
    "not done: another call was refused; decide again",
  ]);
});

const misuses: Readonly<Record<string, { answer: PuppetAnswer; told: RegExp }>> = {
  "an unknown tool": { answer: oneCall("send_money", { to: "me" }), told: /no such tool/ },
  "a tool name that no provider would take back": { answer: oneCall("a b\n<c>", {}), told: /no such tool/ },
  "arguments that are not JSON": { answer: oneCall("reply", '{"messages":["hi"'), told: /not JSON/ },
  "arguments of the wrong shape": { answer: oneCall("reply", { text: "hi" }), told: /wrong arguments/ },
  "another contact's id in the arguments": {
    answer: oneCall("reply", { messages: ["hi"], recipient: "1234567890" }),
    told: /wrong arguments: .*recipient/,
  },
  "more than four messages": {
    answer: oneCall("reply", { messages: ["1", "2", "3", "4", "5"] }),
    told: /wrong arguments/,
  },
  "an empty reply": { answer: oneCall("reply", { messages: [" "] }), told: /wrong arguments/ },
  "two calls that end the turn": {
    answer: {
      kind: "calls",
      calls: [{ name: "reply", arguments: { messages: ["hi"] } }, { name: "hand_off", arguments: { reason: "x" } }],
    },
    told: /exactly one of/,
  },
  "an ending call beside an unknown one": {
    answer: {
      kind: "calls",
      calls: [{ name: "reply", arguments: { messages: ["hi"] } }, { name: "lookup", arguments: {} }],
    },
    told: /no such tool/,
  },
  "plain text without a tool call": {
    answer: { kind: "text", text: "Sure, I can help!" },
    told: /outside a tool call/,
  },
};

for (const [what, { answer, told }] of Object.entries(misuses)) {
  Deno.test(`Agent.decide() explains ${what} to the model once`, async () => {
    const { result, requests } = await askPuppet([answer, hello]);
    assert.equal(outcomeOf(result), "reply: Hello!");
    const explained = requests[1]?.body.messages.map(({ content }) => content ?? "").join("\n") ?? "";
    assert.match(explained, told);
    assert.doesNotMatch(explained, /\.ts\b|\.js\b|\bat .*:\d+|node_modules/);
  });

  Deno.test(`Agent.decide() asks for a person when ${what} comes twice`, async () => {
    const { result, requests } = await askPuppet([answer]);
    assert.match(outcomeOf(result), /^handOff: the model /);
    assert.equal(requests.length, 2);
  });
}

const heldBack: Readonly<Record<string, { text: string; reason: RegExp }>> = {
  "an injected link": { text: "Pay at https://evil.example/pay", reason: /link/ },
  "HTML": { text: "<b>Hello</b>", reason: /HTML/ },
  "100 kB": { text: "a".repeat(100_000), reason: /100000 bytes/ },
  "invisible characters": { text: "Hello\u{E0041}\u{E0042}", reason: /invisible/ },
};

for (const [what, { text, reason }] of Object.entries(heldBack)) {
  Deno.test(`Agent.decide() holds back ${what}, lets the model repair it, then asks for a person (C27)`, async () => {
    const bad = oneCall("reply", { messages: [text] });
    const repaired = await askPuppet([bad, hello]);
    const stubborn = await askPuppet([bad]);
    assert.equal(outcomeOf(repaired.result), "reply: Hello!");
    assert.match(outcomeOf(stubborn.result), /^handOff: the model's answer was held back: /);
    assert.match(outcomeOf(stubborn.result), reason);
    assert.equal(stubborn.requests.length, 2);
  });
}

Deno.test("Agent.decide() never lets the canary of its instructions out, spaced or reversed neither (C27)", async () => {
  const disguises: readonly ((canary: string) => string)[] = [
    (canary) => `My reference is ${canary}`,
    (canary) => [...canary.toUpperCase()].join(" "),
    (canary) => [...canary].reverse().join(""),
  ];
  for (const disguise of disguises) {
    const { result } = await askPuppet(({ body }) => {
      const canary = /ref-[0-9a-f-]{36}/.exec(body.messages[0]?.content ?? "")?.[0] ?? "no canary";
      return oneCall("reply", { messages: [disguise(canary)] });
    });
    assert.match(outcomeOf(result), /^handOff: .*gives away internal instructions/);
  }
});

const failures: Readonly<Record<string, { answer: PuppetAnswer; reason: string; retryAfterMs?: number }>> = {
  "a refusal": { answer: { kind: "refusal", refusal: "I cannot do that" }, reason: "the model refused to answer" },
  "an empty answer": { answer: { kind: "text", text: "" }, reason: "the model answered nothing" },
  "a cut-off text": {
    answer: { kind: "text", text: "Our pri", finish: "length" },
    reason: "the model's answer was cut off",
  },
  "a cut-off tool call": {
    answer: { kind: "calls", calls: [{ name: "reply", arguments: '{"messages":["Our pri' }], finish: "length" },
    reason: "the model's answer was cut off",
  },
  "a whole tool call that was cut off all the same": {
    answer: { kind: "calls", calls: [{ name: "reply", arguments: { messages: ["Our pri"] } }], finish: "length" },
    reason: "the model's answer was cut off",
  },
  "a filtered answer": {
    answer: { kind: "text", text: "x", finish: "content_filter" },
    reason: "the provider's content filter stopped the model's answer",
  },
  "no choices": { answer: { kind: "noChoices" }, reason: "the model's answer could not be read" },
  "an answer that is not JSON": {
    answer: { kind: "raw", status: 200, body: "<html>welcome to the proxy</html>" },
    reason: "the model's answer could not be read",
  },
  "HTML in place of an answer": {
    answer: { kind: "raw", status: 200, body: "<html></html>", headers: { "content-type": "text/html" } },
    reason: "the model's answer could not be read",
  },
  "JSON of another shape": {
    answer: { kind: "raw", status: 200, body: '{"choices":{}}' },
    reason: "the model's answer could not be read",
  },
  "a server error": { answer: { kind: "raw", status: 500, body: "{}" }, reason: "the model's provider answered 500" },
  "a wrong key": {
    answer: {
      kind: "raw",
      status: 401,
      body: '{"error":{"message":"Incorrect API key provided: sk-puppet-secret","code":"invalid_api_key"}}',
    },
    reason: "the model's provider answered 401 (invalid_api_key)",
  },
  "too many requests": {
    answer: { kind: "raw", status: 429, body: "{}" },
    reason: "the model's provider answered 429",
  },
  "too many requests, with a time to wait": {
    answer: { kind: "raw", status: 429, body: "{}", headers: { "retry-after": "7" } },
    reason: "the model's provider answered 429",
    retryAfterMs: 7_000,
  },
  "too many requests until a date": {
    answer: { kind: "raw", status: 429, body: "{}", headers: { "retry-after": "Tue, 24 Nov 2026 12:00:30 GMT" } },
    reason: "the model's provider answered 429",
    retryAfterMs: 30_000,
  },
};

for (const [what, { answer, reason, retryAfterMs }] of Object.entries(failures)) {
  Deno.test(`Agent.decide() fails with a reason on ${what}, asking no second time by itself`, async () => {
    const { result, requests } = await askPuppet([answer]);
    assert.equal(outcomeOf(result), `failed: ${reason}`);
    assert.equal(result.kind === "failed" && result.retryAfterMs, retryAfterMs);
    assert.equal(result.kind === "failed" && result.trace.error, reason);
    assert.equal(requests.length, 1);
  });
}

Deno.test("Agent.decide() fails when nobody listens at the provider's address", async () => {
  const puppet = startPuppetModel([hello]);
  const agent = await loadPuppetAgent(puppet, new ManualClock());
  await puppet[Symbol.asyncDispose]();
  const result = await agent.decide(makeRequest(), new AbortController().signal);
  assert.equal(outcomeOf(result), "failed: the model's provider could not be reached");
});

Deno.test("Agent.decide() asks for a person when the model never comes to a decision", async () => {
  const note = oneCall("update_contact", { field: "name", value: "Ana", quote: "Ana" });
  const { result, requests } = await askPuppet([note], { texts: ["Ana"] });
  assert.equal(outcomeOf(result), "handOff: the model came to no decision within 6 calls");
  assert.equal(requests.length, 6);
});

for (const kind of ["never", "drip"] as const) {
  Deno.test(`Agent.decide() gives up after 60 s by the clock when the answer is "${kind}"`, async () => {
    await using puppet = startPuppetModel([{ kind }]);
    const clock = new ManualClock();
    const agent = await loadPuppetAgent(puppet, clock);
    const deciding = agent.decide(makeRequest(), new AbortController().signal);
    await puppet.asked;
    clock.advance(60_000);
    assert.equal(outcomeOf(await deciding), "failed: the model did not decide within 60 s");
  });

  Deno.test(`Agent.decide() ends at once when its caller gives up while the answer is "${kind}"`, async () => {
    await using puppet = startPuppetModel([{ kind }]);
    const agent = await loadPuppetAgent(puppet, new ManualClock());
    const caller = new AbortController();
    const deciding = agent.decide(makeRequest(), caller.signal);
    await puppet.asked;
    caller.abort();
    assert.deepEqual(await deciding, { kind: "aborted" });
  });
}

Deno.test("Agent.decide() does not ask when its caller has given up already", async () => {
  await using puppet = startPuppetModel([hello]);
  const agent = await loadPuppetAgent(puppet, new ManualClock());
  assert.deepEqual(await agent.decide(makeRequest(), AbortSignal.abort()), { kind: "aborted" });
  assert.equal(puppet.requests.length, 0);
});

Deno.test("Agent.decide() asks the model no more once the turn's tokens are used up", async () => {
  await using puppet = startPuppetModel([oneCall("update_contact", { field: "name", value: "Ana", quote: "Ana" })]);
  const chat = new ChatOpenAICompletions({ apiKey: "sk-1", configuration: { baseURL: puppet.url }, maxRetries: 0 });
  const agent = makeAgent({ model: chat, modelName: "m", clock: new ManualClock(), limits: { tokens: 200 } });
  const result = await agent.decide(makeRequest({ texts: ["Ana"] }), new AbortController().signal);
  assert.equal(outcomeOf(result), "handOff: the model came to no decision within 200 tokens");
  assert.equal(puppet.requests.length, 2);
});

Deno.test("Agent.decide() puts the disclosure before the first answer only", async () => {
  const settings = { disclosure: "An assistant answers here." };
  const first = await askPuppet([hello], { settings });
  assert.equal(outcomeOf(first.result), "reply: An assistant answers here.\n\nHello!");
});

Deno.test("Agent.decide() tells neither key nor message in a reason", async () => {
  const { result } = await askPuppet([{
    kind: "raw",
    status: 400,
    body: '{"error":{"message":"bad: my secret text"}}',
  }], {
    texts: ["my secret text"],
  });
  assert.equal(outcomeOf(result), "failed: the model's provider answered 400");
});
