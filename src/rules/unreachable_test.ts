import assert from "node:assert/strict";
import { makeRuleSet } from "@/rules/rule_set.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

const now = new Date("2026-11-24T12:00:00Z");

function warningsOf(text: string): readonly string[] {
  const content = loadYamlRules("70.yaml", text);
  if (content.kind === "broken") assert.fail(content.faults[0].reason);
  return makeRuleSet(
    [{ name: "70.yaml", faults: [], good: { hash: "h", rules: content.rules, loadedAt: now } }],
    now,
    [],
  ).state
    .warnings;
}

const greedy = "- name: greedy\n  match: { any: [price, shipping] }\n  reply: x\n";

Deno.test("a rule whose words an earlier rule answers, each of them, is told as never asked", () => {
  assert.deepEqual(warningsOf(`${greedy}- name: late\n  match: { any: [shipping, price] }\n  reply: y\n`), [
    'rule "late" (70.yaml:4) is never asked: rule "greedy" (70.yaml:1) comes first and decides on its words',
  ]);
});

Deno.test("a rule that keeps a word for itself, or wants more than words, is not told", () => {
  for (
    const match of ["{ any: [price, returns] }", "{ all: [price, red] }", '{ pattern: "price" }', "{ kind: share }"]
  ) {
    assert.deepEqual(warningsOf(`${greedy}- name: late\n  match: ${match}\n  reply: y\n`), [], match);
  }
});

Deno.test("a rule behind one that only answers at times, or only notes, is not told", () => {
  const at = "- name: nights\n  match: { any: [price], hours: closed }\n  reply: x\n";
  const notes = "- name: notes\n  match: { any: [price] }\n  tag: asked\n";
  for (const before of [at, notes]) {
    assert.deepEqual(warningsOf(`${before}- name: late\n  match: { any: [price] }\n  reply: y\n`), []);
  }
});

Deno.test("a rule that excludes what it wants is told", () => {
  assert.deepEqual(warningsOf("name: none\nmatch: { any: [red price], none: [price] }\nreply: x\n"), [
    'rule "none" (70.yaml:1) never matches: what it wants, its own "none" excludes',
  ]);
});
