import assert from "node:assert/strict";
import fc from "fast-check";
import { forgetInTurn, takenBackWords } from "@/conversation/forget.ts";
import { after, Ledger, noon, textEvent, unsendEvent } from "@/conversation/testing.ts";
import { learnFacts } from "@/conversation/facts.ts";
import { commitTurn } from "@/conversation/turn.ts";
import type { AgentTrace, Fact, PromptLine, Turn } from "@/store/records.ts";

const account = "17841400000000001";
const own = { messageId: `${account}:msg:m1`, texts: ["my card is 4111-2222"] };

/** A line of the prompt in which texts stand after one another, each that of a message. */
function lineOf(...shown: readonly (readonly [messageId: string, text: string])[]): PromptLine {
  const starts = shown.map((_, index) => shown.slice(0, index).reduce((sum, [, text]) => sum + text.length + 1, 0));
  return {
    role: "user",
    text: shown.map(([, text]) => text).join("|"),
    shows: shown.map(([messageId, text], index) => ({
      messageId,
      start: starts[index] ?? 0,
      end: (starts[index] ?? 0) + text.length,
    })),
  };
}

function traceOf(...prompt: readonly PromptLine[]): AgentTrace {
  const tools = [{ name: "hand_off", args: '{"reason":"gave the card 4111"}', result: "done" }];
  return { model: "m", calls: 1, inputTokens: 1, outputTokens: 1, ms: 1, prompt, tools };
}

function turnOf(patch: Partial<Turn> & { readonly reason?: string } = {}): Turn {
  const { reason = "the agent answered", ...rest } = patch;
  return {
    id: "c_t1",
    conversationId: "c",
    accountId: account,
    number: 1,
    messageIds: [own.messageId],
    startedAt: noon,
    decidedAt: noon,
    checks: [],
    rules: [],
    outcome: { kind: "silent", reason, by: "agent", texts: [] },
    outboundIds: [],
    forced: false,
    supersedes: 0,
    attempts: 1,
    ...rest,
  };
}

Deno.test("forgetInTurn() cuts the message out of the prompt, and all that the model wrote after reading it", () => {
  const agent = traceOf({ role: "system", text: "s" }, lineOf(["a", "hi"], [own.messageId, "4111"], ["b", "bye"]));
  const after = forgetInTurn(turnOf({ agent }), [own]);
  assert.equal(after.agent?.prompt[1]?.text, `hi|${takenBackWords}|bye`);
  assert.deepEqual(after.agent?.tools, [{ name: "hand_off", args: takenBackWords, result: "done" }]);
  assert.deepEqual(after.agent?.prompt[0], agent.prompt[0]);
});

Deno.test("forgetInTurn() keeps the place of every other message, so that each can be taken back later", () => {
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }), { minLength: 1, maxLength: 9 });
  fc.assert(fc.property(texts, fc.infiniteStream(fc.nat()), (said, order) => {
    const marked = said.map((text, index) => [`m${index}`, `<${text}>`] as const);
    const left = [...marked];
    let turn = turnOf({ agent: traceOf(lineOf(...marked)) });
    for (const pick of order.take(said.length)) {
      const [[messageId] = [""]] = left.splice(pick % left.length, 1);
      turn = forgetInTurn(turn, [{ messageId, texts: [] }]);
      const line = turn.agent?.prompt[0];
      assert.deepEqual(
        (line?.shows ?? []).map(({ start, end }) => line?.text.slice(start, end)),
        left.map(([, t]) => t),
      );
    }
    assert.equal(turn.agent?.prompt[0]?.text, marked.map(() => takenBackWords).join("|"));
  }));
});

Deno.test("forgetInTurn() erases a reason that quotes the message, whoever gave it, and leaves the others", () => {
  const rule = { rule: "r", verdict: "pass", ms: 1 } as const;
  const quoting = ["said “My card is …”", "it ends in 2222", "MÝ CARD IS lost"];
  const others = ["wants to pay by card", "the agent answered", "outside business hours"];
  for (const reason of [...quoting, ...others]) {
    const wanted = quoting.includes(reason) ? takenBackWords : reason;
    const turn = forgetInTurn(turnOf({ reason, rules: [{ ...rule, reason }] }), [own]);
    assert.deepEqual([turn.outcome.reason, turn.rules[0]?.reason], [wanted, wanted]);
  }
});

Deno.test("forgetInTurn() answers the same turn when nothing of the message is in it, and when done twice", () => {
  const turn = turnOf({ agent: traceOf(lineOf(["a", "hi"])) });
  assert.equal(forgetInTurn(turn, [own]), turn);
  const once = forgetInTurn(turnOf({ agent: traceOf(lineOf([own.messageId, "4111"])), reason: "4111" }), [own]);
  assert.equal(forgetInTurn(once, [own]), once);
});

Deno.test("an unsent message takes along what was learned from it, but not what a person entered", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1", { text: "I am Ana, ana@x.com" }), textEvent("m2")], noon);
  const { messageId } = own;
  const proposals = [
    { field: "name", value: "Ana", source: "agent", messageId },
    { field: "email", value: "ana@x.com", source: "agent", messageId },
    { field: "size", value: "M", source: "agent", messageId: `${account}:msg:m2` },
  ] as const;
  ledger.commit(learnFacts(ledger.start(), proposals, [], noon));
  ledger.commit(learnFacts(ledger.start(), [{ field: "name", value: "Anne", source: "person" }], [], noon));
  ledger.receive([unsendEvent("m1")], after(1));
  const fields: Readonly<Record<string, Fact>> = ledger.aggregate.contact.fields;
  assert.deepEqual(Object.keys(fields), ["name", "size"]);
  assert.deepEqual([fields.name?.value, fields.name?.previous], ["Anne", undefined]);
});

Deno.test("an unsent message takes along what a person wrote over it, when nothing else was learned from it", () => {
  const ledger = new Ledger();
  ledger.receive([textEvent("m1", { text: "I am Ana Lucía Prado" })], noon);
  const { messageId } = own;
  ledger.commit(learnFacts(ledger.start(), [{ field: "name", value: "Ana", source: "agent", messageId }], [], noon));
  ledger.commit(learnFacts(ledger.start(), [{ field: "name", value: "Anne", source: "person" }], [], noon));
  assert.equal(ledger.aggregate.contact.fields.name?.previous, "Ana");
  ledger.receive([unsendEvent("m1")], after(1));
  const { name } = ledger.aggregate.contact.fields;
  assert.deepEqual([name?.value, name?.previous], ["Anne", undefined]);
});

Deno.test("a forced commit holds nothing of a message that was taken back while it was decided (C19)", () => {
  const ledger = new Ledger({ debounceMaxMs: 5_000 });
  ledger.receive([textEvent("m1")], noon);
  ledger.begin("s1", after(10_000));
  ledger.receive([unsendEvent("m1")], after(11_000));
  const record = {
    snapshotId: "s1",
    decision: { kind: "handOff", reason: "card 4111", by: "agent" },
    checks: [],
    rules: [],
    agent: traceOf(lineOf([own.messageId, "card 4111"])),
    facts: [{ field: "card", value: "4111", source: "agent", messageId: own.messageId }],
    tags: [],
    optOut: false,
    messages: [],
    takenBack: [own.messageId],
  } as const;
  const outcome = commitTurn(ledger.start(), record, { settings: ledger.settings, now: after(12_000) });
  assert.equal(outcome.kind, "committed");
  assert.doesNotMatch(JSON.stringify(outcome), /4111/);
});
