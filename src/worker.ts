import type { Clock } from "@/clock.ts";
import { getLogger } from "@/log.ts";

export interface WorkerOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Does what is due, a batch at most; answers how many things it did. 0: nothing is due. */
  readonly step: () => Promise<number>;
  /** When something is due next, if that is known. */
  readonly nextAt?: () => Promise<Date | undefined>;
  /** The time that `nextAt` goes by. Default: the clock's. */
  readonly now?: () => Date;
  /** The longest pause between two looks, for what `wake` and `nextAt` do not tell. Default 1,000 ms. */
  readonly pollMs?: number;
}

const minBackoffMs = 250;
/** What a database that is back is left waiting for, at most. */
const maxBackoffMs = 5_000;

/**
 * Repeats a step for as long as the process lives: at once while there is work, else when it is woken, when
 * something falls due, or after the poll. A step that throws is repeated after a growing pause.
 */
export class Worker {
  readonly name: string;
  readonly #options: WorkerOptions;
  #wakeUp = new AbortController();
  #failures = 0;

  constructor(options: WorkerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** False while the last step failed. */
  get healthy(): boolean {
    return this.#failures === 0;
  }

  /** Says that there may be work now; harmless when there is none. */
  wake(): void {
    this.#wakeUp.abort();
  }

  /** Does everything that is due now; answers how much that was. */
  async drain(): Promise<number> {
    let total = 0;
    for (let done = await this.#options.step(); done > 0; done = await this.#options.step()) total += done;
    return total;
  }

  /** Works until the signal aborts; resolves when the step under way has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.wake();
    signal.addEventListener("abort", stop);
    while (!signal.aborted) {
      if (this.#wakeUp.signal.aborted) this.#wakeUp = new AbortController();
      await this.#options.clock.wait(await this.#workThenPause(signal), this.#wakeUp.signal);
    }
    signal.removeEventListener("abort", stop);
  }

  /** Works while there is work; answers how long to pause, in milliseconds. */
  async #workThenPause(signal: AbortSignal): Promise<number> {
    try {
      while (!signal.aborted && await this.#options.step() > 0) this.#failures = 0;
      const pause = await this.#untilNext();
      this.#failures = 0;
      return pause;
    } catch (error) {
      this.#failures += 1;
      getLogger("worker").error("worker {worker} failed, trying again: {error}", { worker: this.name, error });
      return Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(this.#failures, 10));
    }
  }

  async #untilNext(): Promise<number> {
    const { nextAt, clock, now = () => clock.now(), pollMs = 1_000 } = this.#options;
    const at = await nextAt?.();
    return at === undefined ? pollMs : Math.max(0, Math.min(pollMs, at.getTime() - now().getTime()));
  }
}
