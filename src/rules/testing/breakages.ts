import { codeRule, yamlRule } from "@/rules/testing/test_book.ts";

export const codeFile = "20_hours.ts";
export const yamlFile = "70_keywords.yaml";

/** One way to break a rule file, and what is told of it. */
export interface Breakage {
  readonly what: string;
  readonly file: string;
  /** Breaks the file: new content, or anything else that is done to it. */
  readonly text?: string | Uint8Array;
  readonly act?: (path: string) => Promise<void>;
  readonly reason: RegExp;
  readonly line?: number;
  readonly column?: number;
}

const defined = `import { defineRule, pass } from "moca/rule";\n`;

export const breakages: readonly Breakage[] = [
  {
    what: "a syntax error",
    file: codeFile,
    text: `${defined}export default {{;\n`,
    reason: /SyntaxError/,
    line: 2,
    column: 17,
  },
  { what: "half a file", file: codeFile, text: codeRule("a", "x").slice(0, 80), reason: /SyntaxError/, line: 2 },
  {
    what: "an empty file",
    file: codeFile,
    text: "",
    reason: /its default export is not a rule, wants defineRule/,
    line: 1,
  },
  {
    what: "no default export",
    file: codeFile,
    text: "export const rule = 1;\n",
    reason: /default export is not a rule/,
    line: 1,
  },
  {
    what: "a default export that is no rule",
    file: codeFile,
    text: "\nexport default 42;\n",
    reason: /^Cannot load rule "20_hours\.ts": its default export is not a rule, wants defineRule\(\{\.\.\.\}\)$/,
    line: 2,
    column: 1,
  },
  {
    what: "a rule without apply",
    file: codeFile,
    text: 'export default { name: "a", description: "" };\n',
    reason: /wants defineRule\(\{\.\.\.\}\) \(apply: wants a function\)/,
    line: 1,
  },
  {
    what: "a rule without a name",
    file: codeFile,
    text: 'export default { name: " ", description: "", apply: () => 1 };\n',
    reason: /name: wants a name that is not empty/,
    line: 1,
  },
  {
    what: "a top level that throws",
    file: codeFile,
    text: 'const a = 1;\nthrow new Error("boom");\n',
    reason: /boom/,
    line: 2,
    column: 7,
  },
  {
    what: "an import of a package",
    file: codeFile,
    text: `${defined}import _ from "npm:lodash";\nexport default _;\n`,
    reason: /it imports "npm:lodash", a rule may import only "moca\/rule"/,
    line: 2,
  },
  {
    what: "an import of another file",
    file: codeFile,
    text: `import {\n  help,\n} from "./help.ts";\nexport default help;\n`,
    reason: /it imports ".\/help.ts"/,
    line: 1,
  },
  {
    what: "an import of a name that does not exist",
    file: codeFile,
    text: `import { nope } from "moca/rule";\nexport default nope;\n`,
    reason: /does not provide an export named 'nope'/,
    line: 1,
    column: 10,
  },
  { what: "broken YAML", file: yamlFile, text: "name: a\nmatch: { any: [hi }\n", reason: /it is not YAML/, line: 2 },
  { what: "an emptied file", file: yamlFile, text: "", reason: /it is empty, wants a rule/, line: 1 },
  { what: "half a rule", file: yamlFile, text: "name: a\nmatch: { any: [hi] }\n", reason: /wants an action/, line: 1 },
  {
    what: "a misspelt key",
    file: yamlFile,
    text: `${yamlRule("a", "b")}replay: c\n`,
    reason: /does not know "replay"/,
    line: 4,
  },
  {
    what: "an example that fails",
    file: yamlFile,
    text: `${yamlRule("a", "b")}examples:\n  match: [hola]\n`,
    reason: /its example "hola" should match, but does not: it says none of "hi"/,
    line: 5,
  },
  {
    what: "a pattern that is none",
    file: yamlFile,
    text: 'name: a\nmatch: { pattern: "(" }\nreply: b\n',
    reason: /its pattern is not one of RE2's/,
    line: 2,
  },
  {
    what: "bytes that are no text",
    file: yamlFile,
    text: new Uint8Array([0x6e, 0xff, 0xfe]),
    reason: /it is not UTF-8 text/,
  },
  {
    what: "a file of megabytes",
    file: yamlFile,
    text: "#".repeat(1_000_001),
    reason: /it is longer than 1000000 bytes/,
  },
  {
    what: "a link that leads nowhere",
    file: yamlFile,
    act: async (path) => {
      await Deno.remove(path);
      await Deno.symlink("/nowhere/at/all.yaml", path);
    },
    reason: /it is a link that leads nowhere/,
  },
  {
    what: "a link that leads to a device",
    file: yamlFile,
    act: async (path) => {
      await Deno.remove(path);
      await Deno.symlink("/dev/zero", path);
    },
    reason: /it is not an ordinary file/,
  },
  {
    what: "a link to itself",
    file: codeFile,
    act: async (path) => {
      await Deno.remove(path);
      await Deno.symlink(path, path);
    },
    reason: /it cannot be read/,
  },
];

/** Breaks the file of that name in the folder. */
export function breakFile(dir: string, { file, text, act }: Breakage): Promise<void> {
  const path = `${dir}/${file}`;
  if (act !== undefined) return act(path);
  return typeof text === "string" ? Deno.writeTextFile(path, text) : Deno.writeFile(path, text ?? new Uint8Array());
}

/** A rule that always answers `text` to "hi", as that file holds it. */
export function goodFile(file: string, text: string): string {
  return file === codeFile ? codeRule("good", text) : yamlRule("good", text);
}
