import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { Store } from "@/store/store.ts";

/** How what is counted is named, and how soon it costs. */
export interface ThrottlePolicy {
  /** Begins the key in the store. */
  readonly prefix: string;
  /** Wrong tries that cost nothing. */
  readonly freeTries: number;
  /** The longest wait between two tries. */
  readonly maxWaitMs: number;
}

const perAddress: ThrottlePolicy = { prefix: "signin:", freeTries: 5, maxWaitMs: 15 * 60_000 };

/** A name is guessed at from many addresses; its owner, who comes from another, waits a minute at most. */
export const perName: ThrottlePolicy = { prefix: "signin-name:", freeTries: 20, maxWaitMs: 60_000 };

/** Tries of one address are looked at one after another, at least this far apart. */
const tryGapMs = 100;

/** The longest that a try stands in line. */
const maxLineMs = 500;

/** Whether a try may be looked at now; `waitMs`: how long until the next one may. */
export type Admission = { readonly kind: "admitted" } | { readonly kind: "refused"; readonly waitMs: number };

export interface SignInThrottle {
  /** Asks before the token is looked at. A refused try is not looked at. */
  admit(address: string): Promise<Admission>;
  /** The token was wrong: from the sixth time on, the next try waits twice as long each time. */
  fail(address: string): Promise<void>;
  succeed(address: string): Promise<void>;
}

interface ThrottleDeps {
  readonly store: Pick<Store, "limits" | "now">;
  readonly clock: Pick<Clock, "wait">;
}

/** Holds back who guesses tokens: per address or name, in the store, so that a restart forgets nothing. */
export function makeSignInThrottle(deps: ThrottleDeps, policy: ThrottlePolicy = perAddress): SignInThrottle {
  const { store } = deps;
  const keyOf = (address: string): string => `${policy.prefix}${address}`;
  return {
    admit: (address) => admit(deps, keyOf(address)),
    fail: async (address) => {
      const strikes = ((await store.limits.get(keyOf(address)))?.strikes ?? 0) + 1;
      const until = addMs(store.now(), waitAfter(strikes, policy));
      await store.limits.pause(keyOf(address), { until, strikes, reason: "wrong sign-in tokens" });
    },
    succeed: (address) => store.limits.clear(keyOf(address)),
  };
}

async function admit({ store, clock }: ThrottleDeps, key: string): Promise<Admission> {
  const first = await pauseOf(store, key);
  if (first !== undefined) return first;
  // Tries that come at the same instant are lined up, so that each sees the failure of the one before it.
  const slot = await store.limits.reserve(key, tryGapMs);
  const now = store.now();
  const waitMs = slot.getTime() - now.getTime();
  if (waitMs > maxLineMs) return refuse(slot, now);
  await clock.wait(waitMs);
  return await pauseOf(store, key) ?? { kind: "admitted" };
}

async function pauseOf(store: ThrottleDeps["store"], key: string): Promise<Admission | undefined> {
  const pausedUntil = (await store.limits.get(key))?.pausedUntil;
  const now = store.now();
  return pausedUntil !== undefined && pausedUntil > now ? refuse(pausedUntil, now) : undefined;
}

function refuse(until: Date, now: Date): Admission {
  return { kind: "refused", waitMs: until.getTime() - now.getTime() };
}

/** How long an address waits after its wrong try number `strikes`, in milliseconds. */
export function waitAfter(strikes: number, { freeTries, maxWaitMs }: ThrottlePolicy = perAddress): number {
  if (strikes < freeTries) return 0;
  return Math.min(maxWaitMs, 1_000 * 2 ** (strikes - freeTries + 1));
}
