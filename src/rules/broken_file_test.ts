import assert from "node:assert/strict";
import { breakages, breakFile, codeFile, goodFile, yamlFile } from "@/rules/testing/breakages.ts";
import type { RuleBook, RuleProblem } from "@/rules/rule_book.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";
import { codeRule, openTestBook, yamlRule } from "@/rules/testing/test_book.ts";

async function answerOf(book: RuleBook): Promise<unknown> {
  const { verdict } = await book.run(sampleTurn({ texts: ["hi"] }));
  return verdict.kind === "reply" ? verdict.texts[0] : verdict.kind;
}

for (const breakage of breakages) {
  const { what, file, reason, line, column } = breakage;
  Deno.test(`${file}, broken by ${what}, leaves its last good version running and says where and why`, async () => {
    await using test = await openTestBook({ [file]: goodFile(file, "last good") });
    const { version } = test.book.state();
    await breakFile(test.dir, breakage);
    const { problems: [problem], rules } = await test.becomes(({ problems }) => problems.length > 0);
    assert.match(problem.reason, reason);
    assert.ok(problem.reason.startsWith(`Cannot load rule "${file}": `));
    assert.deepEqual([problem.file, rules.length, test.book.state().version], [file, 1, version]);
    assert.match(problem.stillRunning ?? "", /^[0-9a-f]{12}$/);
    assert.ok(problem.runningSince !== undefined && problem.runningSince <= problem.since);
    if (line !== undefined) assert.equal(problem.line, line);
    if (column !== undefined) assert.equal(problem.column, column);
    assert.equal(await answerOf(test.book), "last good");
    await Deno.remove(`${test.dir}/${file}`);
    await test.save(file, goodFile(file, "mended"));
    await test.becomes((state) => state.problems.length === 0 && state.version !== version);
    assert.equal(await answerOf(test.book), "mended");
  });
}

Deno.test("a file that never was good is left out, and the others run", async () => {
  await using test = await openTestBook({ [codeFile]: "export default 1;\n", [yamlFile]: yamlRule("b", "from b") });
  const { rules, problems } = test.book.state();
  assert.deepEqual(rules.map(({ name }) => name), ["b"]);
  assert.deepEqual(problems.map(({ file, stillRunning }) => [file, stillRunning]), [[codeFile, undefined]]);
  assert.equal(await answerOf(test.book), "from b");
});

Deno.test("a problem keeps the time since when the file is broken, through other ways of being broken", async () => {
  await using test = await openTestBook({ [yamlFile]: "name: [" });
  const since = (problem: RuleProblem | undefined): Date | undefined => problem?.since;
  const first = since(test.book.state().problems[0]);
  await test.save(yamlFile, "other: nonsense");
  const { problems: [second] } = await test.book.reload();
  assert.match(second.reason, /does not know "other"/);
  assert.deepEqual(since(second), first);
});

Deno.test("a file put back as it was before it broke has no problem and the version of before", async () => {
  await using test = await openTestBook({ [codeFile]: codeRule("a", "same") });
  const { version } = test.book.state();
  await test.save(codeFile, "export default 1;\n");
  assert.equal((await test.book.reload()).problems.length, 1);
  await test.save(codeFile, codeRule("a", "same"));
  const { problems, version: after } = await test.book.reload();
  assert.deepEqual([problems, after], [[], version]);
});

Deno.test("a file that is written slowly, piece by piece, never takes the last good version away", async () => {
  await using test = await openTestBook({ [yamlFile]: yamlRule("a", "last good") });
  const text = `${yamlRule("a", "new")}examples:\n  match: [hi]\n`;
  for (let length = 0; length < text.length; length += 7) {
    await test.save(yamlFile, text.slice(0, length));
    await test.book.reload();
    assert.ok(["last good", "new"].includes(await answerOf(test.book) as string));
  }
  await test.save(yamlFile, text);
  await test.book.reload();
  assert.equal(await answerOf(test.book), "new");
});
