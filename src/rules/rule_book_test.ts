import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { openRuleBook } from "@/rules/rule_book.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";
import { codeRule, openTestBook, yamlRule } from "@/rules/testing/test_book.ts";

async function answerOf(book: RuleBook): Promise<readonly string[] | undefined> {
  const { verdict } = await book.run(sampleTurn({ texts: ["hi"] }));
  return verdict.kind === "reply" ? verdict.texts : undefined;
}

function names(book: RuleBook): readonly string[] {
  return book.state().rules.map(({ name }) => name);
}

Deno.test("openRuleBook() reads code and keyword rules, in order of their files' names", async () => {
  await using test = await openTestBook({
    "20_b.ts": codeRule("b", "from b"),
    "10_a.yaml": `- ${yamlRule("a1", "one").replaceAll("\n", "\n  ").trimEnd()}\n- ${
      yamlRule("a2", "two").replaceAll("\n", "\n  ").trimEnd()
    }\n`,
    "Z.yml": yamlRule("upper", "z"),
    "a.yml": yamlRule("lower", "a"),
  });
  assert.deepEqual(test.book.state().rules.map(({ name, file, kind, line }) => [name, file, kind, line]), [
    ["a1", "10_a.yaml", "yaml", 1],
    ["a2", "10_a.yaml", "yaml", 4],
    ["b", "20_b.ts", "code", undefined],
    ["upper", "Z.yml", "yaml", 1],
    ["lower", "a.yml", "yaml", 1],
  ]);
  assert.deepEqual(test.book.state().problems, []);
});

Deno.test("openRuleBook() passes over what is no rule: notes, tests, hidden files, folders, other kinds", async () => {
  await using test = await openTestBook({
    "10_a.yaml": yamlRule("a", "yes"),
    "README.md": "# Rules",
    "rule.schema.json": "{}",
    "10_a_test.ts": "throw new Error()",
    "types.d.ts": "nonsense",
    ".hidden.yaml": "nonsense: [",
    ".70_keywords.yaml.swp": "nonsense",
    "10_a.yaml~": "nonsense",
    "10_a.yaml.tmp": "nonsense",
    "4913": "",
  });
  await Deno.mkdir(`${test.dir}/folder.yaml`);
  await test.book.reload();
  assert.deepEqual(names(test.book), ["a"]);
  assert.deepEqual(test.book.state().problems, []);
});

Deno.test("a saved rule is live within a second", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "old"), "20_b.ts": codeRule("b", "b") });
  for (const [name, text] of [["10_a.yaml", yamlRule("a", "new")], ["05_first.ts", codeRule("first", "newer")]]) {
    const { version } = test.book.state();
    const savedAt = performance.now();
    await test.save(name, text);
    await test.becomes((state) => state.version !== version);
    assert.ok(performance.now() - savedAt < 1_000, `took ${performance.now() - savedAt} ms`);
  }
  assert.deepEqual(await answerOf(test.book), ["newer"]);
});

Deno.test("a code rule that is changed again and again always runs as it was saved last", async () => {
  await using test = await openTestBook({ "10_a.ts": codeRule("a", "version 0") });
  for (const text of ["version 1", "version 2", "version 1"]) {
    await test.save("10_a.ts", codeRule("a", text));
    await test.book.reload();
    assert.deepEqual(await answerOf(test.book), [text]);
  }
});

Deno.test("a removed file takes its rules with it, a renamed one moves them", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "a"), "20_b.yaml": yamlRule("b", "b") });
  await Deno.rename(`${test.dir}/10_a.yaml`, `${test.dir}/30_a.yaml`);
  await test.becomes(({ rules }) => rules.map(({ name }) => name).join() === "b,a");
  await test.remove("20_b.yaml");
  await test.becomes(({ rules }) => rules.map(({ name }) => name).join() === "a");
  assert.deepEqual(await answerOf(test.book), ["a"]);
});

