/** The conversation cases, as far as the demo model is asked to pass them, and the reports that people read. */
import assert from "node:assert/strict";
import { readBusiness, readCases } from "../evals/cases.ts";
import { compareRuns, type EvalRun, reportRun } from "../evals/report.ts";
import { type CaseResult, runCases } from "../evals/run.ts";
import { problemsOf } from "../evals/check.ts";
import { loadAgent } from "@/agent/model.ts";
import { systemClock } from "@/clock.ts";
import { openRuleBook } from "@/rules/rule_book.ts";

Deno.test("the demo model passes every case that it is asked to pass", async () => {
  const cases = await readCases("evals/cases");
  assert.ok(cases.length >= 60, `${cases.length} cases, wants 60`);
  assert.equal(new Set(cases.map(({ group, name }) => `${group}: ${name}`)).size, cases.length);
  await using rules = await openRuleBook({ dir: "rules", clock: systemClock });
  const agent = await loadAgent({ mode: "sandbox", clock: systemClock });
  const business = await readBusiness("evals/business.yaml");
  const results = await runCases(cases.filter(({ demo }) => demo), { business, rules, agent });
  const failed = results.filter(({ problems }) => problems.length > 0);
  assert.deepEqual(failed.map(({ group, name, problems, happened }) => ({ group, name, problems, happened })), []);
  assert.ok(results.length >= 25);
});

const happened = {
  outcome: "reply",
  reason: "r",
  by: "agent",
  texts: ["Cuesta $62"],
  facts: {},
  tools: ["reply"],
  optOut: false,
  language: "es",
} as const;

Deno.test("a case says everything that is wrong with an answer", () => {
  const expected = {
    outcome: ["silence" as const],
    all: ["70"],
    any: ["a", "b"].map((word) => `${word}${word}`),
    none: ["CUESTA"],
    language: "en",
    parts: 1,
    facts: { email: "a@b.c" },
    noFacts: [],
    tools: ["search_knowledge"],
    optOut: true,
  };
  assert.deepEqual(problemsOf(expected, happened), [
    "ended as reply, wants silence",
    'does not say "70"',
    'says none of "aa", "bb"',
    'says "CUESTA"',
    "answers in es, wants en",
    'did not learn email "a@b.c"',
    "did not use search_knowledge",
    "did not opt the contact out",
  ]);
});

function runOf(model: string, problems: Readonly<Record<string, readonly string[]>>): EvalRun {
  const results = Object.entries(problems).map(([name, wrong]): CaseResult => ({
    group: "prices",
    name,
    says: ["hola"],
    problems: wrong,
    happened,
    tokens: 10,
    ms: 500,
  }));
  return { model, at: "2026-11-24", results };
}

Deno.test("two runs are compared by what broke, what was fixed and what fails still", () => {
  const text = compareRuns(
    runOf("one", { a: [], b: ["x"], c: ["y"] }),
    runOf("two", { a: ["z"], b: [], c: ["y"], d: [] }),
  );
  assert.match(text, /passed 1 of 3 → 2 of 4 · 30 → 40 tokens/);
  assert.match(
    text,
    /## Broken: 1\n\n### prices: a[^]*wrong: z[^]*## Fixed: 1[^]*prices: b[^]*## Fails still: 1[^]*New cases: 1/,
  );
  assert.match(reportRun(runOf("one", { a: [], b: ["x"] })), /1 of 2 passed[^]*\| prices \| 1 \| 2 \|[^]*## prices: b/);
});
