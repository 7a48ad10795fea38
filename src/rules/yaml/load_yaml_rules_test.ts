import assert from "node:assert/strict";
import fc from "fast-check";
import type { Rule, Verdict } from "@/rules/contract.ts";
import type { Fault } from "@/rules/rule_file.ts";
import { type SampleTurn, sampleTurn } from "@/rules/sample_turn.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

function rulesOf(text: string): readonly Rule[] {
  const content = loadYamlRules("70_test.yaml", text);
  if (content.kind === "broken") assert.fail(content.faults.map(({ reason }) => reason).join("\n"));
  return content.rules.map(({ rule }) => rule);
}

function faultsOf(text: string): readonly Fault[] {
  const content = loadYamlRules("70_test.yaml", text);
  assert.equal(content.kind, "broken");
  return content.kind === "broken" ? content.faults : [];
}

async function verdictOf(text: string, turn: SampleTurn): Promise<Verdict> {
  return await rulesOf(text)[0].apply(sampleTurn(turn));
}

/** Whether a rule with these conditions answers. */
async function matches(conditions: string, turn: SampleTurn): Promise<boolean> {
  return (await verdictOf(`{ name: a, match: ${conditions}, reply: ok }`, turn)).kind === "reply";
}

Deno.test("a YAML file holds one rule or a list, each with the line where it begins", () => {
  assert.deepEqual(rulesOf("name: a\nmatch: { any: [hi] }\nreply: hello").map(({ name }) => name), ["a"]);
  const list = loadYamlRules(
    "70_test.yaml",
    "# words\n- name: a\n  match: { any: [hi] }\n  reply: hello\n\n- name: b\n  match: { any: [ho] }\n  silence: why",
  );
  assert.deepEqual(list.kind === "good" && list.rules.map(({ line }) => line), [2, 6]);
});

Deno.test("any, all and none look at the whole burst", async () => {
  assert.equal(await matches("{ any: [price, cost] }", { texts: ["hi", "what does it cost?"] }), true);
  assert.equal(await matches("{ any: [price, cost] }", { texts: ["costly"] }), false);
  assert.equal(await matches("{ all: [price, red] }", { texts: ["the red one", "price?"] }), true);
  assert.equal(await matches("{ all: [price, red] }", { texts: ["price?"] }), false);
  assert.equal(await matches("{ any: [price], none: [wholesale] }", { texts: ["price?", "wholesale"] }), false);
});

Deno.test("only wants every message of the burst to be one of the phrases", async () => {
  assert.equal(await matches("{ only: [gracias, ok] }", { texts: ["¡GRACIAS!", "ok"] }), true);
  assert.equal(await matches("{ only: [gracias] }", { texts: ["gracias", "¿precio?"] }), false);
  assert.equal(await matches("{ only: [gracias] }", { messages: [{ kind: "media" }] }), false);
});

Deno.test("pattern is searched in each message, blind to case", async () => {
  const turn = { texts: ["my order is MX-4812"] };
  assert.equal(await matches('{ pattern: "\\\\bmx-\\\\d{4}\\\\b" }', turn), true);
  assert.equal(await matches('{ pattern: "^mx-" }', turn), false);
});

Deno.test("a pattern that would hang a backtracking engine answers at once", async () => {
  const startedAt = performance.now();
  assert.equal(await matches('{ pattern: "^(a+)+$" }', { texts: [`${"a".repeat(1_000)}!`] }), false);
  assert.ok(performance.now() - startedAt < 1_000);
});

Deno.test("kind wants one message of the burst to be of it", async () => {
  const turn = { messages: [{ kind: "storyReply", text: "nice" }, { text: "price?" }] };
  assert.equal(await matches("{ kind: storyReply }", turn), true);
  assert.equal(await matches("{ kind: [media, share] }", turn), false);
});

Deno.test("language is the contact's field, or else the account's; es takes in es-MX and not the reverse", async () => {
  assert.equal(await matches("{ language: es }", { settings: { language: "es-MX" } }), true);
  assert.equal(await matches("{ language: es-MX }", { settings: { language: "es" } }), false);
  assert.equal(await matches("{ language: [pt, es] }", { contact: { fields: { language: "PT-br" } } }), true);
  assert.equal(await matches("{ language: en }", { contact: { fields: { language: "es" } } }), false);
});

