import { createHash, type Hash } from "node:crypto";

/** Everything that happened, line by line, as one number: two runs of a seed are the same when it is. */
export class Trace {
  readonly #hash: Hash = createHash("sha256");
  readonly #onLine: (line: string) => void;
  #lines = 0;

  /** `onLine` is shown each line as well. */
  constructor(onLine: (line: string) => void = () => {}) {
    this.#onLine = onLine;
  }

  add(line: string): void {
    this.#lines += 1;
    this.#hash.update(`${line}\n`);
    this.#onLine(line);
  }

  /** How many lines, and 16 hex digits made from all of them. Takes no line afterwards. */
  end(): string {
    return `${this.#lines}:${this.#hash.digest("hex").slice(0, 16)}`;
  }
}
