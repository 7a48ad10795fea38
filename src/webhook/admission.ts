/** Bodies that wait for the store at the same time: far more than a store that answers ever has. */
const maxWaiting = 500;

/** What they may take of memory together, in bytes. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** Bounds what waits for a store that is slow: the rest is refused, and Meta keeps it and tries again. */
export class Admission {
  #waiting = 0;
  #bytes = 0;

  /** Does the work, or answers `full` at once when too much waits already. One body alone always fits. */
  async admit<Result>(bytes: number, work: () => Promise<Result>): Promise<Result | "full"> {
    const isFull = this.#waiting >= maxWaiting || (this.#waiting > 0 && this.#bytes + bytes > maxWaitingBytes);
    if (isFull) return "full";
    this.#waiting += 1;
    this.#bytes += bytes;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      this.#bytes -= bytes;
    }
  }
}
