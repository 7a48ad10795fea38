import { z } from "zod";

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

/** Bytes of UTF-8 that one message on Instagram may have. */
const messageBytes = 1_000;

const phrase = z.string({ error: "wants text; put quotes around a number" })
  .regex(/\S/, "wants a word or phrase that is not empty").max(200);
const phrases = z.array(phrase, { error: "wants a list of words, e.g. [price, cost]" }).min(
  1,
  "wants at least one word",
)
  .max(200);
const clockTime = z.string({ error: 'wants HH:MM in quotes, e.g. "09:30"' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wants HH:MM, e.g. "09:30"');
const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, "wants a language such as en or es-MX");
const messageKind = z.enum(messageKinds);

const hours = z.union([
  z.enum(["open", "closed"]),
  z.strictObject({ from: clockTime, to: clockTime, days: z.array(weekday).min(1).optional() }),
], { error: 'wants open, closed, or { from: "09:00", to: "18:00" }' })
  .describe("`open` or `closed` by the account's business hours, or a span of the day in the account's time zone");

const match = z.strictObject({
  any: phrases.optional().describe("At least one of these words or phrases stands in the burst"),
  all: phrases.optional().describe("Every one of these stands in the burst"),
  none: phrases.optional().describe("None of these stands in the burst"),
  only: phrases.optional().describe("Each message of the burst says one of these and nothing else"),
  pattern: phrase.optional().describe("A regular expression in RE2's syntax, blind to case, found in a message"),
  kind: z.union([messageKind, z.array(messageKind).min(1)], {
    error: `wants one of ${messageKinds.join(", ")}, or a list of them`,
  }).optional().describe("A message of the burst is of this kind"),
  language: z.union([language, z.array(language).min(1)], { error: "wants a language such as en, or a list" })
    .optional().describe("The contact's field `language`, or else the account's language"),
  hours: hours.optional(),
}, { error: withKnownKeys("wants conditions, e.g. { any: [price] }") })
  .refine((conditions) => Object.keys(conditions).length > 0, "wants at least one condition, e.g. any: [price]");

const message = z.string({ error: "wants text" }).regex(/\S/, "wants a text that is not empty")
  .refine(fitsMessage, `is longer than the ${messageBytes} bytes of one message; make it a list of several`);

const fieldName = z.string().regex(/^[A-Za-z][\w-]{0,39}$/, "wants a field name of letters, digits, _ and -");
const tag = z.string().regex(/\S/, "wants a tag that is not empty").max(60);
const reason = z.string({ error: "wants the reason in words" }).regex(/\S/, "wants the reason in words").max(300);
const example = z.union([phrase, z.array(phrase).min(1)], { error: "wants a message, or a list of messages" });

/** One keyword rule, as ops write it. */
export const yamlRuleSchema = z.strictObject({
  name: z.string({ error: "wants the rule's name" }).regex(/\S/, "wants a name that is not empty").max(100)
    .describe("Shown to people; unique in the chain"),
  description: z.string().max(300).optional().describe("What the rule is for, in a sentence"),
  match: match.describe("All of these must hold"),
  reply: z.union([message, z.array(message).min(1).max(10)], {
    error: `wants a text, or a list of texts, none longer than ${messageBytes} bytes`,
  }).optional().describe("Answers; variables: {{name}}, {{username}}, {{fields.x}}, {{name|there}}"),
  handOff: reason.optional().describe("Gives the conversation to a person; the reason is shown to them"),
  silence: reason.optional().describe("Says nothing; the reason is shown to people"),
  tag: z.union([tag, z.array(tag).min(1).max(20)]).optional().describe("Tags that the contact gets"),
  set: z.record(fieldName, z.string({ error: "wants text; put quotes around a number" }).min(1).max(500)).optional()
    .describe("Fields that are written onto the contact"),
  examples: z.strictObject({
    match: z.array(example).min(1).optional().describe("Messages that must match"),
    noMatch: z.array(example).min(1).optional().describe("Messages that must not match"),
  }, { error: withKnownKeys("wants lists called match and noMatch") }).optional()
    .describe("Run whenever the file is loaded; the file goes live only if they hold"),
}, { error: withKnownKeys("wants a rule: name, match and an action") })
  .refine((rule) => actionsOf(rule).length <= 1, { error: "wants one of reply, handOff and silence, not several" })
  .refine((rule) => actionsOf(rule).length > 0 || rule.tag !== undefined || rule.set !== undefined, {
    error: "wants an action: reply, handOff, silence, tag or set",
  });

export type YamlRule = z.infer<typeof yamlRuleSchema>;

/** A file: one rule, or a list of rules. */
export const yamlFileSchema = z.union([yamlRuleSchema, z.array(yamlRuleSchema).min(1)]);

/** The JSON schema of a file, for editors. */
export function yamlFileJsonSchema(): Record<string, unknown> {
  return { title: "Keyword rules of Moca", ...z.toJSONSchema(yamlFileSchema, { io: "input" }) };
}

function actionsOf(rule: { reply?: unknown; handOff?: unknown; silence?: unknown }): readonly unknown[] {
  return [rule.reply, rule.handOff, rule.silence].filter((action) => action !== undefined);
}

function fitsMessage(text: string): boolean {
  return new TextEncoder().encode(text).length <= messageBytes;
}

/** Names the unknown keys where there are any; otherwise says what is wanted. */
function withKnownKeys(wanted: string): (issue: z.core.$ZodRawIssue) => string {
  return (issue) =>
    issue.code === "unrecognized_keys" ? `does not know ${issue.keys.map((key) => `"${key}"`).join(", ")}` : wanted;
}
