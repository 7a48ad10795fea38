import { addMs } from "@/conversation/due_time.ts";
import type { Usage } from "@/instagram/usage.ts";
import { getLogger } from "@/log.ts";
import { calmPercent } from "@/instagram/account_pace.ts";
import type { Reading, Store } from "@/store/store.ts";

/** A change of fewer percent is not worth a write, unless the reading that is kept grows old. */
const notablePercent = 5;
const freshMs = 60_000;

/** Keeps what Instagram's answers say of an account's limits where all instances read it. */
export class UsageKeeper {
  readonly #store: Pick<Store, "now" | "limits">;
  /** By account, the reading that was written last. */
  readonly #kept = new Map<string, Reading>();

  constructor(store: Pick<Store, "now" | "limits">) {
    this.#store = store;
  }

  /** Never rejects: nothing of this may stand in the way of the answer that it came with. */
  async note(accountId: string, usage: Usage): Promise<void> {
    try {
      await this.#keep(accountId, usage);
    } catch (error) {
      this.#kept.delete(accountId);
      getLogger("outbound").warning("cannot keep what Instagram says of its limits: {error}", { error });
    }
  }

  async #keep(accountId: string, { percent, regainMs }: Usage): Promise<void> {
    const store = this.#store;
    const reading = { value: percent, at: store.now() };
    if (isNews(this.#kept.get(accountId), reading)) {
      this.#kept.set(accountId, reading);
      await store.limits.note(accountId, reading);
    }
    if (regainMs === undefined) return;
    const strikes = (await store.limits.get(accountId))?.strikes ?? 0;
    const until = addMs(reading.at, regainMs);
    await store.limits.pause(accountId, { until, strikes, reason: "the account made too many calls" });
  }
}

function isNews(kept: Reading | undefined, { value, at }: Reading): boolean {
  if (kept === undefined || Math.abs(value - kept.value) >= notablePercent) return true;
  const isCalm = value < calmPercent && kept.value < calmPercent;
  return !isCalm && at.getTime() - kept.at.getTime() >= freshMs;
}
