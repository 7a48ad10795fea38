import type { Clock } from "@/clock.ts";
import type { Database } from "@/store/mongodb/database.ts";

const refreshMs = 60_000;

/** What the server says when it does not know a command. */
const unknownCommand = 59;

/**
 * The database's time, told without asking: this machine's clock, moved by how far the database's differs from
 * it. Instances whose clocks differ thus go by one time, to within the half of a round trip.
 */
export class DatabaseTime {
  readonly #clock: Clock;
  readonly #ask: () => Promise<Date>;
  #offsetMs = 0;
  #latest = -Infinity;

  constructor(clock: Clock, ask: () => Promise<Date>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Never earlier than what it answered before. */
  now(): Date {
    this.#latest = Math.max(this.#latest, this.#clock.now().getTime() + this.#offsetMs);
    return new Date(this.#latest);
  }

  /** Asks the database how late it is. */
  async refresh(): Promise<void> {
    const before = this.#clock.now().getTime();
    const at = (await this.#ask()).getTime();
    const after = this.#clock.now().getTime();
    this.#offsetMs = Math.round(at - (before + after) / 2);
  }

  /** Asks again each minute until the signal aborts; while the database does not answer, the old offset stands. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.wait(refreshMs, signal);
      if (!signal.aborted) await this.refresh().catch(() => undefined);
    }
  }
}

/** Servers that speak an older protocol know `hello` by its former name only. */
export async function askServer(database: Database): Promise<Record<string, unknown>> {
  try {
    return await database.command({ hello: 1 });
  } catch (error) {
    if (!(error instanceof Error && isUnknownCommand(error.cause))) throw error;
    return await database.command({ isMaster: 1 });
  }
}

function isUnknownCommand(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === unknownCommand;
}
