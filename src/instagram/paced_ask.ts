import pThrottle from "p-throttle";
import { ask } from "@/instagram/client_api.ts";

/** At most `limit` calls in any `intervalMs`. */
export interface ReadPace {
  readonly limit: number;
  readonly intervalMs: number;
}

export type Ask = typeof ask;

/** Makes the function that answers an account's `ask`: all its reading calls in this process are held to the pace. */
export function makePacedAsk({ limit, intervalMs }: ReadPace): (accountId: string) => Ask {
  const asks = new Map<string, Ask>();
  return (accountId) => {
    const paced: Ask = asks.get(accountId) ?? pThrottle({ limit, interval: intervalMs, strict: true })(ask);
    asks.set(accountId, paced);
    return paced;
  };
}
