import { z } from "zod";
import type { Rule, Verdict } from "@/rules/contract.ts";
import { fitsMessage, maxQuickReplies, messageWish, quickReply } from "@/rules/message_limits.ts";

const reason = z.string();
const facts = {
  tags: z.array(z.string().min(1).max(100)).max(50).optional(),
  fields: z.record(z.string().min(1).max(100), z.string().max(2_000)).optional(),
};
const followUp = z.strictObject({
  at: z.date(),
  text: z.string().regex(/\S/, "wants a text that is not empty").refine(fitsMessage, messageWish),
  evenIfAnswered: z.boolean().optional(),
});
const notes = { ...facts, followUps: z.array(followUp).max(5).optional() };

const verdictSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("pass"), reason: reason.optional(), ...notes }),
  z.strictObject({
    kind: z.literal("reply"),
    texts: z.array(z.string().regex(/\S/, "wants a text that is not empty")).min(1).max(10),
    quickReplies: z.array(quickReply).min(1).max(maxQuickReplies).optional(),
    reason: reason.optional(),
    ...notes,
  }),
  z.strictObject({ kind: z.literal("silence"), reason, optOut: z.boolean().optional(), ...notes }),
  z.strictObject({ kind: z.literal("handOff"), reason, ...facts }),
  z.strictObject({ kind: z.literal("defer"), until: z.date(), reason }),
]);

const ruleSchema = z.object({
  name: z.string().regex(/\S/, "wants a name that is not empty").max(100),
  description: z.string(),
  limitMs: z.int().min(1).max(5_000).optional(),
  apply: z.custom<Rule["apply"]>((value) => typeof value === "function", "wants a function"),
});

/** What a rule answered, checked; or, in words, why it is no verdict. */
export function checkVerdict(answer: unknown): { readonly verdict: Verdict } | { readonly fault: string } {
  const parsed = verdictSchema.safeParse(answer);
  return parsed.success ? { verdict: parsed.data } : { fault: firstIssue(parsed.error) };
}

/** Whether the value is a rule; if not, what is wrong with it. */
export function checkRule(value: unknown): { readonly rule: Rule } | { readonly fault: string } {
  const parsed = ruleSchema.safeParse(value);
  return parsed.success ? { rule: parsed.data } : { fault: firstIssue(parsed.error) };
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const where = issue.path.join(".");
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}
