import type { Rule } from "@/rules/contract.ts";

/** What is wrong in a file, and where; lines and columns count from 1. */
export interface Fault {
  readonly reason: string;
  readonly line?: number;
  readonly column?: number;
}

/** A rule as a file gave it. */
export interface FileRule {
  readonly rule: Rule;
  readonly kind: "code" | "yaml";
  /** Where it begins, for a file of several. */
  readonly line?: number;
  /** Of a keyword rule: what tells whether one rule keeps messages from another. */
  readonly keywords?: Keywords;
}

/** A keyword rule as seen from its neighbours. */
export interface Keywords {
  /** Bursts that the rule is meant for: its examples, or else each of its words alone. */
  readonly bursts: readonly (readonly string[])[];
  /** Whether `bursts` are examples that somebody wrote. */
  readonly hasExamples: boolean;
  /** Whether the rule's conditions on texts hold. */
  readonly hears: (texts: readonly string[]) => boolean;
  /** Whether the rule ends the chain for these texts, whatever the hour, kind and language. */
  readonly alwaysDecides: (texts: readonly string[]) => boolean;
}

/** What reading a file led to: its rules, or everything that is wrong with it. */
export type FileContent =
  | { readonly kind: "good"; readonly rules: readonly FileRule[] }
  | { readonly kind: "broken"; readonly faults: readonly Fault[] };

/** A fault in Moca's words: which file, what is there, what is wanted. */
export function cannotLoad(file: string, what: string): string {
  return `Cannot load rule "${file}": ${what}`;
}
