/**
 * The door in front of the HTTP server. `Deno.serve` cannot close a connection without an answer, which is what a
 * network does to a sender now and then; so the door passes bytes on, and closes when told.
 */
export class Gate implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #innerPort: number;
  readonly #outerByInnerPort = new Map<number, Deno.TcpConn>();
  readonly #relays = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  readonly #cuts: number[] = [];

  constructor(port: number, innerPort: number) {
    this.#innerPort = innerPort;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Closes the caller's connection at once. `innerPort`: the port that the HTTP server sees it come from. */
  drop(innerPort: number): void {
    close(this.#outerByInnerPort.get(innerPort));
  }

  /** The next connection breaks once it has brought so many bytes of its request. */
  cutNextRequest(atByte: number): void {
    this.#cuts.push(atByte);
  }

  async #accept(): Promise<void> {
    for await (const outer of this.#listener) {
      const relay = this.#relay(outer).finally(() => this.#relays.delete(relay));
      this.#relays.add(relay);
    }
  }

  async #relay(outer: Deno.TcpConn): Promise<void> {
    const inner = await Deno.connect({ hostname: "127.0.0.1", port: this.#innerPort }).catch(() => undefined);
    if (inner === undefined) return close(outer);
    for (const side of [outer, inner]) side.setNoDelay(true);
    const innerPort = inner.localAddr.port;
    this.#outerByInnerPort.set(innerPort, outer);
    const pipes = [pipe(outer, inner, this.#cuts.shift()), pipe(inner, outer)];
    await Promise.race(pipes);
    close(outer);
    close(inner);
    await Promise.all(pipes);
    this.#outerByInnerPort.delete(innerPort);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const outer of this.#outerByInnerPort.values()) close(outer);
    await Promise.all([this.#accepting, ...this.#relays]);
  }
}

/** Ends when either side has gone, for whatever reason, or after `most` bytes. */
async function pipe(from: Deno.TcpConn, to: Deno.TcpConn, most = Infinity): Promise<void> {
  const buffer = new Uint8Array(16_384);
  try {
    for (let passed = 0; passed < most;) {
      const count = await from.read(buffer);
      if (count === null) return;
      const passing = Math.min(count, most - passed);
      for (let done = 0; done < passing;) done += await to.write(buffer.subarray(done, passing));
      passed += passing;
    }
  } catch {
    // A connection that breaks is a connection that has ended.
  }
}

function close(connection: Deno.TcpConn | undefined): void {
  try {
    connection?.close();
  } catch {
    // Already closed by its other end of the relay.
  }
}
