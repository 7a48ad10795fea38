/**
 * Records as documents. Instants stay dates and numbers stay numbers, so that a person can read them in a Mongo
 * shell; only keys that MongoDB gives a meaning to (`$`, `.`) are written with percent signs, as in a URL.
 */
import type { Document } from "mongodb";

const escapes: Readonly<Record<string, string>> = { "%": "%25", "$": "%24", ".": "%2E", "\0": "%00" };
const plain = new Map(Object.entries(escapes).map(([sign, escaped]) => [escaped, sign]));

/** The fields of a document; properties that are `undefined` are left out. */
export function toFields(record: object): Document {
  return toStored(record) as Document;
}

/** The record that `toFields` was given. */
export function fromFields<Rec>(fields: Document): Rec {
  return fromStored(fields) as Rec;
}

function toStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toStored);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [escapeKey(key), toStored(inner)]));
}

function fromStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromStored);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [unescapeKey(key), fromStored(inner)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function escapeKey(key: string): string {
  return key.replaceAll(/[%$.\0]/g, (sign) => escapes[sign]);
}

function unescapeKey(key: string): string {
  return key.replaceAll(/%(?:25|24|2E|00)/g, (escaped) => plain.get(escaped) ?? escaped);
}
