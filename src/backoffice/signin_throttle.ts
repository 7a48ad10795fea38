import { addMs } from "@/conversation/due_time.ts";
import type { Store } from "@/store/store.ts";

/** Wrong tries that cost nothing. */
const freeTries = 5;

/** The longest that an address waits between two tries. */
const maxWaitMs = 15 * 60_000;

/** Tries of one address are looked at one after another, at least this far apart. */
const tryGapMs = 100;

/** Whether a try may be looked at now; `waitMs`: how long until the next one may. */
export type Admission = { readonly kind: "admitted" } | { readonly kind: "refused"; readonly waitMs: number };

export interface SignInThrottle {
  /** Asks before the token is looked at. A refused try is not looked at. */
  admit(address: string): Promise<Admission>;
  /** The token was wrong: from the sixth time on, the next try waits twice as long each time. */
  fail(address: string): Promise<void>;
  succeed(address: string): Promise<void>;
}

/** Holds back who guesses tokens: per address, in the store, so that a restart forgets nothing. */
export function makeSignInThrottle(store: Pick<Store, "limits" | "now">): SignInThrottle {
  const keyOf = (address: string): string => `signin:${address}`;
  return {
    admit: (address) => admit(store, keyOf(address)),
    fail: async (address) => {
      const strikes = ((await store.limits.get(keyOf(address)))?.strikes ?? 0) + 1;
      const until = addMs(store.now(), waitAfter(strikes));
      await store.limits.pause(keyOf(address), { until, strikes, reason: "wrong sign-in tokens" });
    },
    succeed: (address) => store.limits.clear(keyOf(address)),
  };
}

async function admit(store: Pick<Store, "limits" | "now">, key: string): Promise<Admission> {
  const pausedUntil = (await store.limits.get(key))?.pausedUntil;
  const now = store.now();
  if (pausedUntil !== undefined && pausedUntil > now) return refuse(pausedUntil, now);
  // Of tries that come at the same instant, one gets this slot: the others would not have seen its failure yet.
  const slot = await store.limits.reserve(key, tryGapMs);
  const isMine = slot.getTime() - store.now().getTime() <= 0;
  return isMine ? { kind: "admitted" } : refuse(slot, now);
}

function refuse(until: Date, now: Date): Admission {
  return { kind: "refused", waitMs: until.getTime() - now.getTime() };
}

/** How long an address waits after its wrong try number `strikes`, in milliseconds. */
export function waitAfter(strikes: number): number {
  if (strikes < freeTries) return 0;
  return Math.min(maxWaitMs, 1_000 * 2 ** (strikes - freeTries + 1));
}
