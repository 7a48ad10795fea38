import assert from "node:assert/strict";
import type { RuleBook, RuleProblem } from "@/rules/rule_book.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";
import { codeRule, openTestBook, type TestBook, yamlRule } from "@/rules/testing/test_book.ts";

const code = "20_hours.ts";
const yaml = "70_keywords.yaml";

interface Breakage {
  readonly what: string;
  readonly file: string;
  /** Breaks the file: new content, or anything else that is done to it. */
  readonly text?: string | Uint8Array;
  readonly act?: (test: TestBook, path: string) => Promise<void>;
  readonly reason: RegExp;
  readonly line?: number;
  readonly column?: number;
}

const defined = `import { defineRule, pass } from "moca/rule";\n`;

const breakages: readonly Breakage[] = [
  {
    what: "a syntax error",
    file: code,
    text: `${defined}export default {{;\n`,
    reason: /SyntaxError/,
    line: 2,
    column: 17,
  },
  { what: "half a file", file: code, text: codeRule("a", "x").slice(0, 80), reason: /SyntaxError/, line: 2 },
  {
    what: "an empty file",
    file: code,
    text: "",
    reason: /its default export is not a rule, wants defineRule/,
    line: 1,
  },
  {
    what: "no default export",
    file: code,
    text: "export const rule = 1;\n",
    reason: /default export is not a rule/,
    line: 1,
  },
  {
    what: "a default export that is no rule",
    file: code,
    text: "\nexport default 42;\n",
    reason: /^Cannot load rule "20_hours\.ts": its default export is not a rule, wants defineRule\(\{\.\.\.\}\)$/,
    line: 2,
    column: 1,
  },
  {
    what: "a rule without apply",
    file: code,
    text: 'export default { name: "a", description: "" };\n',
    reason: /wants defineRule\(\{\.\.\.\}\) \(apply: wants a function\)/,
    line: 1,
  },
  {
    what: "a rule without a name",
    file: code,
    text: 'export default { name: " ", description: "", apply: () => 1 };\n',
    reason: /name: wants a name that is not empty/,
    line: 1,
  },
  {
    what: "a top level that throws",
    file: code,
    text: 'const a = 1;\nthrow new Error("boom");\n',
    reason: /boom/,
    line: 2,
    column: 7,
  },
  {
    what: "an import of a package",
    file: code,
    text: `${defined}import _ from "npm:lodash";\nexport default _;\n`,
    reason: /it imports "npm:lodash", a rule may import only "moca\/rule"/,
    line: 2,
  },
  {
    what: "an import of another file",
    file: code,
    text: `import {\n  help,\n} from "./help.ts";\nexport default help;\n`,
    reason: /it imports ".\/help.ts"/,
    line: 1,
  },
  {
    what: "an import of a name that does not exist",
    file: code,
    text: `import { nope } from "moca/rule";\nexport default nope;\n`,
    reason: /does not provide an export named 'nope'/,
    line: 1,
    column: 10,
  },
  { what: "broken YAML", file: yaml, text: "name: a\nmatch: { any: [hi }\n", reason: /it is not YAML/, line: 2 },
  { what: "an emptied file", file: yaml, text: "", reason: /it is empty, wants a rule/, line: 1 },
  { what: "half a rule", file: yaml, text: "name: a\nmatch: { any: [hi] }\n", reason: /wants an action/, line: 1 },
  {
    what: "a misspelt key",
    file: yaml,
    text: `${yamlRule("a", "b")}replay: c\n`,
    reason: /does not know "replay"/,
    line: 4,
  },
  {
    what: "an example that fails",
    file: yaml,
    text: `${yamlRule("a", "b")}examples:\n  match: [hola]\n`,
    reason: /its example "hola" should match, but does not: it says none of "hi"/,
    line: 5,
  },
  {
    what: "a pattern that is none",
    file: yaml,
    text: 'name: a\nmatch: { pattern: "(" }\nreply: b\n',
    reason: /its pattern is not one of RE2's/,
    line: 2,
  },
  {
    what: "bytes that are no text",
    file: yaml,
    text: new Uint8Array([0x6e, 0xff, 0xfe]),
    reason: /it is not UTF-8 text/,
  },
  { what: "a file of megabytes", file: yaml, text: "#".repeat(1_000_001), reason: /it is longer than 1000000 bytes/ },
  {
    what: "a link that leads nowhere",
    file: yaml,
    act: async (_test, path) => {
      await Deno.remove(path);
      await Deno.symlink("/nowhere/at/all.yaml", path);
    },
    reason: /it is a link that leads nowhere/,
  },
  {
    what: "a link that leads to a device",
    file: yaml,
    act: async (_test, path) => {
      await Deno.remove(path);
      await Deno.symlink("/dev/zero", path);
    },
    reason: /it is not an ordinary file/,
  },
  {
    what: "a link to itself",
    file: code,
    act: async (_test, path) => {
      await Deno.remove(path);
      await Deno.symlink(path, path);
    },
    reason: /it cannot be read/,
  },
];

