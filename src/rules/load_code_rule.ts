import type { Clock } from "@/clock.ts";
import type { Rule } from "@/rules/contract.ts";
import { cannotLoad, type Fault, type FileContent } from "@/rules/rule_file.ts";
import { checkRule } from "@/rules/verdict_schema.ts";

/** The longest that a file's own top level may take. */
export const importLimitMs = 5_000;

const wantsRule = "its default export is not a rule, wants defineRule({...})";

export interface CodeFile {
  /** Name within the folder, for people. */
  readonly file: string;
  /** `file:` address. */
  readonly url: string;
  /** Of the content: each content is imported once. */
  readonly hash: string;
  readonly text: string;
}

/**
 * Imports a rule file, or says what is wrong with it. Each turn is handed to the rule as a copy, so that a
 * rule which changes it changes nothing.
 */
export async function loadCodeRule(source: CodeFile, clock: Clock): Promise<FileContent> {
  const foreign = foreignImport(source);
  if (foreign !== undefined) return { kind: "broken", faults: [foreign] };
  try {
    const module = await withinLimit(import(`${source.url}?v=${source.hash}`), clock);
    return module === undefined ? tooSlow(source) : readModule(source, module);
  } catch (error) {
    return { kind: "broken", faults: [faultOfError(source, error)] };
  }
}

function readModule(source: CodeFile, module: { default?: unknown }): FileContent {
  const checked = checkRule(module.default);
  if ("fault" in checked) {
    const detail = module.default instanceof Object ? ` (${checked.fault})` : "";
    const line = lineOf(source.text, /^\s*export\s+default\b/m);
    return { kind: "broken", faults: [{ reason: cannotLoad(source.file, `${wantsRule}${detail}`), line, column: 1 }] };
  }
  return { kind: "good", rules: [{ rule: onCopies(checked.rule), kind: "code" }] };
}

function onCopies(rule: Rule): Rule {
  return { ...rule, apply: (turn) => rule.apply(structuredClone(turn)) };
}

/** Resolves with undefined when the time is over. */
async function withinLimit<Value>(value: Promise<Value>, clock: Clock): Promise<Value | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([value, clock.wait(importLimitMs, done.signal).then(() => undefined)]);
  } finally {
    done.abort();
  }
}

function tooSlow({ file }: CodeFile): FileContent {
  return { kind: "broken", faults: [{ reason: cannotLoad(file, `it did not load within ${importLimitMs} ms`) }] };
}

const importStatement =
  /^[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|^[ \t]*import\s*["']([^"']+)["']/gm;

/** A module that a rule imports would not be read again when it changes, and a package would be downloaded. */
function foreignImport({ file, text }: CodeFile): Fault | undefined {
  for (const match of text.matchAll(importStatement)) {
    const name = match[1] ?? match[2];
    if (name === "moca/rule") continue;
    const what = `it imports "${name}", a rule may import only "moca/rule"`;
    return { reason: cannotLoad(file, what), line: lineAt(text, match.index), column: 1 };
  }
}

function faultOfError({ file, url }: CodeFile, error: unknown): Fault {
  // deno-lint-ignore no-control-regex -- Deno colours some of its messages.
  const plain = (text: string): string => text.replace(/\x1b\[\d+m/g, "");
  const message = error instanceof Error ? plain(error.message) : `it threw a ${typeof error}`;
  const trace = error instanceof Error ? plain(`${error.message}\n${error.stack}`) : "";
  const [, line, column] = new RegExp(`${RegExp.escape(url)}\\?v=\\w+:(\\d+):(\\d+)`).exec(trace) ?? [];
  const [firstLine] = message.split("\n");
  return {
    reason: cannotLoad(file, firstLine.replaceAll(url, file).replace(/ at \S+\?v=\w+:\d+:\d+$/, "")),
    ...(line === undefined ? {} : { line: Number(line), column: Number(column) }),
  };
}

function lineOf(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  return found === null ? 1 : lineAt(text, found.index + found[0].length);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
