import type { Document } from "mongodb";

/** The filter for rows whose lease, the field `name`, nobody holds at `now`. */
export function freeAt(name: string, now: Date): Document {
  return { [`${name}.until`]: { $not: { $gt: now } } };
}
