import { addMs } from "@/conversation/due_time.ts";
import type { RuleRuns, Store } from "@/store/store.ts";
import type { RuleFigures, RuleRecord } from "@views/parts/rule_figures.ts";

const dayMs = 24 * 3_600_000;

/** Days that are looked back. */
const days = 7;

/** Turns are counted so far back and no further, those of an account. */
const maxTurns = 1_000;

/** An open page asks every two seconds; the figures are read again when they are older than this. */
const freshMs = 30_000;

/** Reads what rules did, now and then. */
export class RuleFigureReader {
  readonly #store: Pick<Store, "turns" | "now">;
  readonly #read = new Map<string, { readonly at: Date; readonly figures: Promise<RuleFigures> }>();

  constructor(store: Pick<Store, "turns" | "now">) {
    this.#store = store;
  }

  async read(accountId = ""): Promise<RuleFigures> {
    const now = this.#store.now();
    const known = this.#read.get(accountId);
    if (known !== undefined && known.at > addMs(now, -freshMs)) return await known.figures;
    const figures = loadRuleFigures(this.#store, accountId);
    this.#read.set(accountId, { at: now, figures });
    figures.catch(() => this.#read.delete(accountId));
    return await figures;
  }
}

/** What an account's rules did in the last seven days, by rule's name. */
async function loadRuleFigures(
  store: Pick<Store, "turns" | "now">,
  accountId: string,
): Promise<RuleFigures> {
  const now = store.now();
  const query = { since: addMs(now, -days * dayMs), limit: maxTurns };
  const turns = await store.turns.ruleRuns({ accountId, ...query });
  const from = turns.length === maxTurns ? turns.at(-1)?.decidedAt : undefined;
  const runs = turns.flatMap((turn) => turn.rules.map((trace) => ({ turn, trace })));
  const byRule = Map.groupBy(runs, ({ trace }) => trace.rule);
  return {
    ...(from === undefined ? {} : { from }),
    records: new Map([...byRule].map(([rule, own]) => [rule, recordOf(own, now)])),
  };
}

interface Run {
  readonly turn: RuleRuns;
  readonly trace: RuleRuns["rules"][number];
}

/** Newest first, as they come. */
function recordOf(runs: readonly Run[], now: Date): RuleRecord {
  const hits = runs.filter(({ trace }) => !["pass", "error", "off"].includes(trace.verdict));
  const errors = runs.filter(({ trace }) => trace.verdict === "error");
  const [lastHit] = hits;
  const [lastError] = errors;
  return {
    hits: hits.length,
    hitsToday: hits.filter(({ turn }) => turn.decidedAt > addMs(now, -dayMs)).length,
    byDay: Array.from({ length: days }, (_, day) => {
      const end = addMs(now, -(days - 1 - day) * dayMs);
      return hits.filter(({ turn: { decidedAt } }) => decidedAt <= end && decidedAt > addMs(end, -dayMs)).length;
    }),
    ...(lastHit && { lastHit: { turnId: lastHit.turn.id, at: lastHit.turn.decidedAt } }),
    errors: errors.length,
    ...(lastError && { lastError: { turnId: lastError.turn.id, reason: lastError.trace.reason } }),
    slowMs: slowest(runs.filter(({ trace }) => trace.verdict !== "off").map(({ trace }) => trace.ms)),
  };
}

/** The time within which nineteen of twenty were done; undefined for none. */
function slowest(times: readonly number[]): number | undefined {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];
}