Deno.test("hours are the business's, or a span of days that may run over midnight", async () => {
  const at = (text: string): SampleTurn => ({ now: new Date(text), timeZone: "Europe/Madrid" });
  assert.equal(await matches("{ hours: closed }", { business: { open: false } }), true);
  assert.equal(await matches("{ hours: open }", { business: { open: false } }), false);
  const nights = '{ hours: { from: "22:00", to: "02:00", days: [fri] } }';
  assert.equal(await matches(nights, at("2026-11-27T21:00:00Z")), true);
  assert.equal(await matches(nights, at("2026-11-28T00:59:00Z")), true);
  assert.equal(await matches(nights, at("2026-11-28T01:00:00Z")), false);
  assert.equal(await matches(nights, at("2026-11-28T21:00:00Z")), false);
});

Deno.test("a rule tells in words why it answered, or the first condition that did not hold", async () => {
  const file = "{ name: a, match: { any: [price, cost], hours: open }, reply: ok }";
  assert.equal((await verdictOf(file, { texts: ["The PRICE?"] })).reason, 'it says "price"');
  assert.equal((await verdictOf(file, { texts: ["hi"] })).reason, 'it says none of "price", "cost"');
  assert.equal(
    (await verdictOf(file, { texts: ["price"], business: { open: false } })).reason,
    "the business is closed",
  );
});

Deno.test("actions: reply in parts, hand off, silence, tag and set", async () => {
  const given = { texts: ["hi"], contact: { name: "Ada" } };
  assert.deepEqual(await verdictOf('{ name: a, match: { any: [hi] }, reply: ["Hi {{name}}", two], tag: x }', given), {
    kind: "reply",
    texts: ["Hi Ada", "two"],
    reason: 'it says "hi"',
    tags: ["x"],
  });
  assert.deepEqual(
    await verdictOf("{ name: a, match: { any: [hi] }, handOff: a big order, set: { topic: b2b } }", given),
    {
      kind: "handOff",
      reason: 'a big order (it says "hi")',
      fields: { topic: "b2b" },
    },
  );
  assert.deepEqual(await verdictOf("{ name: a, match: { any: [hi] }, silence: spam }", given), {
    kind: "silence",
    reason: 'spam (it says "hi")',
  });
  assert.deepEqual(await verdictOf("{ name: a, match: { any: [hi] }, tag: [x, y] }", given), {
    kind: "pass",
    reason: 'noted (it says "hi")',
    tags: ["x", "y"],
  });
});

const head = "- name: a\n  match: { any: [hi] }\n  reply: ok\n";

