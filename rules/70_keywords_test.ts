import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { type ChainResult, openRuleBook } from "@/rules/rule_book.ts";
import { type SampleTurn, sampleTurn } from "@/rules/sample_turn.ts";

async function decide(given: SampleTurn): Promise<ChainResult> {
  await using book = await openRuleBook({ dir: import.meta.dirname ?? "rules", clock: systemClock });
  return await book.run(sampleTurn(given));
}

Deno.test("the shipped chain loads without a problem or a warning, in the order of its files", async () => {
  await using book = await openRuleBook({ dir: import.meta.dirname ?? "rules", clock: systemClock });
  const { rules, problems, warnings } = book.state();
  assert.deepEqual([problems, warnings], [[], []]);
  assert.deepEqual(rules.map(({ name }) => name), [
    "dedup",
    "takeover",
    "reply-window",
    "cooldown",
    "opt-out",
    "ask-for-person",
    "business-hours",
    "thanks",
    "gracias",
    "catalogue",
    "catalogo",
  ]);
  assert.ok(rules.every(({ description }) => description.length > 10));
});

Deno.test("the shipped keywords answer a thank-you, by name where it is known", async () => {
  const thanks = await decide({ texts: ["Thank you!! 🙏"], contact: { name: "Ada" } });
  assert.deepEqual(thanks.verdict.kind === "reply" && thanks.verdict.texts, ["You're welcome, Ada! 😊"]);
  const gracias = await decide({ texts: ["Muchísimas gracias"] });
  assert.deepEqual(gracias.verdict.kind === "reply" && gracias.verdict.texts, [
    "¡De nada, gracias a ti por escribirnos! 😊",
  ]);
});

Deno.test("the shipped keywords ask back about a catalogue and note the interest", async () => {
  const { rule, tags, fields } = await decide({ texts: ["¿Catálogo?"] });
  assert.equal(rule, "catalogo");
  assert.deepEqual(tags, ["asked-for-catalogue"]);
  assert.deepEqual(fields, [{ field: "interest", value: "catalogue", by: "catalogo" }]);
});

Deno.test("the shipped chain leaves ordinary messages to the agent", async () => {
  const ordinary = [
    "hola",
    "Hi! How much is the blue dress?",
    "thanks, do you ship to Bogotá?",
    "gracias, ¿y en talla M?",
    "What are your opening hours?",
    "¿a qué hora abren?",
    "is it in the catalogue?",
    "I want to return my order",
    "does the zip stop halfway?",
    "👍",
    "ok",
  ];
  for (const text of ordinary) assert.equal((await decide({ texts: [text] })).verdict.kind, "pass", text);
});

Deno.test("the shipped chain hears an opt-out through takeover, closed window and cooldown", async () => {
  const obstacles = [
    { handler: "person" as const },
    { windowOpen: false },
    { cooldownLeftMs: 4_000, cooldownUntil: new Date("2026-11-24T12:00:04Z") },
  ];
  for (const conversation of obstacles) {
    const { optOut, rule } = await decide({ texts: ["Stop"], conversation });
    assert.deepEqual([optOut, rule], [true, "opt-out"]);
  }
});

Deno.test("the shipped chain gives every silence a reason in words", async () => {
  const answered = await decide({ messages: [{ text: "hi", answered: true }] });
  const held = await decide({ texts: ["hi"], conversation: { handler: "person" } });
  for (const { verdict } of [answered, held]) {
    assert.equal(verdict.kind, "silence");
    assert.match(verdict.reason ?? "", /\w+ \w+/);
  }
});

Deno.test("the shipped chain decides in well under 20 ms, with a full history", async () => {
  await using book = await openRuleBook({ dir: import.meta.dirname ?? "rules", clock: systemClock });
  const history = Array.from({ length: 20 }, () => ({ text: "x".repeat(1_000) }));
  const turn = sampleTurn({ texts: Array.from({ length: 10 }, () => "word ".repeat(200)), history });
  const times: number[] = [];
  for (let count = 0; count < 50; count += 1) {
    const startedAt = performance.now();
    await book.run(turn);
    times.push(performance.now() - startedAt);
  }
  const median = times.sort((a, b) => a - b)[25];
  assert.ok(median < 20, `median ${median} ms`);
});
