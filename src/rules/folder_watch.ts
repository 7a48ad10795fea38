import { systemClock } from "@/clock.ts";
import { folderFingerprint } from "@/rules/rule_folder.ts";

/** A save comes as several events: the folder is read once it has been quiet this long. */
const quietMs = 40;

/** The longest that a folder which keeps changing is left unread. */
const maxQuietMs = 400;

/** Pause between two looks for what no event tells: linked files, network drives, a folder made anew. */
const pollMs = 750;

/**
 * Calls `onStir` soon after anything in the folder may have changed, one call at a time. Events make it fast,
 * looking makes it sure. Runs in real time, whatever clock the rest of Moca has: files do.
 */
export class FolderWatch implements AsyncDisposable {
  readonly #dir: string;
  readonly #onStir: () => Promise<void>;
  readonly #closing = new AbortController();
  readonly #loops: Promise<unknown>;
  #watcher?: Deno.FsWatcher;
  #firstStirAt?: number;
  #stirred = new AbortController();
  #fingerprint?: string;

  /** `fingerprint`: of the folder as it was read last. */
  constructor(dir: string, fingerprint: string | undefined, onStir: () => Promise<void>) {
    this.#dir = dir;
    this.#fingerprint = fingerprint;
    this.#onStir = onStir;
    this.#loops = Promise.all([this.#listen(), this.#poll(), this.#answer()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#stirred.abort();
    this.#watcher?.close();
    await this.#loops;
  }

  /** Watches by events for as long as that works, and begins again when the folder was replaced. */
  async #listen(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        this.#watcher = Deno.watchFs(this.#dir, { recursive: false });
        for await (const { kind } of this.#watcher) if (kind !== "access") this.#stir();
      } catch {
        // No events here, or no folder: looking goes on.
      }
      await systemClock.wait(pollMs, this.#closing.signal);
    }
  }

  async #poll(): Promise<void> {
    let pause = pollMs;
    while (!this.#closing.signal.aborted) {
      await systemClock.wait(pause, this.#closing.signal);
      const startedAt = performance.now();
      const fingerprint = await folderFingerprint(this.#dir);
      // A folder of thousands is looked at less often: one hundredth of the time at most.
      pause = Math.max(pollMs, 100 * (performance.now() - startedAt));
      if (fingerprint !== this.#fingerprint) this.#noticed(fingerprint);
    }
  }

  #noticed(fingerprint: string | undefined): void {
    const folderOf = (print: string | undefined): string | undefined => print?.split("\n")[0];
    if (folderOf(fingerprint) !== folderOf(this.#fingerprint)) this.#watcher?.close();
    this.#fingerprint = fingerprint;
    this.#stir();
  }

  #stir(): void {
    this.#firstStirAt ??= performance.now();
    this.#stirred.abort();
  }

  async #answer(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await systemClock.wait(pollMs, this.#stirred.signal);
      if (this.#firstStirAt !== undefined) await this.#settle(this.#firstStirAt);
    }
  }

  /** Waits until the folder is quiet, then answers. */
  async #settle(firstStirAt: number): Promise<void> {
    do {
      this.#stirred = new AbortController();
      await systemClock.wait(quietMs, this.#closing.signal);
    } while (this.#stirred.signal.aborted && performance.now() - firstStirAt < maxQuietMs);
    this.#stirred = new AbortController();
    this.#firstStirAt = undefined;
    if (!this.#closing.signal.aborted) await this.#onStir();
  }
}
