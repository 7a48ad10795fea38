/** What the API takes, as schemas. Every text is a text: an object in its place is refused. */
import { z } from "zod";

/** A page's size. */
export const limit = z.coerce.number().int().min(1).max(200).default(50);

export const cursor = z.string().min(1).max(2_000).optional();

/** ISO 8601 with a zone. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** `true`/`1` or `false`/`0`. */
export const flag = z.enum(["true", "1", "false", "0"]).transform((text) => text === "true" || text === "1").optional();

/** A contact field's name: letters, digits, spaces, `_`, `-`; no sign that a database might read as its own. */
export const fieldName = z.string().regex(
  /^[\p{L}\p{N}_-][\p{L}\p{N}_ -]{0,59}$/u,
  "wants letters, digits, spaces, _ or -",
);