/** What is wrong, and the line, column and words that the fault must have. */
const mistakes: readonly [string, string, number, number, RegExp][] = [
  ["an unclosed list", `${head}- name: b\n  match: { any: [hi\n`, 6, 1, /is not YAML/],
  ["a tab as indentation", "name: a\n\tmatch: x\n", 2, 1, /is not YAML/],
  ["a key written twice", "name: a\nname: b\n", 2, 1, /unique/],
  ["two documents", "name: a\n---\nname: b\n", 2, 1, /is not YAML/],
  ["a tag of YAML's", "name: !!js/function x\n", 1, 7, /tag/],
  ["an alias", "- &x { name: a, match: { any: [hi] }, reply: ok }\n- *x\n", 1, 1, /alias/],
  ["an empty file", "# nothing yet\n", 1, 1, /is empty, wants a rule/],
  ["an empty list", "[]\n", 1, 1, /empty list/],
  ["a text instead of a rule", "hello\n", 1, 1, /wants a rule/],
  [
    "a misspelt key",
    `${head}- name: b\n  match: { any: [hi] }\n  replay: ok\n`,
    6,
    3,
    /rule 2 \("b"\).*does not know "replay"/,
  ],
  ["a misspelt condition", `${head}- name: b\n  match:\n    anny: [hi]\n  reply: ok\n`, 6, 5, /does not know "anny"/],
  ["no name", "- match: { any: [hi] }\n  reply: ok\n", 1, 3, /name wants the rule's name/],
  ["no conditions", "- name: a\n  reply: ok\n", 1, 3, /match wants conditions/],
  ["conditions that are empty", "- name: a\n  match: {}\n  reply: ok\n", 2, 3, /at least one condition/],
  ["no action", "- name: a\n  match: { any: [hi] }\n", 1, 3, /wants an action/],
  ["two actions", `${head}  silence: why\n`, 1, 3, /not several/],
  [
    "a number as a word",
    "- name: a\n  match:\n    any:\n      - hi\n      - 24\n  reply: ok\n",
    5,
    9,
    /quotes around a number/,
  ],
  ["an unknown kind", "- name: a\n  match: { kind: sticker }\n  reply: ok\n", 2, 12, /wants one of text, media/],
  [
    "a time that is none",
    '- name: a\n  match: { hours: { from: "9", to: "18:00" } }\n  reply: ok\n',
    2,
    21,
    /hours\.from wants HH:MM/,
  ],
  [
    "a reply too long for one message",
    `- name: a\n  match: { any: [hi] }\n  reply: ${"é".repeat(501)}\n`,
    3,
    3,
    /1000 bytes/,
  ],
  [
    "an unknown variable",
    "- name: a\n  match: { any: [hi] }\n  reply: Hi {{nmae}}\n",
    3,
    3,
    /does not know \{\{nmae\}\}/,
  ],
  [
    "a pattern that RE2 refuses",
    '- name: a\n  match:\n    pattern: "(?=x)"\n  reply: ok\n',
    3,
    5,
    /pattern is not one of RE2's/,
  ],
  ["a field name that is none", `${head}  set: { "a b": c }\n`, 4, 10, /wants a field name/],
  [
    "an example that does not match",
    `${head}  examples:\n    match:\n      - hi\n      - ciao\n`,
    7,
    9,
    /rule 1 \("a"\): its example "ciao" should match, but does not: it says none of "hi"/,
  ],
  [
    "an example that matches against the rule",
    `${head}  examples: { noMatch: [bye, [oh, hi you]] }\n`,
    4,
    30,
    /its example "oh" \+ "hi you" should not match, but does: it says "hi"/,
  ],
];

for (const [what, text, line, column, words] of mistakes) {
  Deno.test(`a YAML file with ${what} is refused, with line, column and reason`, () => {
    const [fault] = faultsOf(text);
    assert.match(fault.reason, words);
    assert.match(fault.reason, /^Cannot load rule "70_test\.yaml": /);
    assert.deepEqual([fault.line, fault.column], [line, column]);
  });
}

Deno.test("a YAML file tells everything that is wrong with it at once", () => {
  const faults = faultsOf("- name: a\n  match: { any: [] }\n- name: 7\n  reply: ok\n");
  assert.deepEqual(faults.map(({ line }) => line), [1, 2, 3, 3]);
});

Deno.test("any text whatever is a good file or a broken one, never an exception", () => {
  const pieces = fc.constantFrom(
    "name: a",
    "match:",
    "any: [hi]",
    "- ",
    "\n",
    "  ",
    "reply: ok",
    "{",
    "}",
    "[",
    "&a",
    "*a",
    "!!x",
    '"',
    ":",
    "é",
  );
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.array(pieces).map((all) => all.join(""))), (text) => {
      const content = loadYamlRules("70_test.yaml", text);
      assert.ok(content.kind === "good" || content.faults.length > 0);
    }),
  );
});

Deno.test("a rule with any of some words answers exactly when one of them is among the words said", async () => {
  const word = fc.constantFrom("price", "Precio", "cuánto", "how much", "red");
  await fc.assert(fc.asyncProperty(fc.uniqueArray(word, { minLength: 1 }), fc.array(word), async (wanted, said) => {
    const answers = await matches(`{ any: ${JSON.stringify(wanted)} }`, { texts: [said.join(", ").toUpperCase()] });
    assert.equal(answers, wanted.some((one) => said.includes(one)));
  }));
});
