import type { RuleContact } from "@/rules/contract.ts";

const placeholder = /\{\{([^{}]*)\}\}/g;
const variable = /^\s*(name|username|fields\.([A-Za-z][\w-]{0,39}))\s*(?:\|([^{}|]*))?$/;

/** Characters of one value that a text takes: a contact chooses their own name. */
const valueLimit = 80;

/**
 * Puts the contact's data into a text: `{{name}}`, `{{username}}`, `{{fields.size}}`, each with what to say
 * instead when it is not known: `{{name|there}}`. Without that, an unknown value is left out along with the
 * space or comma beside it.
 */
export function fillText(text: string, contact: Pick<RuleContact, "name" | "username" | "fields">): string {
  return text.replace(new RegExp(`([ ,]*)${placeholder.source}`, "g"), (_whole, before: string, inner: string) => {
    const [, name, field, fallback = ""] = variable.exec(inner) ?? [];
    const value = clean(valueOf(contact, name, field)) || fallback.trim();
    return value === "" ? "" : `${before}${value}`;
  }).replace(/^[\s,]+|\s+$/g, "");
}

/** The placeholders of a text that name no variable, as they stand there. */
export function unknownVariables(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].filter(([, inner]) => !variable.test(inner)).map(([whole]) => whole);
}

function valueOf(
  { name, username, fields }: Pick<RuleContact, "name" | "username" | "fields">,
  variableName: string | undefined,
  field: string | undefined,
): string | undefined {
  if (field !== undefined) return Object.hasOwn(fields, field) ? fields[field] : undefined;
  return variableName === "name" ? name : username;
}

function clean(value = ""): string {
  const oneLine = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").replace(/\s+/g, " ").trim();
  return [...oneLine].slice(0, valueLimit).join("");
}
