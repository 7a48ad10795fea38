import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { cannotLoad, type Fault, type FileContent, type FileRule } from "@/rules/rule_file.ts";
import { checkExamples } from "@/rules/yaml/check_examples.ts";
import { compileRule } from "@/rules/yaml/compile_rule.ts";
import { unknownVariables } from "@/rules/yaml/fill_text.ts";
import { type YamlRule, yamlRuleSchema } from "@/rules/yaml/rule_schema.ts";
import { variantsOf } from "@/rules/yaml/variants.ts";

type Path = readonly PropertyKey[];

/** Says where in the file the value at a path stands, and what is wrong with it. */
type FaultAt = (path: Path, what: string) => Fault;

/** The rules of a YAML file, checked with their examples, or everything that is wrong with it. */
export function loadYamlRules(file: string, text: string): FileContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake !== undefined) {
    const { line, col } = lines.linePos(mistake.pos[0]);
    const reason = cannotLoad(file, `it is not YAML: ${mistake.message}`);
    return { kind: "broken", faults: [{ reason, line, column: col }] };
  }
  const faultAt: FaultAt = (path, what) => ({
    reason: cannotLoad(file, `${nameOf(document, path)}${what}`),
    ...positionOf(document, path, lines),
  });
  return readRules(document, faultAt);
}

function readRules(document: Document, faultAt: FaultAt): FileContent {
  const value = plainValue(document);
  if ("fault" in value) return { kind: "broken", faults: [faultAt([], value.fault)] };
  const written = Array.isArray(value.plain) ? value.plain : [value.plain];
  const pathOf = (index: number): Path => Array.isArray(value.plain) ? [index] : [];
  if (written.length === 0) return { kind: "broken", faults: [faultAt([], "it is an empty list, wants a rule")] };
  const loaded = written.map((rule, index) => loadRule(rule, pathOf(index), faultAt));
  const faults = loaded.flatMap((one) => "faults" in one ? one.faults : []);
  if (faults.length > 0) return { kind: "broken", faults: faults.toSorted(byPlace) };
  return { kind: "good", rules: loaded.flatMap((one) => "rule" in one ? [one.rule] : []) };
}

/** Aliases are refused: a few lines of them can stand for gigabytes. */
function plainValue(document: Document): { readonly plain: unknown } | { readonly fault: string } {
  try {
    const plain: unknown = document.toJS({ maxAliasCount: 0 });
    return plain === null ? { fault: "it is empty, wants a rule" } : { plain };
  } catch {
    return { fault: "it has an alias (*name), wants the value itself" };
  }
}

type LoadedRule = { readonly rule: FileRule } | { readonly faults: readonly Fault[] };

function loadRule(written: unknown, path: Path, faultAt: FaultAt): LoadedRule {
  const checked = yamlRuleSchema.safeParse(written);
  if (!checked.success) return { faults: tellingIssues(checked.error).map((one) => faultOfIssue(one, path, faultAt)) };
  const misspelt = variableFaults(checked.data, path, faultAt);
  if (misspelt.length > 0) return { faults: misspelt };
  try {
    const compiled = compileRule(checked.data);
    const failed = checkExamples(compiled, checked.data).map((one) => faultAt([...path, ...one.path], one.what));
    if (failed.length > 0) return { faults: failed };
    const { rule, keywords } = compiled;
    return { rule: { rule, kind: "yaml", line: faultAt(path, "").line, keywords } };
  } catch (error) {
    const what = error instanceof Error ? error.message.replace("(?i)", "") : "unknown";
    return { faults: [faultAt([...path, "match", "pattern"], `its pattern is not one of RE2's: ${what}`)] };
  }
}

/** A misspelt key is told alone: that the key meant is missing follows from it. */
function tellingIssues({ issues }: z.ZodError): readonly z.core.$ZodIssue[] {
  const misspelt = issues.filter(({ code }) => code === "unrecognized_keys");
  return misspelt.length > 0 ? misspelt : issues;
}

function faultOfIssue(issue: z.core.$ZodIssue, path: Path, faultAt: FaultAt): Fault {
  const where = issue.path.map(String).join(".");
  const place = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]] : issue.path;
  const message = issue.code === "invalid_key" ? issue.issues[0].message : issue.message;
  return faultAt([...path, ...place], where === "" ? message : `${where} ${message}`);
}

function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function variableFaults({ reply, followUp }: YamlRule, path: Path, faultAt: FaultAt): readonly Fault[] {
  const fault = (key: string) => (name: string): Fault =>
    faultAt([...path, key], `${key} does not know ${name}, wants {{name}}, {{username}} or {{fields.x}}`);
  const inReply = reply === undefined ? [] : variantsOf(reply).flat().flatMap(unknownVariables);
  const inFollowUp = followUp === undefined ? [] : unknownVariables(followUp.text);
  return [...inReply.map(fault("reply")), ...inFollowUp.map(fault("followUp"))];
}

/** `rule 2 ("prices"): ` for a rule of a list, else nothing. */
function nameOf(document: Document, [index]: Path): string {
  if (typeof index !== "number") return "";
  const name: unknown = document.getIn([index, "name"]);
  return typeof name === "string" ? `rule ${index + 1} ("${name}"): ` : `rule ${index + 1}: `;
}

/** The place of the value at the path; where there is none, of the nearest value around it. */
function positionOf(document: Document, path: Path, lines: LineCounter): { line?: number; column?: number } {
  const start = startOf(document, path);
  if (start !== undefined) {
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  }
  return path.length === 0 ? { line: 1, column: 1 } : positionOf(document, path.slice(0, -1), lines);
}

function startOf(document: Document, path: Path): number | undefined {
  const parent: unknown = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  if (path.length === 0) return document.contents?.range?.[0];
  const node = isSeq(parent) ? parent.items[Number(last)] : undefined;
  return isMap(node) || isScalar(node) || isSeq(node) ? node.range?.[0] : undefined;
}
