type Open = Deno.Conn | Deno.TcpListener;

/**
 * Between Moca and a MongoDB: what goes through it can be held up, as when the database is paused, or cut off between
 * request and answer.
 */
export class MongoProxy implements AsyncDisposable {
  readonly #server: { readonly hostname: string; readonly port: number };
  readonly #port: number;
  readonly #open = new Set<Open>();
  readonly #running = new Set<Promise<void>>();
  #flow = Promise.withResolvers<void>();
  #answers = 0;
  #cutEach = Infinity;
  /** Connections that were closed in place of an answer. */
  cuts = 0;

  /** `uri` names one server: `mongodb://host:port/…`. */
  constructor(uri: string) {
    const { hostname, port } = new URL(uri);
    this.#server = { hostname, port: Number(port || 27_017) };
    this.#flow.resolve();
    this.#port = this.#listen(0);
  }

  /** The server's address as seen through this, without a database's name. */
  get uri(): string {
    return `mongodb://127.0.0.1:${this.#port}/?directConnection=true`;
  }

  /** Nothing goes through until `restore`, and no connection ends: a server that is paused. */
  hang(): void {
    this.#flow = Promise.withResolvers<void>();
  }

  /** Until `restore`, each so-many-th answer is thrown away and its connection closed: what was asked has happened. */
  cutAnswers(each: number): void {
    this.#cutEach = each;
  }

  restore(): void {
    this.#cutEach = Infinity;
    this.#flow.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flow.resolve();
    for (const one of this.#open) close(one);
    this.#open.clear();
    await Promise.all(this.#running);
  }

  #listen(port: number): number {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#open.add(listener);
    this.#run(this.#accept(listener));
    return listener.addr.port;
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    for await (const near of listener) {
      this.#open.add(near);
      this.#run(this.#join(near));
    }
  }

  async #join(near: Deno.Conn): Promise<void> {
    const far = await Deno.connect(this.#server);
    this.#open.add(far);
    await Promise.all([
      this.#carry(near, far, () => false),
      this.#carry(far, near, () => this.#isCut()),
    ]);
  }

  #isCut(): boolean {
    this.#answers += 1;
    const isCut = this.#answers % this.#cutEach === 0;
    if (isCut) this.cuts += 1;
    return isCut;
  }

  /** Passes on what one side says, until either is gone or cut off; then neither stays. */
  async #carry(from: Deno.Conn, to: Deno.Conn, isCut: () => boolean): Promise<void> {
    const held = new TransformStream<Uint8Array, Uint8Array>({
      transform: async (bytes, controller) => {
        await this.#flow.promise;
        if (isCut()) controller.error(new Error("cut off"));
        else controller.enqueue(bytes);
      },
    });
    await from.readable.pipeThrough(held).pipeTo(to.writable).catch(() => undefined);
    for (const one of [from, to]) {
      close(one);
      this.#open.delete(one);
    }
  }

  #run(work: Promise<void>): void {
    const done = work.catch(() => undefined).finally(() => this.#running.delete(done));
    this.#running.add(done);
  }
}

/** Harmless when it is closed already. */
function close(one: Open): void {
  try {
    one.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
