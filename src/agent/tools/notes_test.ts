import assert from "node:assert/strict";
import { oneCall, type PuppetAnswer } from "@tests/support/puppet_model.ts";
import type { KnowledgePort } from "@/agent/knowledge.ts";
import { askPuppet, outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { noon } from "@/agent/testing/make_request.ts";

const reply = { name: "reply", arguments: { messages: ["Done!"] } };
const plan = {
  name: "schedule_follow_up",
  arguments: { in_minutes: 60, message: "Still there?", even_if_they_write: false, reason: "asked for it" },
};
const close = { name: "close_conversation", arguments: { reason: "goodbye" } };

const knowledge: KnowledgePort = {
  titles: ["Deliveries"],
  search: (query) =>
    Promise.resolve(
      query === "delivery" ? [{ id: "1", title: "Deliveries", text: "It costs $55: https://moca.example/d" }] : [],
    ),
};

Deno.test("search_knowledge shows the model what a document says under its title, and its links may be written", async () => {
  const search = oneCall("search_knowledge", { query: "delivery" });
  const answer = oneCall("reply", { messages: ["$55, see https://moca.example/d"] });
  const { result, requests } = await askPuppet([search, answer], { knowledge });
  assert.equal(outcomeOf(result), "reply: $55, see https://moca.example/d");
  assert.match(requests[0]?.body.messages[0]?.content ?? "", /DOCUMENTS[^]*- Deliveries/);
  assert.equal(requests[1]?.body.messages.at(-1)?.content, 'From "Deliveries":\nIt costs $55: https://moca.example/d');
  assert.match(result.kind === "decided" ? result.trace.tools[0]?.result ?? "" : "", /Deliveries/);
});

Deno.test("search_knowledge says when nothing is found", async () => {
  const { requests } = await askPuppet([
    oneCall("search_knowledge", { query: "shoes" }),
    oneCall("reply", { messages: ["Hm"] }),
  ], { knowledge });
  assert.match(requests[1]?.body.messages.at(-1)?.content ?? "", /nothing was found/);
});

Deno.test("an answer beside a search counts for nothing: what was found has to be read first", async () => {
  const both: PuppetAnswer = {
    kind: "calls",
    calls: [{ name: "search_knowledge", arguments: { query: "delivery" } }, {
      name: "reply",
      arguments: { messages: ["Guess"] },
    }],
  };
  const { result } = await askPuppet([both, oneCall("reply", { messages: ["Read"] })], { knowledge });
  assert.equal(outcomeOf(result), "reply: Read");
});

Deno.test("schedule_follow_up plans a text beside the answer, for the contact at hand", async () => {
  const { result } = await askPuppet([{ kind: "calls", calls: [plan, reply] }]);
  assert.deepEqual(result.kind === "decided" && result.followUps, [{
    at: new Date(noon.getTime() + 3_600_000),
    text: "Still there?",
    by: "agent",
    why: "asked for it",
    evenIfAnswered: false,
  }]);
});

Deno.test("schedule_follow_up is held to the same gate as an answer (C27)", async () => {
  const bad = { ...plan, arguments: { ...plan.arguments, message: "Pay at https://evil.example" } };
  const { result, requests } = await askPuppet([{ kind: "calls", calls: [bad, reply] }]);
  assert.match(outcomeOf(result), /^handOff: the model's answer was held back: .*link/);
  assert.equal(requests.length, 2);
});

Deno.test("close_conversation goes with an answer, not with a hand-off nor a follow-up", async () => {
  const closed = await askPuppet([{ kind: "calls", calls: [close, reply] }]);
  assert.equal(closed.result.kind === "decided" && closed.result.closes, true);
  const handOff = { name: "hand_off", arguments: { reason: "upset" } };
  for (const calls of [[close, handOff], [close, plan, reply], [plan, plan, reply]]) {
    const { result } = await askPuppet([{ kind: "calls", calls }]);
    assert.match(outcomeOf(result), /^handOff: the model misused its tools/);
    assert.deepEqual(result.kind === "decided" && [result.followUps, result.closes], [[], false]);
  }
});

Deno.test("no tool takes another contact's id (C27)", async () => {
  for (const name of ["search_knowledge", "schedule_follow_up", "close_conversation"]) {
    const args = { ...plan.arguments, query: "x", psid: "42", conversation: "42" };
    const { result } = await askPuppet([oneCall(name, args)]);
    assert.match(outcomeOf(result), /^handOff: the model misused its tools: wrong arguments/);
  }
});
