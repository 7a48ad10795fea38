/** Runs as people read them, in Markdown. */
import type { CaseResult } from "./run.ts";

/** One run, as it is kept in a file. */
export interface EvalRun {
  readonly model: string;
  readonly at: string;
  readonly results: readonly CaseResult[];
}

export function reportRun({ model, at, results }: EvalRun): string {
  const failed = results.filter(({ problems }) => problems.length > 0);
  const groups = [...Map.groupBy(results, ({ group }) => group)];
  return [
    `# ${model}, ${at}`,
    "",
    `${results.length - failed.length} of ${results.length} passed · ${tokens(results)} tokens · ${seconds(results)} s`,
    "",
    "| cases | passed | of |",
    "| --- | ---: | ---: |",
    ...groups.map(([group, list]) => `| ${group} | ${list.filter(isPassed).length} | ${list.length} |`),
    "",
    ...failed.flatMap(describe),
  ].join("\n");
}

/** What changed from one run to the next: what broke comes first. */
export function compareRuns(before: EvalRun, after: EvalRun): string {
  const old = new Map(before.results.map((result) => [keyOf(result), result]));
  const pairs = after.results.flatMap((result) => {
    const was = old.get(keyOf(result));
    return was === undefined ? [] : [{ was, is: result }];
  });
  const broken = pairs.filter(({ was, is }) => isPassed(was) && !isPassed(is));
  const fixed = pairs.filter(({ was, is }) => !isPassed(was) && isPassed(is));
  const still = pairs.filter(({ was, is }) => !isPassed(was) && !isPassed(is));
  const isNew = after.results.filter((result) => !old.has(keyOf(result)));
  return [
    `# ${before.model} (${before.at}) → ${after.model} (${after.at})`,
    "",
    `passed ${before.results.filter(isPassed).length} of ${before.results.length} → ` +
    `${after.results.filter(isPassed).length} of ${after.results.length} · ` +
    `${tokens(before.results)} → ${tokens(after.results)} tokens · ${seconds(before.results)} → ${
      seconds(after.results)
    } s`,
    "",
    ...section("Broken", broken),
    ...section("Fixed", fixed),
    ...section("Fails still", still),
    ...(isNew.length === 0 ? [] : [`## New cases: ${isNew.length}`, ""]),
  ].join("\n");
}

interface Pair {
  readonly was: CaseResult;
  readonly is: CaseResult;
}

function section(title: string, pairs: readonly Pair[]): readonly string[] {
  if (pairs.length === 0) return [];
  return [
    `## ${title}: ${pairs.length}`,
    "",
    ...pairs.flatMap(({ was, is }) => [
      `### ${is.group}: ${is.name}`,
      "",
      `- says: ${quote(is.says)}`,
      `- before: ${said(was)}`,
      `- after: ${said(is)}`,
      ...(is.problems.length === 0 ? [] : [`- wrong: ${is.problems.join("; ")}`]),
      "",
    ]),
  ];
}

function describe(result: CaseResult): readonly string[] {
  return [
    `## ${result.group}: ${result.name}`,
    "",
    `- says: ${quote(result.says)}`,
    `- came of it: ${said(result)}`,
    `- wrong: ${result.problems.join("; ")}`,
    "",
  ];
}

function said({ happened: { outcome, by, texts, reason } }: CaseResult): string {
  return `${outcome} by ${by}: ${texts.length === 0 ? reason : quote(texts)}`;
}

function quote(texts: readonly string[]): string {
  return texts.map((text) => `“${text.replace(/\s+/g, " ")}”`).join(" ");
}

function isPassed({ problems }: CaseResult): boolean {
  return problems.length === 0;
}

function keyOf({ group, name }: CaseResult): string {
  return `${group}: ${name}`;
}

function tokens(results: readonly CaseResult[]): number {
  return results.reduce((sum, result) => sum + result.tokens, 0);
}

function seconds(results: readonly CaseResult[]): string {
  return (results.reduce((sum, { ms }) => sum + ms, 0) / 1_000).toFixed(1);
}