Deno.test("a save by an atomic rename, with a temporary file beside, is taken as one change", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "old") });
  await test.save("10_a.yaml.tmp", yamlRule("a", "new"));
  await Deno.rename(`${test.dir}/10_a.yaml.tmp`, `${test.dir}/10_a.yaml`);
  const { version } = await openVersion(yamlRule("a", "new"));
  assert.deepEqual((await test.becomes((state) => state.version === version)).problems, []);
});

async function openVersion(text: string): Promise<{ version: string }> {
  await using test = await openTestBook({ "10_a.yaml": text });
  return test.book.state();
}

Deno.test("the version is that of names and contents: the same again, whatever happened in between", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "one") });
  const { version } = test.book.state();
  assert.match(version, /^[0-9a-f]{12}$/);
  await test.save("10_a.yaml", yamlRule("a", "two"));
  assert.notEqual((await test.book.reload()).version, version);
  await test.save("10_a.yaml", yamlRule("a", "one"));
  assert.equal((await test.book.reload()).version, version);
  await Deno.rename(`${test.dir}/10_a.yaml`, `${test.dir}/11_a.yaml`);
  assert.notEqual((await test.book.reload()).version, version);
});

Deno.test("a turn under way ends with the rules that it began with", async () => {
  const waits = `await new Promise((done) => { globalThis.mocaTestGo = done; }); return pass();`;
  await using test = await openTestBook({
    "10_a.ts":
      `import { defineRule, pass } from "moca/rule";\nexport default defineRule({ name: "a", description: "", apply: async () => { ${waits} } });\n`,
    "20_b.yaml": yamlRule("b", "old"),
  });
  const { version } = test.book.state();
  const running = test.book.run(sampleTurn({ texts: ["hi"] }));
  await test.save("20_b.yaml", yamlRule("b", "new"));
  await test.book.reload();
  (globalThis as unknown as { mocaTestGo: () => void }).mocaTestGo();
  const result = await running;
  assert.deepEqual([result.version, result.verdict.kind === "reply" && result.verdict.texts], [version, ["old"]]);
});

Deno.test("a rule that changes what it is handed changes nothing for the rules behind it", async () => {
  const spoils = `turn.texts.length = 0; turn.now.setTime(0); return pass();`;
  await using test = await openTestBook({
    "10_a.ts":
      `import { defineRule, pass } from "moca/rule";\nexport default defineRule({ name: "a", description: "", apply: (turn) => { ${spoils} } });\n`,
    "20_b.yaml": yamlRule("b", "still hears hi"),
  });
  assert.deepEqual(await answerOf(test.book), ["still hears hi"]);
});

Deno.test("two rules of one name both run, and a warning says where they are", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("same", "a"), "20_b.ts": codeRule("same", "b") });
  assert.deepEqual(names(test.book), ["same", "same"]);
  assert.deepEqual(test.book.state().warnings, [
    '2 rules are called "same": 10_a.yaml:1, 20_b.ts; give each its own name',
  ]);
});

Deno.test("a keyword rule whose example an earlier one always answers is told as a warning", async () => {
  const examples = 'examples: { match: ["hi, how much?"] }\n';
  await using test = await openTestBook({
    "10_a.yaml": yamlRule("greedy", "a"),
    "20_b.yaml": `name: prices\nmatch: { any: [how much] }\nreply: b\n${examples}`,
  });
  assert.deepEqual(test.book.state().warnings, [
    'rule "prices" (20_b.yaml:1) never gets its example "hi, how much?": ' +
    'rule "greedy" (10_a.yaml:1) comes first and decides on it',
  ]);
  await test.save("10_a.yaml", "name: notes\nmatch: { any: [hi] }\ntag: said-hi\n");
  assert.deepEqual((await test.book.reload()).warnings, []);
  await test.save("10_a.yaml", "name: nights\nmatch: { any: [hi], hours: closed }\nreply: a\n");
  assert.deepEqual((await test.book.reload()).warnings, []);
});

Deno.test("a folder without any rule is told as a warning", async () => {
  await using test = await openTestBook({ "README.md": "nothing yet" });
  assert.deepEqual(test.book.state().warnings, ["No rule is live: every message goes straight to the agent"]);
});