async function answerOf(book: RuleBook): Promise<unknown> {
  const { verdict } = await book.run(sampleTurn({ texts: ["hi"] }));
  return verdict.kind === "reply" ? verdict.texts[0] : verdict.kind;
}

function breakFile(test: TestBook, { file, text, act }: Breakage): Promise<void> {
  const path = `${test.dir}/${file}`;
  if (act !== undefined) return act(test, path);
  return typeof text === "string" ? Deno.writeTextFile(path, text) : Deno.writeFile(path, text ?? new Uint8Array());
}

function good(file: string, text: string): string {
  return file === code ? codeRule("good", text) : yamlRule("good", text);
}

for (const breakage of breakages) {
  const { what, file, reason, line, column } = breakage;
  Deno.test(`${file}, broken by ${what}, leaves its last good version running and says where and why`, async () => {
    await using test = await openTestBook({ [file]: good(file, "last good") });
    const { version } = test.book.state();
    await breakFile(test, breakage);
    const { problems: [problem], rules } = await test.becomes(({ problems }) => problems.length > 0);
    assert.match(problem.reason, reason);
    assert.ok(problem.reason.startsWith(`Cannot load rule "${file}": `));
    assert.deepEqual([problem.file, rules.length, test.book.state().version], [file, 1, version]);
    assert.match(problem.stillRunning ?? "", /^[0-9a-f]{12}$/);
    if (line !== undefined) assert.equal(problem.line, line);
    if (column !== undefined) assert.equal(problem.column, column);
    assert.equal(await answerOf(test.book), "last good");
    await Deno.remove(`${test.dir}/${file}`);
    await test.save(file, good(file, "mended"));
    await test.becomes((state) => state.problems.length === 0 && state.version !== version);
    assert.equal(await answerOf(test.book), "mended");
  });
}

Deno.test("a file that never was good is left out, and the others run", async () => {
  await using test = await openTestBook({ [code]: "export default 1;\n", [yaml]: yamlRule("b", "from b") });
  const { rules, problems } = test.book.state();
  assert.deepEqual(rules.map(({ name }) => name), ["b"]);
  assert.deepEqual(problems.map(({ file, stillRunning }) => [file, stillRunning]), [[code, undefined]]);
  assert.equal(await answerOf(test.book), "from b");
});

Deno.test("a problem keeps the time since when the file is broken, through other ways of being broken", async () => {
  await using test = await openTestBook({ [yaml]: "name: [" });
  const since = (problem: RuleProblem | undefined): Date | undefined => problem?.since;
  const first = since(test.book.state().problems[0]);
  await test.save(yaml, "other: nonsense");
  const { problems: [second] } = await test.book.reload();
  assert.match(second.reason, /does not know "other"/);
  assert.deepEqual(since(second), first);
});

Deno.test("a file put back as it was before it broke has no problem and the version of before", async () => {
  await using test = await openTestBook({ [code]: codeRule("a", "same") });
  const { version } = test.book.state();
  await test.save(code, "export default 1;\n");
  assert.equal((await test.book.reload()).problems.length, 1);
  await test.save(code, codeRule("a", "same"));
  const { problems, version: after } = await test.book.reload();
  assert.deepEqual([problems, after], [[], version]);
});

Deno.test("a file that is written slowly, piece by piece, never takes the last good version away", async () => {
  await using test = await openTestBook({ [yaml]: yamlRule("a", "last good") });
  const text = `${yamlRule("a", "new")}examples:\n  match: [hi]\n`;
  for (let length = 0; length < text.length; length += 7) {
    await test.save(yaml, text.slice(0, length));
    await test.book.reload();
    assert.ok(["last good", "new"].includes(await answerOf(test.book) as string));
  }
  await test.save(yaml, text);
  await test.book.reload();
  assert.equal(await answerOf(test.book), "new");
});
