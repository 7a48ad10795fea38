import { z } from "zod";
import { clockTime, fieldName, phrase, phrases, tagNames, withKnownKeys } from "@/rules/yaml/schema_parts.ts";

const messageKinds = [
  "text",
  "media",
  "quickReply",
  "postback",
  "storyReply",
  "storyMention",
  "share",
  "unsupported",
  "referral",
] as const;

const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, "wants a language such as en or es-MX");
const messageKind = z.enum(messageKinds);
const yesOrNo = z.boolean({ error: "wants true or false" });

const hours = z.union([
  z.enum(["open", "closed"]),
  z.strictObject({ from: clockTime, to: clockTime, days: z.array(weekday).min(1).optional() }),
], { error: 'wants open, closed, or { from: "09:00", to: "18:00" }' })
  .describe("`open` or `closed` by the account's business hours, or a span of the day in the account's time zone");

const fieldWish = z.union([yesOrNo, phrase, z.array(phrase).min(1).max(200)], {
  error: "wants true (known), false (unknown), a value, or a list of values",
});

/** The conditions of a rule; all of them must hold. */
export const matchSchema = z.strictObject({
  any: phrases.optional().describe("At least one of these words or phrases stands in the burst"),
  all: phrases.optional().describe("Every one of these stands in the burst"),
  none: phrases.optional().describe("None of these stands in the burst"),
  only: phrases.optional().describe("Each message of the burst says one of these and nothing else"),
  typos: yesOrNo.optional()
    .describe("The words of `any` and `all` are also heard with one slip of the finger (two from 9 letters on)"),
  pattern: phrase.optional().describe("A regular expression in RE2's syntax, blind to case, found in a message"),
  kind: z.union([messageKind, z.array(messageKind).min(1)], {
    error: `wants one of ${messageKinds.join(", ")}, or a list of them`,
  }).optional().describe("A message of the burst is of this kind"),
  language: z.union([language, z.array(language).min(1)], { error: "wants a language such as en, or a list" })
    .optional().describe("The contact's field `language`, or else the account's language"),
  hours: hours.optional(),
  firstContact: yesOrNo.optional().describe("Whether the contact writes for the first time"),
  tagged: tagNames.optional().describe("The contact has this tag, or one of these"),
  notTagged: tagNames.optional().describe("The contact has none of these tags"),
  fields: z.record(fieldName, fieldWish).optional()
    .describe("What is known of the contact: a value or several, true for known, false for unknown"),
}, { error: withKnownKeys("wants conditions, e.g. { any: [price] }") })
  .refine((conditions) => Object.keys(conditions).length > 0, "wants at least one condition, e.g. any: [price]")
  .refine(({ typos, any, all }) => typos === undefined || any !== undefined || all !== undefined, {
    error: "wants words for typos: any or all",
    path: ["typos"],
  });

export type Match = z.infer<typeof matchSchema>;