Deno.test("a folder that is taken away leaves the rules running and says so; put back, it is read again", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "old") });
  await Deno.remove(test.dir, { recursive: true });
  const { problems: [problem] } = await test.becomes(({ problems }) => problems.length === 1);
  assert.equal(problem.file, test.dir);
  assert.match(problem.reason, /^Cannot read the rules folder/);
  assert.deepEqual(await answerOf(test.book), ["old"]);
  await Deno.mkdir(test.dir);
  await test.save("10_a.yaml", yamlRule("a", "new"));
  const { version } = await openVersion(yamlRule("a", "new"));
  assert.deepEqual((await test.becomes((state) => state.version === version)).problems, []);
  await test.save("10_a.yaml", yamlRule("a", "newer"));
  await test.becomes((state) => state.version !== version);
  assert.deepEqual(await answerOf(test.book), ["newer"]);
});

Deno.test("openRuleBook() begins without a folder and takes it up once it is there", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "yes") });
  const dir = `${test.dir}/later`;
  const appeared = Promise.withResolvers<void>();
  await using book = await openRuleBook({ dir, clock: systemClock, onChange: () => appeared.resolve() });
  assert.deepEqual([names(book), book.state().problems.length], [[], 1]);
  assert.deepEqual(await answerOf(book), undefined);
  await Deno.mkdir(dir);
  await appeared.promise;
  assert.deepEqual(book.state().problems, []);
});

Deno.test("a linked file is followed, and read again when what it leads to changes", async () => {
  await using test = await openTestBook({});
  const target = `${test.dir}/../elsewhere.yaml`;
  await Deno.writeTextFile(target, yamlRule("a", "old"));
  await Deno.symlink(target, `${test.dir}/10_a.yaml`);
  const { version } = await test.becomes(({ rules }) => rules.length === 1);
  await Deno.writeTextFile(target, yamlRule("a", "new"));
  await test.becomes((state) => state.version !== version);
  assert.deepEqual(await answerOf(test.book), ["new"]);
});

Deno.test("a thousand files are live, and one change among them within a second", async () => {
  const files = Array.from({ length: 1_000 }, (_, index) => {
    const name = `${String(index).padStart(4, "0")}.yaml`;
    return [name, `name: rule ${index}\nmatch: { any: [word${index}] }\nreply: hello\n`];
  });
  await using test = await openTestBook(Object.fromEntries(files));
  assert.equal(test.book.state().rules.length, 1_000);
  const { version } = test.book.state();
  const savedAt = performance.now();
  await test.save("0500.yaml", yamlRule("a", "found"));
  await test.becomes((state) => state.version !== version);
  assert.ok(performance.now() - savedAt < 1_000, `took ${performance.now() - savedAt} ms`);
  assert.deepEqual(await answerOf(test.book), ["found"]);
});

Deno.test("onChange is called for changes only, and may fail without harm", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "old") });
  let calls = 0;
  const onChange = (): void => {
    calls += 1;
    throw new Error("listener failed");
  };
  await using book = await openRuleBook({ dir: test.dir, clock: systemClock, onChange });
  await book.reload();
  assert.equal(calls, 0);
  await test.save("10_a.yaml", yamlRule("a", "new"));
  await book.reload();
  await book.reload();
  assert.equal(calls, 1);
  assert.deepEqual(await answerOf(book), ["new"]);
});

Deno.test("reload() called many times at once reads in order and ends with what is there", async () => {
  await using test = await openTestBook({ "10_a.yaml": yamlRule("a", "0") });
  const reloads = [];
  for (const text of ["1", "2", "3"]) {
    await test.save("10_a.yaml", yamlRule("a", `"${text}"`));
    reloads.push(test.book.reload(), test.book.reload());
  }
  await Promise.all(reloads);
  assert.deepEqual(await answerOf(test.book), ["3"]);
});

Deno.test("a closed book still answers and may be closed twice", async () => {
  const test = await openTestBook({ "10_a.yaml": yamlRule("a", "yes") });
  await test.book[Symbol.asyncDispose]();
  assert.deepEqual(await answerOf(test.book), ["yes"]);
  await test[Symbol.asyncDispose]();
});
