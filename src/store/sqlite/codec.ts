/**
 * Records as JSON text. An instant is written as `{"$at": <ms since 1970>}`; a key that itself begins with `$`
 * gets one more in front, so that foreign data (a referral, a setting) can never be taken for an instant.
 */
export function encode(record: object): string {
  return JSON.stringify(toJson(record));
}

/** The record that `encode` was given; properties that were `undefined` are absent. */
export function decode<Rec>(text: string): Rec {
  return fromJson(JSON.parse(text)) as Rec;
}

function toJson(value: unknown): unknown {
  if (value instanceof Date) return { $at: value.getTime() };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [escapeKey(key), toJson(inner)]));
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  if ("$at" in value) return new Date(value.$at as number);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [unescapeKey(key), fromJson(inner)]));
}

function escapeKey(key: string): string {
  return key.startsWith("$") ? `$${key}` : key;
}

function unescapeKey(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}
