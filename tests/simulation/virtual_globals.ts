/**
 * What a process has besides its ports: chance, time and keys. While a simulation runs, these come from its seed and
 * its loop, so that code which uses them by itself (a throttle, a random id, a jitter) replays as well.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { EventLoop } from "@tests/simulation/event_loop.ts";
import type { Random } from "@/simulator/random.ts";

export interface GlobalsOptions {
  readonly loop: EventLoop;
  readonly random: Random;
  /** The network. */
  readonly fetch: (request: Request) => Promise<Response>;
}

type Restore = () => void;

/** Puts them in place; disposing gives the real ones back. */
export function installGlobals({ loop, random, fetch }: GlobalsOptions): Disposable {
  const startedAt = loop.now().getTime();
  const restores: Restore[] = [
    replace(Math, "random", random),
    replace(Date, "now", () => loop.now().getTime()),
    replace(performance, "now", () => loop.now().getTime() - startedAt),
    replace(crypto, "randomUUID", () => uuidFrom(random)),
    replace(crypto, "getRandomValues", <T extends ArrayBufferView | null>(array: T) => filled(array, random)),
    replace(
      globalThis,
      "fetch",
      (input: string | URL | Request, init?: RequestInit) => fetch(new Request(input, withoutClient(init))),
    ),
    ...timers(loop),
    ...keys(loop),
  ];
  return { [Symbol.dispose]: () => restores.forEach((restore) => restore()) };
}

function replace<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  value: Target[Name],
): Restore {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () =>
    own === undefined ? void Reflect.deleteProperty(target, name) : void Object.defineProperty(target, name, own);
}

/** A connection of its own means nothing here: every request is made exactly once. */
function withoutClient(init: RequestInit & { readonly client?: unknown } = {}): RequestInit {
  const { client: _, ...rest } = init;
  return rest;
}

function uuidFrom(random: Random): `${string}-${string}-${string}-${string}-${string}` {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function filled<T extends ArrayBufferView | null>(array: T, random: Random): T {
  if (array instanceof Uint8Array) array.forEach((_, index) => (array[index] = Math.floor(random() * 256)));
  else throw new TypeError("Cannot fill: only a Uint8Array is wanted in a simulation");
  return array;
}

function timers(loop: EventLoop): Restore[] {
  const cancels = new Map<number, () => void>();
  let last = 0;
  const setTimer = (done: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
    const id = ++last;
    cancels.set(
      id,
      loop.after(ms, () => {
        cancels.delete(id);
        done(...args);
      }),
    );
    return id;
  };
  const clearTimer = (id?: number): void => {
    cancels.get(id ?? 0)?.();
    cancels.delete(id ?? 0);
  };
  return [
    replace(globalThis, "setTimeout", setTimer as unknown as typeof globalThis.setTimeout),
    replace(globalThis, "clearTimeout", clearTimer as typeof globalThis.clearTimeout),
  ];
}

/** Hashes and signatures at once instead of on another thread; the rest one after the other. */
function keys(loop: EventLoop): Restore[] {
  const { subtle } = crypto;
  const importKey = subtle.importKey.bind(subtle);
  const secrets = new WeakMap<object, Uint8Array>();
  const sign = (key: object, data: BufferSource): ArrayBuffer =>
    bufferOf(createHmac("sha256", secrets.get(key) ?? new Uint8Array()).update(bytesOf(data)).digest());
  const own: Record<string, (...args: never[]) => Promise<unknown>> = {
    digest: (_: string, data: BufferSource) =>
      Promise.resolve(bufferOf(createHash("sha256").update(bytesOf(data)).digest())),
    importKey: (form: "raw", raw: Uint8Array<ArrayBuffer>, algorithm: AlgorithmIdentifier, ...rest: unknown[]) => {
      if (nameOf(algorithm) !== "HMAC") {
        return loop.away(() => importKey(form, raw, algorithm, ...rest as [boolean, KeyUsage[]]));
      }
      const key = {};
      secrets.set(key, bytesOf(raw).slice());
      return Promise.resolve(key);
    },
    sign: (_: unknown, key: object, data: BufferSource) => Promise.resolve(sign(key, data)),
    verify: (_: unknown, key: object, signature: BufferSource, data: BufferSource) => {
      const [given, wanted] = [bytesOf(signature), new Uint8Array(sign(key, data))];
      return Promise.resolve(given.length === wanted.length && timingSafeEqual(given, wanted));
    },
  };
  return [...Object.keys(own), "encrypt", "decrypt"].map((name) => {
    const real = Reflect.get(subtle, name).bind(subtle) as (...args: never[]) => Promise<unknown>;
    const virtual = own[name] ?? ((...args: never[]) => loop.away(() => real(...args)));
    return replace(subtle as unknown as Record<string, unknown>, name, virtual);
  });
}

function nameOf(algorithm: AlgorithmIdentifier): string {
  return typeof algorithm === "string" ? algorithm : algorithm.name;
}

function bytesOf(data: BufferSource): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
