import { z } from "zod";
import type { AgentRequest } from "@/agent/agent.ts";
import { comparable } from "@/agent/describe_message.ts";
import { hasInvisible } from "@/agent/invisible.ts";
import { fieldNamed, fitValue, wantedBy } from "@/conversation/contact_fields.ts";
import type { Settings } from "@/conversation/settings.ts";
import { defineTool, type ToolOutcome } from "@/agent/tools/tool.ts";

const known = ["name", "sector", "email", "phone", "language"] as const;

const schema = z.strictObject({
  field: z.enum([...known, "custom"]),
  value: z.string().trim().min(1).max(200).describe("What is now known, as short as possible"),
  quote: z.string().trim().min(2).max(1_000).describe("The contact's own words that say so, copied from this burst"),
  label: z.string().trim().toLowerCase().max(40).refine(isLabel, "wants a short name in letters").optional()
    .describe("Only for field 'custom': the name of the field, e.g. 'birthday'"),
});
type Args = z.infer<typeof schema>;

export const updateContact = defineTool({
  name: "update_contact",
  description: "Notes one thing that the contact told about themselves in this burst. It does not end your turn and " +
    "sends nothing. Call it once for each thing, and only for what the contact really wrote.",
  endsTurn: false,
  schema,
  run: propose,
});

function propose(args: Args, request: AgentRequest): ToolOutcome {
  const source = request.messages.find((message) => says(message.text ?? "", args.quote));
  if (source === undefined) return refused("the quote stands in none of the contact's messages of this burst");
  const problem = faultInLabel(args) ?? faultInValue(args, source.text ?? "");
  if (problem !== undefined) return refused(problem);
  const noted = asDefined(args, request.settings);
  return typeof noted === "string"
    ? refused(noted)
    : { kind: "learned", fact: { ...noted, source: "agent", messageId: source.id } };
}

/** Under the name and in the shape that the account has defined, or why it does not fit; other fields are free. */
function asDefined(
  { field, label, value }: Args,
  { contactFields }: Settings,
): { readonly field: string; readonly value: string } | string {
  const name = field === "custom" ? label ?? "custom" : field;
  const defined = fieldNamed(contactFields, name);
  if (defined === undefined) return { field: name, value };
  const fit = fitValue(defined, value);
  return fit === undefined ? `'${defined.name}' wants ${wantedBy(defined)}` : { field: defined.name, value: fit };
}

function refused(problem: string): ToolOutcome {
  return { kind: "refused", problem };
}

function faultInLabel({ field, label }: Args): string | undefined {
  if (field !== "custom") return label === undefined ? undefined : "a label goes with field 'custom' only";
  if (label === undefined) return "field 'custom' wants a label";
  return known.some((name) => name === label) ? `'${label}' is a field of its own` : undefined;
}

/** A value must be of its kind and, where the contact spelled it out, stand in the quoted message. */
function faultInValue({ field, value }: Args, message: string): string | undefined {
  if (/\n/.test(value) || hasInvisible(value)) return "the value holds characters that do not belong in it";
  switch (field) {
    case "email":
      if (!z.email().safeParse(value).success) return "the value is not an e-mail address";
      return spellsOut(message, value) ? undefined : "the e-mail address does not stand in the quoted message";
    case "phone":
      if (!/^\+?[\d\s().-]{6,30}$/.test(value) || digits(value).length < 6) return "the value is not a phone number";
      return digits(message).includes(digits(value)) ? undefined : "the number does not stand in the quoted message";
    case "name":
      return says(message, value) ? undefined : "the name does not stand in the quoted message";
    case "language":
      return /^[a-z]{2,3}(-[A-Z]{2})?$/.test(value) ? undefined : "the value is not a language such as en or es-MX";
    default:
      return undefined;
  }
}

function isLabel(label: string): boolean {
  return /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N} _-]+$/u.test(label);
}

function says(message: string, words: string): boolean {
  const sought = comparable(words);
  return sought !== "" && comparable(message).includes(sought);
}

/** Whether the address stands in the message whole: `uan@example.com` does not stand in `juan@example.com`. */
function spellsOut(message: string, address: string): boolean {
  const words = comparable(message).split(/[\s,;:<>()[\]"'!?¿¡]+/).map((word) => word.replace(/\.+$/, ""));
  return words.includes(comparable(address));
}

function digits(text: string): string {
  return text.replace(/\D/g, "");
}
