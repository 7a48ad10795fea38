import type { Clock } from "@/clock.ts";
import { signBody } from "./envelope.ts";
import { AppendOnlyLog, type WebhookLogEntry } from "./logs.ts";

export interface WebhookSenderOptions {
  readonly clock: Clock;
  readonly appSecret: string;
  /** Where to post; absent: nothing is ever delivered. */
  readonly webhookUrl?: () => string;
  /** Pauses before the second try, the third, … then the envelope is given up. */
  readonly retryPausesMs: readonly number[];
  readonly log: AppendOnlyLog<WebhookLogEntry>;
}

/** `accepted`: answered 2xx · `givenUp`: never, in all tries · `stopped`: the pretend Instagram was closed before. */
export type WebhookOutcome = "accepted" | "givenUp" | "stopped";

/** One envelope on its way. */
export interface Posting {
  /** The first try's status; undefined when there was no answer. */
  readonly offered: Promise<number | undefined>;
  readonly settled: Promise<WebhookOutcome>;
}

const answerLimitMs = 10_000;

/** Meta's side of the webhook: signs, posts, and repeats what was not answered with 2xx. */
export class WebhookSender implements AsyncDisposable {
  readonly #options: WebhookSenderOptions;
  readonly #closing = new AbortController();
  readonly #client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  readonly #running = new Set<Promise<unknown>>();
  #seq = 0;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  /** Posts a body as it is, with retries. `mids`: what the log says it is about. */
  post(body: string, mids: readonly string[]): Posting {
    const offered = this.#attempt(body, { mids, attempt: 1 });
    const settled = offered.then((status) => this.#retry(body, mids, status));
    this.#running.add(settled);
    settled.finally(() => this.#running.delete(settled));
    return { offered, settled };
  }

  /** True from the moment at which nothing is posted any more. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Waits by the clock; true when the pretend Instagram is still there afterwards. */
  async pause(ms: number): Promise<boolean> {
    if (ms > 0) await this.#options.clock.wait(ms, this.#closing.signal);
    return !this.closed;
  }

  async #retry(body: string, mids: readonly string[], first: number | undefined): Promise<WebhookOutcome> {
    let status = first;
    for (const [index, pauseMs] of this.#options.retryPausesMs.entries()) {
      if (accepted(status)) return "accepted";
      if (!await this.pause(pauseMs)) return "stopped";
      status = await this.#attempt(body, { mids, attempt: index + 2 });
    }
    return accepted(status) ? "accepted" : "givenUp";
  }

  async #attempt(
    body: string,
    { mids, attempt }: { readonly mids: readonly string[]; readonly attempt: number },
  ): Promise<number | undefined> {
    const { clock, webhookUrl, log, appSecret } = this.#options;
    if (webhookUrl === undefined) return undefined;
    const start = { at: clock.now(), monotonicMs: performance.now() };
    const status = await this.#exchange(webhookUrl(), body, await signBody(body, appSecret));
    const tookMs = performance.now() - start.monotonicMs;
    this.#seq += 1;
    log.add({ seq: this.#seq, ...start, attempt, tookMs, mids, body, ...(status === undefined ? {} : { status }) });
    return status;
  }

  async #exchange(url: string, body: string, signature: string): Promise<number | undefined> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), answerLimitMs);
    try {
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const signal = AbortSignal.any([limit.signal, this.#closing.signal]);
      const response = await fetch(url, { method: "POST", headers, body, client: this.#client, signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
    this.#client.close();
  }
}

function accepted(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}
