/** What the schemas of conditions and actions are made of. */
import { z } from "zod";

export const phrase = z.string({ error: "wants text; put quotes around a number" })
  .regex(/\S/, "wants a word or phrase that is not empty").max(200);

export const phrases = z.array(phrase, { error: "wants a list of words, e.g. [price, cost]" })
  .min(1, "wants at least one word").max(200);

export const clockTime = z.string({ error: 'wants HH:MM in quotes, e.g. "09:30"' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wants HH:MM, e.g. "09:30"');

/** Up to a week. */
export const duration = z.string({ error: "wants a time such as 30m or 20h" })
  .regex(/^([1-9]\d{0,3}m|[1-9]\d{0,2}h)$/, "wants minutes or hours, e.g. 30m or 20h")
  .refine((text) => durationMs(text) <= 7 * 24 * 3_600_000, "is longer than 7 days");

const tagName = z.string().regex(/\S/, "wants a tag that is not empty").max(60);
export const tagNames = z.union([tagName, z.array(tagName).min(1).max(20)], {
  error: "wants a tag, or a list of tags",
});

export const fieldName = z.string().regex(/^[A-Za-z][\w-]{0,39}$/, "wants a field name of letters, digits, _ and -");

/** Of a text such as `30m` or `20h`, in milliseconds. */
export function durationMs(text: string): number {
  return Number.parseInt(text) * (text.endsWith("h") ? 3_600_000 : 60_000);
}

/** Names the unknown keys where there are any; otherwise says what is wanted. */
export function withKnownKeys(wanted: string): (issue: z.core.$ZodRawIssue) => string {
  return (issue) =>
    issue.code === "unrecognized_keys" ? `does not know ${issue.keys.map((key) => `"${key}"`).join(", ")}` : wanted;
}
