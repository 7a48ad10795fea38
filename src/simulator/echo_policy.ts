import type { DeliveryOptions } from "./deliveries.ts";
import type { Random } from "./random.ts";

/**
 * When the webhook hears of a text that was sent through the API. `immediately`: at the same time as the sender gets
 * the answer · `beforeAnswer`: the webhook has answered before the sender gets the answer · `twice` · `never` ·
 * `mixed`: 0 to 20 s later, one in twenty twice, one in twenty never · or later by so many milliseconds.
 */
export type EchoPolicy =
  | "immediately"
  | "beforeAnswer"
  | "twice"
  | "never"
  | "mixed"
  | { readonly delayMs: number };

export interface EchoPlan {
  readonly beforeAnswer: boolean;
  readonly delivery: DeliveryOptions;
}

/** What the policy means for one text; undefined: no echo. */
export function planEcho(policy: EchoPolicy, random: Random): EchoPlan | undefined {
  if (typeof policy === "object") return { beforeAnswer: false, delivery: policy };
  switch (policy) {
    case "never":
      return undefined;
    case "immediately":
      return { beforeAnswer: false, delivery: {} };
    case "beforeAnswer":
      return { beforeAnswer: true, delivery: {} };
    case "twice":
      return { beforeAnswer: false, delivery: { copies: 2 } };
    case "mixed":
      return drawn(random(), Math.floor(random() * 20_000));
  }
}

function drawn(ticket: number, delayMs: number): EchoPlan | undefined {
  if (ticket < 0.05) return undefined;
  return { beforeAnswer: false, delivery: { delayMs, copies: ticket < 0.1 ? 2 : 1 } };
}
