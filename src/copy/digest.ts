import { createHash } from "node:crypto";
import type { CollectionName, Transfer } from "@/store/transfer.ts";

/** What a collection holds, in short: two that are equal hold the same records, in whatever order. */
export interface Digest {
  readonly count: number;
  /** The sum of the records' hashes, in hex. */
  readonly sum: string;
}

const modulus = 2n ** 128n;

/** Reads the whole collection. `undefined` when the signal aborted meanwhile. */
export async function digestOf(
  transfer: Transfer,
  name: CollectionName,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  let [count, sum] = [0, 0n];
  for await (const { records } of transfer.read(name)) {
    if (signal.aborted) return undefined;
    for (const record of records) sum = (sum + hashOf(record)) % modulus;
    count += records.length;
  }
  return { count, sum: sum.toString(16).padStart(32, "0") };
}

export function isEqual(a: Digest, b: Digest): boolean {
  return a.count === b.count && a.sum === b.sum;
}

function hashOf(record: object): bigint {
  const hash = createHash("sha256").update(JSON.stringify(toPlain(record))).digest();
  return hash.readBigUInt64BE(0) * 2n ** 64n + hash.readBigUInt64BE(8);
}

/** The record with its keys in order, and with instants and bytes that cannot be taken for anything else. */
function toPlain(value: unknown): unknown {
  if (value instanceof Date) return ["at", value.getTime()];
  if (value instanceof Uint8Array) return ["bytes", createHash("sha256").update(value).digest("hex")];
  if (Array.isArray(value)) return ["list", ...value.map(toPlain)];
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, toPlain(inner)]),
  );
}
