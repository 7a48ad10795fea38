/**
 * How much of what Instagram allows is used, by the headers of its answers (Graph API, "Rate limiting"): one is
 * there or the other, or none. Pure.
 */
import { isRecord } from "@/instagram/fields.ts";

export interface Usage {
  /** The fullest of Instagram's counters; above 100 when it refuses calls. */
  readonly percent: number;
  /** How long Instagram wants to be left alone, in milliseconds; absent while it lets calls in. */
  readonly regainMs?: number;
}

/** Counters of another product say nothing about messages. */
const otherProducts: ReadonlySet<unknown> = new Set(["ads_insights", "ads_management", "custom_audience", "leadgen"]);

/** Undefined when the answer does not say. */
export function readUsage(headers: Headers): Usage | undefined {
  const entries = [...appEntries(headers), ...businessEntries(headers)];
  const percents = entries.flatMap(({ call_count, total_time, total_cputime }) =>
    [call_count, total_time, total_cputime].map(Number).filter(Number.isFinite)
  );
  if (percents.length === 0) return undefined;
  const waitMs = regainMs(headers);
  return { percent: Math.max(...percents), ...(waitMs === 0 ? {} : { regainMs: waitMs }) };
}

/** How long the usage headers want the account to be left alone, in milliseconds; 0 when they do not. */
export function regainMs(headers: Headers): number {
  return Math.max(0, ...businessEntries(headers).map(regainOf).filter(Number.isFinite));
}

type Entry = Readonly<Record<string, unknown>>;

function appEntries(headers: Headers): readonly Entry[] {
  const usage = parse(headers.get("x-app-usage"));
  return isRecord(usage) ? [usage] : [];
}

/** By the business's id a list of counters, one a product. */
function businessEntries(headers: Headers): readonly Entry[] {
  const usage = parse(headers.get("x-business-use-case-usage"));
  if (!isRecord(usage)) return [];
  return Object.values(usage).flat().filter(isRecord).filter(({ type }) => !otherProducts.has(type));
}

/** Instagram tells minutes. */
function regainOf({ estimated_time_to_regain_access: minutes }: Entry): number {
  return Number(minutes) * 60_000;
}

function parse(header: string | null): unknown {
  try {
    return JSON.parse(header ?? "");
  } catch {
    return undefined;
  }
}
