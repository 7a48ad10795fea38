import { type GraphError, graphError } from "./graph_error.ts";

/** How many calls an account may make in any hour, and in which of Meta's two headers its answers say so. */
export interface CallLimitOrder {
  readonly callsPerHour: number;
  /** `business`: X-Business-Use-Case-Usage, with the minutes to wait · `app`: X-App-Usage, without. */
  readonly header: "business" | "app";
}

/** What counting one call led to. */
export interface CountedCall {
  readonly headers: Readonly<Record<string, string>>;
  /** The call is one too many. */
  readonly error?: GraphError;
}

const hourMs = 3_600_000;

const tooManyCalls: Readonly<Record<CallLimitOrder["header"], GraphError>> = {
  business: graphError(80002, "There have been too many calls to this Instagram account.", { subcode: 2446079 }),
  app: graphError(4, "(#4) Application request limit reached", { type: "OAuthException", transient: true }),
};

/** Counts calls as Meta does: over the last hour, refused ones too, which is why calling on prolongs the block. */
export class CallLimit {
  readonly #accountId: string;
  #order?: CallLimitOrder;
  #calls: number[] = [];

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** Counts from now on; undefined: no more. */
  set(order: CallLimitOrder | undefined): void {
    this.#order = order;
    this.#calls = [];
  }

  count(now: Date): CountedCall {
    if (this.#order === undefined) return { headers: {} };
    const { callsPerHour, header } = this.#order;
    this.#calls = [...this.#calls.filter((at) => at > now.getTime() - hourMs), now.getTime()];
    const isOver = this.#calls.length > callsPerHour;
    const percent = Math.floor(100 * this.#calls.length / callsPerHour);
    const headers = header === "app" ? appUsage(percent) : this.#businessUsage(percent, isOver ? this.#waitMs(now) : 0);
    return isOver ? { headers, error: tooManyCalls[header] } : { headers };
  }

  /** Until so many calls are older than an hour that one more may be made. */
  #waitMs(now: Date): number {
    const last = this.#calls[this.#calls.length - (this.#order?.callsPerHour ?? 0)] ?? now.getTime();
    return last + hourMs - now.getTime();
  }

  #businessUsage(percent: number, waitMs: number): Readonly<Record<string, string>> {
    const usage = {
      type: "instagram",
      "call_count": percent,
      "total_cputime": 1,
      "total_time": 1,
      "estimated_time_to_regain_access": Math.ceil(waitMs / 60_000),
    };
    return { "x-business-use-case-usage": JSON.stringify({ [this.#accountId]: [usage] }) };
  }
}

function appUsage(percent: number): Readonly<Record<string, string>> {
  return { "x-app-usage": JSON.stringify({ "call_count": percent, "total_time": 1, "total_cputime": 1 }) };
}
