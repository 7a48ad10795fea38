import type { Clock } from "@/clock.ts";
import type { Random } from "@/simulator/random.ts";
import { type Store, StoreUnavailableError } from "@/store/store.ts";
import { MongoNetworkError } from "mongodb";
import type { Trace } from "@tests/simulation/trace.ts";

export interface LifeOptions {
  readonly owner: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /**
   * The point at which it dies. Every call of the store and of Instagram has two: before anything has happened, and
   * after it happened, before the answer comes. Infinity: never.
   */
  readonly dieAt: number;
  readonly onDeath: () => void;
  /** Told of something rare that happened. */
  readonly count: (name: string) => void;
}

/** The life of one instance. Once it is over, nothing that it waits for ever comes back to it. */
export class Life {
  readonly #options: LifeOptions;
  #dieAt: number;
  #points = 0;
  #isDead = false;
  #isCalm = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#dieAt = options.dieAt;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Points that were passed. */
  get points(): number {
    return this.#points;
  }

  /** From now on it neither dies nor is slow. */
  calm(): void {
    this.#dieAt = Infinity;
    this.#isCalm = true;
  }

  /** A call of the store: it may come late, and fail before or after it has taken effect. */
  async call<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    await this.#dawdle();
    await this.#failAtTimes(name);
    const result = await this.#step(name, work);
    await this.#failAtTimes(name);
    await this.#dawdle();
    return await this.outside(Promise.resolve(result));
  }

  /** One command of several that a call of the store makes; the line may break before and after it took effect. */
  async command<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    // A commit's rows are written after its head: who is slow there meets whoever wrote them meanwhile.
    await this.#dawdle(name.endsWith(".bulkWrite") ? 5 : 0.2);
    await this.#breakAtTimes();
    const result = await this.#step(name, work);
    await this.#breakAtTimes();
    return await this.outside(Promise.resolve(result));
  }

  /** A request: it leaves at once. */
  async request<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return await this.#step(name, work);
  }

  /** Something outside of the process. */
  async outside<Result>(work: Promise<Result>): Promise<Result> {
    const result = await work;
    return this.#isDead ? await never() : result;
  }

  async #step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { trace, clock, owner } = this.#options;
    this.#pass();
    if (this.#isDead) return await never();
    const result = await work();
    this.#pass();
    trace.add(`${clock.now().getTime()} ${owner} ${name} ${shortly(result)}${this.#isDead ? " dead" : ""}`);
    return this.#isDead ? await never() : result;
  }

  #pass(): void {
    this.#points += 1;
    if (this.#isDead || this.#points < this.#dieAt) return;
    this.#isDead = true;
    this.#options.onDeath();
  }

  /** `share`: of the usual chance to be slow. */
  async #dawdle(share = 1): Promise<void> {
    if (this.#isCalm) return;
    const { random, clock } = this.#options;
    const ticket = random() / share;
    if (ticket < 0.0003) await clock.wait(random() * 60_000);
    else if (ticket < 0.001) await clock.wait(1_000 + random() * 19_000);
    else if (ticket < 0.1) await clock.wait(random() * 40);
  }

  #breakAtTimes(): Promise<void> {
    if (this.#isCalm || this.#options.random() >= 0.0005) return Promise.resolve();
    this.#options.count("lineBroke");
    return Promise.reject(new MongoNetworkError("the line broke"));
  }

  #failAtTimes(name: string): Promise<void> {
    if (this.#isCalm || this.#options.random() >= 0.001) return Promise.resolve();
    return Promise.reject(new StoreUnavailableError(`Cannot use the database: ${name} was lost`));
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function shortly(result: unknown): string {
  if (Array.isArray(result)) return `[${result.length}]`;
  return typeof result === "object" && result !== null ? `{${Object.keys(result).length}}` : String(result);
}

const parts = [
  "accounts",
  "envelopes",
  "conversations",
  "messages",
  "turns",
  "outbound",
  "limits",
  "commands",
  "audit",
];

/** The store as one instance sees it. */
export function mortalStore(store: Store, life: Life): Store {
  const mortal = new Map(parts.map((name) => [name, mortalPart(name, Reflect.get(store, name), life)]));
  return new Proxy(store, {
    get: (target, name) => {
      const part = mortal.get(String(name));
      if (part !== undefined) return part;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function mortalPart(part: string, target: object, life: Life): unknown {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => life.call(`${part}.${String(name)}`, () => value.apply(target, args));
    },
  });
}
