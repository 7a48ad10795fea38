import { shortVersion, versionOf } from "@/rules/chain_version.ts";
import type { Rule } from "@/rules/contract.ts";
import type { Fault, FileRule } from "@/rules/rule_file.ts";
import { placeOf, unreachableRules } from "@/rules/unreachable.ts";

/** The rules as they are live, for people. */
export interface RuleSetState {
  /** 12 hex digits over names and contents of the live files. */
  readonly version: string;
  /** When the rules last changed, or were read for the first time. */
  readonly loadedAt: Date;
  /** In the order in which they run. */
  readonly rules: readonly RuleInfo[];
  readonly problems: readonly RuleProblem[];
  /** What works but is probably not meant, in words. */
  readonly warnings: readonly string[];
}

export interface RuleInfo {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  readonly kind: "code" | "yaml";
  /** Where it begins, for a rule of a YAML file. */
  readonly line?: number;
}

/** A file, or the folder itself, that could not be loaded. */
export interface RuleProblem {
  /** The folder's path when it is the folder that cannot be read. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** A sentence that names the file, what is there and what is wanted. */
  readonly reason: string;
  /** Since when the file has been broken. */
  readonly since: Date;
  /** Version of the file's last good content, which still runs; absent when none was ever good. */
  readonly stillRunning?: string;
  /** When that content was loaded. */
  readonly runningSince?: Date;
}

/** What is known of one file: its content as last read, what is wrong with that, and its last good content. */
export interface FileState {
  readonly name: string;
  /** Of the content as last read; absent when it could not be read. */
  readonly hash?: string;
  readonly faults: readonly Fault[];
  /** Since when it has faults. */
  readonly brokenSince?: Date;
  readonly good?: GoodContent;
}

/** What a file held when nothing was wrong with it. */
export interface GoodContent {
  readonly hash: string;
  readonly rules: readonly FileRule[];
  readonly loadedAt: Date;
}

/** Everything that runs, in order. */
export interface RuleSet {
  readonly state: RuleSetState;
  readonly rules: readonly Rule[];
}

/** Puts the files' last good contents together, in the order given. */
export function makeRuleSet(
  files: readonly FileState[],
  loadedAt: Date,
  folderProblems: readonly RuleProblem[],
): RuleSet {
  const live = files.flatMap(({ name, good }) => good === undefined ? [] : [{ name, good }]);
  const entries = live.flatMap(({ name, good }) => good.rules.map((fileRule) => ({ ...fileRule, file: name })));
  const infos: readonly RuleInfo[] = entries.map(({ rule, file, kind, line }) => ({
    name: rule.name,
    description: rule.description,
    file,
    kind,
    ...(line === undefined ? {} : { line }),
  }));
  return {
    rules: entries.map(({ rule }) => rule),
    state: {
      version: versionOf(live.map(({ name, good }) => `${name}\0${good.hash}\n`).join("")),
      loadedAt,
      rules: infos,
      problems: [...folderProblems, ...files.flatMap(problemsOf)],
      warnings: [...emptiness(infos, folderProblems), ...sameNames(infos), ...unreachableRules(entries)],
    },
  };
}

function problemsOf({ name, faults, brokenSince, good }: FileState): readonly RuleProblem[] {
  if (brokenSince === undefined) return [];
  const running = good && { stillRunning: shortVersion(good.hash), runningSince: good.loadedAt };
  return faults.map((fault) => ({ file: name, ...fault, since: brokenSince, ...running }));
}

function emptiness(rules: readonly RuleInfo[], folderProblems: readonly RuleProblem[]): readonly string[] {
  if (rules.length > 0 || folderProblems.length > 0) return [];
  return ["No rule is live: every message goes straight to the agent"];
}

function sameNames(rules: readonly RuleInfo[]): readonly string[] {
  return [...Map.groupBy(rules, ({ name }) => name)].filter(([, same]) => same.length > 1).map(([name, same]) =>
    `${same.length} rules are called "${name}": ${same.map(placeOf).join(", ")}; give each its own name`
  );
}
