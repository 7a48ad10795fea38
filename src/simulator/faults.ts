import {
  badParameter,
  type GraphError,
  graphError,
  recipientUnavailable,
  tokenExpired,
  windowClosed,
} from "./graph_error.ts";
import type { Random } from "./random.ts";

/**
 * What goes wrong with one request.
 * `applies`: whether the contact gets the text (`late`: after `delayMs`).
 * `answer`: `error` that error · `empty` that status without a body · `none` never · `drop` the connection is closed
 * without an answer · `cut` the body ends half-way · `slow` the true answer after `delayMs` · `drip` the true
 * answer, a byte each second.
 */
export interface FaultEffect {
  readonly applies: "never" | "now" | "late";
  readonly answer:
    | { readonly kind: "error"; readonly error: GraphError }
    | { readonly kind: "empty"; readonly status: number }
    | { readonly kind: "none" | "drop" | "cut" | "slow" | "drip" };
}

const effects = {
  http429: { applies: "never", answer: { kind: "empty", status: 429 } },
  code613: refused(graphError(613, "Calls to this API have exceeded the rate limit.", { subcode: 2534040 })),
  code4: refused(graphError(4, "(#4) Application request limit reached", { type: "OAuthException", transient: true })),
  tokenExpired: refused(tokenExpired),
  windowClosed: refused(windowClosed),
  recipientUnavailable: refused(recipientUnavailable),
  badParameter: refused(badParameter("Invalid parameter")),
  humanAgentRefused: refused(
    graphError(10, "To use 'Human Agent', your use of this endpoint must be reviewed and approved by Facebook", {
      status: 403,
    }),
  ),
  unknownError: refused(graphError(2, "An unexpected error has occurred.", { status: 500, transient: true })),
  serverError: { applies: "never", answer: { kind: "empty", status: 500 } },
  serverErrorApplied: { applies: "now", answer: { kind: "empty", status: 500 } },
  sentButError: {
    applies: "now",
    answer: { kind: "error", error: graphError(1, "An unknown error occurred", { status: 500, subcode: 1357046 }) },
  },
  timeout: { applies: "never", answer: { kind: "none" } },
  timeoutApplied: { applies: "now", answer: { kind: "none" } },
  lateApply: { applies: "late", answer: { kind: "none" } },
  reset: { applies: "never", answer: { kind: "drop" } },
  resetApplied: { applies: "now", answer: { kind: "drop" } },
  cutBody: { applies: "now", answer: { kind: "cut" } },
  slowAnswer: { applies: "now", answer: { kind: "slow" } },
  slowDrip: { applies: "now", answer: { kind: "drip" } },
  refusal: refused(graphError(1, "An unknown error occurred", { status: 500 })),
} as const satisfies Record<string, FaultEffect>;

export type FaultName = keyof typeof effects;

export const faultNames = Object.keys(effects) as [FaultName, ...FaultName[]];

export function effectOf(name: FaultName): FaultEffect {
  return effects[name];
}

/** What the order does; a `refusal` answers the error that it names. */
export function effectOfOrder({ fault, error }: Pick<FaultOrder, "fault" | "error">): FaultEffect {
  if (fault !== "refusal" || error === undefined) return effectOf(fault);
  const { code, message = "(#1) Something went wrong", ...rest } = error;
  return refused(graphError(code, message, rest));
}

function refused(error: GraphError): FaultEffect & { readonly answer: { readonly kind: "error" } } {
  return { applies: "never", answer: { kind: "error", error } };
}

/** An error of Meta's, to be answered instead of the truth. */
export interface RefusalOrder {
  readonly code: number;
  readonly subcode?: number;
  /** Default 400. */
  readonly status?: number;
  readonly message?: string;
}

/** A fault to come. With `rate`, each fitting request has it with that chance until `clearFaults`; else the next `times`. */
export interface FaultOrder {
  readonly fault: FaultName;
  /** How many of the next fitting requests. Default 1. */
  readonly times?: number;
  /** 0 to 1. */
  readonly rate?: number;
  /** Default `send`: only requests that carry a message. `read`: only the others. */
  readonly on?: "send" | "read" | "any";
  /** Only requests about this contact. */
  readonly psid?: string;
  /** For `slowAnswer` (default 3,000) and `lateApply` (default 5,000). */
  readonly delayMs?: number;
  /** For `cutBody`: bytes of the answer's body that still come. Default half of them. */
  readonly atByte?: number;
  /** For `refusal`: any error of Meta's. */
  readonly error?: RefusalOrder;
  /** For what refuses with an error: how long Instagram wants to be left alone, as the header says it. */
  readonly retryAfter?: string;
}

/** Weights of a bad day, to be ordered all at once; about 86 requests in 100 go well. */
export const badDay: readonly FaultOrder[] = [
  { fault: "code613", rate: 0.02 },
  { fault: "http429", rate: 0.01 },
  { fault: "serverErrorApplied", rate: 0.02 },
  { fault: "serverError", rate: 0.02 },
  { fault: "timeoutApplied", rate: 0.02 },
  { fault: "timeout", rate: 0.01 },
  { fault: "reset", rate: 0.01 },
  { fault: "resetApplied", rate: 0.01 },
  { fault: "cutBody", rate: 0.005 },
  { fault: "slowDrip", rate: 0.005 },
  { fault: "lateApply", rate: 0.005, delayMs: 20_000 },
  { fault: "tokenExpired", rate: 0.0025 },
  { fault: "windowClosed", rate: 0.0025 },
];

interface Planned {
  readonly order: FaultOrder;
  left: number;
}

/** The request as far as faults look at it. */
export interface FaultTarget {
  readonly on: "send" | "read";
  readonly psid?: string;
}

/** The faults to come; those with a count come first, in the order in which they were asked for. */
export class FaultPlan {
  readonly #random: Random;
  #counted: Planned[] = [];
  #rated: FaultOrder[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(order: FaultOrder): void {
    if (order.rate !== undefined) this.#rated.push(order);
    else this.#counted.push({ order, left: order.times ?? 1 });
  }

  /** Takes back what is planned, of that contact alone when one is named. */
  clear(psid?: string): void {
    const stays = (order: FaultOrder): boolean => psid !== undefined && order.psid !== psid;
    this.#counted = this.#counted.filter(({ order }) => stays(order));
    this.#rated = this.#rated.filter(stays);
  }

  /** What is planned for that contact alone and has not happened yet, in order. */
  plannedFor(psid: string): readonly FaultName[] {
    return this.#counted.filter(({ order }) => order.psid === psid).map(({ order }) => order.fault);
  }

  /** The fault of this request, if any; uses it up. */
  take(target: FaultTarget): FaultOrder | undefined {
    const planned = this.#counted.find(({ order }) => fits(order, target));
    if (planned === undefined) return this.#draw(target);
    planned.left -= 1;
    if (planned.left <= 0) this.#counted = this.#counted.filter((other) => other !== planned);
    return planned.order;
  }

  #draw(target: FaultTarget): FaultOrder | undefined {
    const fitting = this.#rated.filter((order) => fits(order, target));
    if (fitting.length === 0) return undefined;
    let ticket = this.#random();
    return fitting.find((order) => (ticket -= order.rate ?? 0) < 0);
  }
}

function fits({ on = "send", psid }: FaultOrder, target: FaultTarget): boolean {
  return (on === "any" || on === target.on) && (psid === undefined || psid === target.psid);
}
