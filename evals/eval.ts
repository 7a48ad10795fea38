/**
 * `deno task eval`: puts the cases of this folder to the configured model, or to the demo model where none is.
 *
 *     deno task eval                      all cases (with the demo model: those it is asked to pass)
 *     deno task eval prices               those whose file or name holds the word
 *     deno task eval compare A.json B.json   what changed between two runs
 *
 * Each run is kept in `evals/runs/` as JSON and as a report. Exit code 1 when a case failed.
 */
import { loadAgent } from "@/agent/model.ts";
import { systemClock } from "@/clock.ts";
import { openRuleBook } from "@/rules/rule_book.ts";
import { type EvalCase, readBusiness, readCases } from "./cases.ts";
import { compareRuns, type EvalRun, reportRun } from "./report.ts";
import { type CaseResult, runCases } from "./run.ts";

const here = import.meta.dirname ?? ".";

async function main(args: readonly string[]): Promise<number> {
  const [what, before, after] = args;
  if (what === "compare" && before !== undefined && after !== undefined) {
    await say(compareRuns(await readRun(before), await readRun(after)));
    return 0;
  }
  return await evaluate(args.join(" "));
}

async function evaluate(word: string): Promise<number> {
  const model = configuredModel();
  const agent = await loadAgent({ model, mode: "sandbox", clock: systemClock });
  const cases = (await readCases(`${here}/cases`)).filter((one) => isAsked(one, word, model === undefined));
  await using rules = await openRuleBook({ dir: `${here}/../rules`, clock: systemClock });
  const business = await readBusiness(`${here}/business.yaml`);
  const results = await runCases(cases, { business, rules, agent }, (result) => void say(lineOf(result)));
  const run: EvalRun = { model: model?.name ?? agent.model, at: new Date().toISOString(), results };
  const path = await keep(run);
  await say(`\n${reportRun(run)}\nkept: ${path}`);
  return results.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

function configuredModel(): { apiKey: string; baseUrl?: string; name: string } | undefined {
  const apiKey = Deno.env.get("OPENAI_API_KEY");
  const baseUrl = Deno.env.get("OPENAI_BASE_URL");
  if (apiKey === undefined && baseUrl === undefined) return undefined;
  const name = Deno.env.get("OPENAI_MODEL") ?? "gpt-5-mini";
  return { apiKey: apiKey ?? "none", name, ...(baseUrl === undefined ? {} : { baseUrl }) };
}

function isAsked({ group, name, demo }: EvalCase, word: string, isDemo: boolean): boolean {
  return (!isDemo || demo) && `${group} ${name}`.toLowerCase().includes(word.toLowerCase());
}

function lineOf({ group, name, problems }: CaseResult): string {
  return problems.length === 0 ? `ok    ${group}: ${name}` : `FAIL  ${group}: ${name}: ${problems.join("; ")}`;
}

async function keep(run: EvalRun): Promise<string> {
  const dir = `${here}/runs`;
  await Deno.mkdir(dir, { recursive: true });
  const path = `${dir}/${run.at.replace(/[:.]/g, "-")}_${run.model.replace(/[^\w.-]+/g, "_")}`;
  await Deno.writeTextFile(`${path}.json`, JSON.stringify(run, null, 1));
  await Deno.writeTextFile(`${path}.md`, reportRun(run));
  return `${path}.md`;
}

async function readRun(path: string): Promise<EvalRun> {
  return JSON.parse(await Deno.readTextFile(path));
}

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
