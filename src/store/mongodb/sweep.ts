import type { Clock } from "@/clock.ts";
import type { Database } from "@/store/mongodb/database.ts";
import { sweepErased } from "@/store/mongodb/erase.ts";
import type { Head } from "@/store/mongodb/head.ts";
import { finishRedo } from "@/store/mongodb/redo.ts";

const everyMs = 10_000;

/** A redo list younger than this is being worked on, as a rule. */
const graceMs = 5_000;

/** Finishes the commits that were broken off and that nobody reads, and what erasures left. */
export async function sweep(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - graceMs);
  const heads = await db.rows("conversations").find({ redoSince: { $lte: before } }).limit(100).toArray() as Head[];
  for (const head of heads) await finishRedo(db, head);
  await sweepErased(db, now);
}

/** Sweeps until the signal aborts; what fails is tried again the next time. */
export async function keepSwept(db: Database, { clock, now, signal }: {
  clock: Clock;
  now: () => Date;
  signal: AbortSignal;
}): Promise<void> {
  while (!signal.aborted) {
    await clock.wait(everyMs, signal);
    if (!signal.aborted) await db.ask(() => sweep(db, now())).catch(() => undefined);
  }
}
