interface Watcher {
  readonly look: () => void;
}

/** Lets tests wait for what they want to see, without sleeping. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();

  /** Says that there is something new to look at. */
  notify(): void {
    for (const { look } of [...this.#watchers]) look();
  }

  /**
   * Resolves with what `find` answers as soon as that is neither undefined nor false.
   * @throws {Error} After `timeoutMs` of real time.
   */
  waitFor<T>(find: () => T | undefined | false, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#watchers.delete(watcher);
        clearTimeout(timer);
        settle();
      };
      const look = (): void => {
        try {
          const found = find();
          if (found !== undefined && found !== false) end(() => resolve(found));
        } catch (error) {
          end(() => reject(error));
        }
      };
      const late = (): void => reject(new Error(`Cannot wait longer: nothing fitting came in ${timeoutMs} ms`));
      const timer = setTimeout(() => end(late), timeoutMs);
      const watcher = { look };
      this.#watchers.add(watcher);
      look();
    });
  }
}
