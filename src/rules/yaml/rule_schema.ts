import { z } from "zod";
import { fitsMessage, maxQuickReplies, messageBytes, messageWish, quickReply } from "@/rules/message_limits.ts";
import { matchSchema } from "@/rules/yaml/match_schema.ts";
import { clockTime, duration, fieldName, phrase, tagNames, withKnownKeys } from "@/rules/yaml/schema_parts.ts";

const message = z.string({ error: "wants text" }).regex(/\S/, "wants a text that is not empty")
  .refine(fitsMessage, `${messageWish}; make it a list of several`);
const messages = z.union([message, z.array(message).min(1).max(10)], {
  error: `wants a text, or a list of texts, none longer than ${messageBytes} bytes`,
});
const variants = z.strictObject({ oneOf: z.array(messages).min(2).max(20) }, {
  error: withKnownKeys("wants a text, a list of texts, or { oneOf: [...] } with at least two to choose from"),
});

const reason = z.string({ error: "wants the reason in words" }).regex(/\S/, "wants the reason in words").max(300);
const example = z.union([phrase, z.array(phrase).min(1)], { error: "wants a message, or a list of messages" });

const defer = z.union([
  z.strictObject({ for: duration, reason: reason.optional() }),
  z.strictObject({ until: z.union([z.literal("open"), clockTime]), reason: reason.optional() }),
], { error: 'wants { for: 30m }, { until: open } or { until: "09:00" }' });

const followUpText = { text: message, evenIfAnswered: z.boolean().optional() };
const followUp = z.union([
  z.strictObject({ in: duration, ...followUpText }),
  z.strictObject({ at: clockTime, ...followUpText }),
], { error: 'wants { in: 20h, text: "…" } or { at: "10:00", text: "…" }' });

/** One keyword rule, as ops write it. */
export const yamlRuleSchema = z.strictObject({
  name: z.string({ error: "wants the rule's name" }).regex(/\S/, "wants a name that is not empty").max(100)
    .describe("Shown to people; unique in the chain"),
  description: z.string().max(300).optional().describe("What the rule is for, in a sentence"),
  match: matchSchema.describe("All of these must hold"),
  reply: z.union([messages, variants], {
    error: `wants a text, a list of texts, or { oneOf: [...] }, none longer than ${messageBytes} bytes`,
  }).optional().describe(
    "Answers; of `oneOf` the one whose turn it is with this contact. Variables: {{name}}, {{username}}, {{fields.x}}, " +
      "{{name|there}}",
  ),
  quickReplies: z.array(quickReply).min(1).max(maxQuickReplies).optional()
    .describe("Answers to tap, shown below the reply"),
  handOff: reason.optional().describe("Gives the conversation to a person; the reason is shown to them"),
  silence: reason.optional().describe("Says nothing; the reason is shown to people"),
  defer: defer.optional().describe("Looks at the burst again later, once"),
  followUp: followUp.optional()
    .describe("A text to write later, unless the contact writes before; inside Instagram's 24 h window only"),
  tag: tagNames.optional().describe("Tags that the contact gets"),
  set: z.record(fieldName, z.string({ error: "wants text; put quotes around a number" }).min(1).max(500)).optional()
    .describe("Fields that are written onto the contact"),
  examples: z.strictObject({
    match: z.array(example).min(1).optional().describe("Messages that must match"),
    noMatch: z.array(example).min(1).optional().describe("Messages that must not match"),
  }, { error: withKnownKeys("wants lists called match and noMatch") }).optional()
    .describe("Run whenever the file is loaded; the file goes live only if they hold"),
}, { error: withKnownKeys("wants a rule: name, match and an action") })
  .refine((rule) => actionsOf(rule).length <= 1, {
    error: "wants one of reply, handOff, silence and defer, not several",
  })
  .refine((rule) => actionsOf(rule).length > 0 || notesOf(rule).length > 0, {
    error: "wants an action: reply, handOff, silence, defer, followUp, tag or set",
  })
  .refine(({ quickReplies, reply }) => quickReplies === undefined || reply !== undefined, {
    error: "go with a reply, and there is none",
    path: ["quickReplies"],
  })
  .refine((rule) => rule.defer === undefined || notesOf(rule).length === 0, {
    error: "decides nothing yet: leave followUp, tag and set to the rule that answers later",
    path: ["defer"],
  })
  .refine(({ followUp, handOff }) => followUp === undefined || handOff === undefined, {
    error: "would be cancelled at once: handOff gives the conversation to a person",
    path: ["followUp"],
  });

export type YamlRule = z.infer<typeof yamlRuleSchema>;

/** A file: one rule, or a list of rules. */
export const yamlFileSchema = z.union([yamlRuleSchema, z.array(yamlRuleSchema).min(1)]);

/** The JSON schema of a file, for editors. */
export function yamlFileJsonSchema(): Record<string, unknown> {
  return { title: "Keyword rules of Moca", ...z.toJSONSchema(yamlFileSchema, { io: "input" }) };
}

type Actions = { reply?: unknown; handOff?: unknown; silence?: unknown; defer?: unknown };

function actionsOf({ reply, handOff, silence, defer }: Actions): readonly unknown[] {
  return [reply, handOff, silence, defer].filter((action) => action !== undefined);
}

function notesOf({ followUp, tag, set }: { followUp?: unknown; tag?: unknown; set?: unknown }): readonly unknown[] {
  return [followUp, tag, set].filter((note) => note !== undefined);
}
