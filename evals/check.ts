/** Whether what came of a case is what it asks for: by code, no model judges. */
import type { Expectation } from "./cases.ts";

/** What came of one case. */
export interface Happened {
  readonly outcome: string;
  readonly reason: string;
  readonly by: string;
  readonly texts: readonly string[];
  readonly facts: Readonly<Record<string, string>>;
  readonly tools: readonly string[];
  readonly optOut: boolean;
  /** Of the answer; absent when it does not tell. */
  readonly language?: string;
}

/** What is wrong, in words; empty when all is well. */
export function problemsOf(expected: Expectation, happened: Happened): readonly string[] {
  const outcomes: readonly string[] = expected.outcome;
  const isReply = happened.outcome === "reply";
  const answer = folded(happened.texts.join("\n"));
  return [
    ...(outcomes.includes(happened.outcome) ? [] : [`ended as ${happened.outcome}, wants ${outcomes.join(" or ")}`]),
    ...(isReply ? wordsMissing(expected, answer) : []),
    ...expected.none.filter((words) => answer.includes(folded(words))).map((words) => `says "${words}"`),
    ...languageProblem(expected, happened),
    ...(happened.texts.length > expected.parts ? [`${happened.texts.length} messages, wants ${expected.parts}`] : []),
    ...factProblems(expected, happened.facts),
    ...(isReply
      ? expected.tools.filter((tool) => !happened.tools.includes(tool)).map((tool) => `did not use ${tool}`)
      : []),
    ...(expected.optOut === undefined || expected.optOut === happened.optOut
      ? []
      : [happened.optOut ? "opted the contact out" : "did not opt the contact out"]),
  ];
}

function wordsMissing({ all, any }: Expectation, answer: string): readonly string[] {
  const missing = all.filter((words) => !answer.includes(folded(words))).map((words) => `does not say "${words}"`);
  const hasAny = any.length === 0 || any.some((words) => answer.includes(folded(words)));
  return hasAny ? missing : [...missing, `says none of ${any.map((words) => `"${words}"`).join(", ")}`];
}

function languageProblem({ language }: Expectation, happened: Happened): readonly string[] {
  const isOther = language !== undefined && happened.language !== undefined && happened.language !== language;
  return isOther ? [`answers in ${happened.language}, wants ${language}`] : [];
}

function factProblems({ facts, noFacts }: Expectation, learned: Happened["facts"]): readonly string[] {
  const unwanted = noFacts.filter((field) => Object.hasOwn(learned, field)).map((field) => `learned ${field}`);
  if (facts === undefined) return unwanted;
  const wanted = Object.entries(facts).filter(([field, value]) => folded(learned[field] ?? "") !== folded(value));
  const isNothing = Object.keys(facts).length === 0;
  const extra = isNothing ? Object.keys(learned).map((field) => `learned ${field}, wants nothing`) : [];
  return [...unwanted, ...wanted.map(([field, value]) => `did not learn ${field} "${value}"`), ...extra];
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
