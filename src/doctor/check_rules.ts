import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";
import type { RuleSetState } from "@/rules/rule_set.ts";

/** Judges the rules as the server would load them. */
export function checkRules({ rules, problems, warnings, version }: RuleSetState, dir: string): readonly Finding[] {
  const subject = "rules";
  const cure = "Correct the file; a running Moca takes it within a second";
  const broken = problems.map(({ file, line, reason }) =>
    problem(subject, `${file}${line === undefined ? "" : `:${line}`}: ${reason}`, cure)
  );
  const doubtful = warnings.map((text) => warning(subject, text, "See docs/rules.md"));
  if (broken.length === 0 && rules.length === 0) {
    return [...doubtful, warning(subject, `there is none in ${dir}`, "Set MOCA_RULES_DIR, or put rule files there")];
  }
  return [ok(subject, `${rules.length} loaded from ${dir}, version ${version}`), ...broken, ...doubtful];
}
