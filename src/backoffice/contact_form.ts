import type { ContactField } from "@/conversation/contact_fields.ts";
import type { ContactPatch } from "@/conversation/operator.ts";
import { contactFieldName } from "@/conversation/settings.ts";
import type { Contact } from "@/store/records.ts";

const maxValueLength = 500;
const maxTags = 50;

/** What a contact's form changes; only what differs from what is known. An emptied field is removed. */
export function readContactForm(
  form: Readonly<Record<string, unknown>>,
  { contact, defined }: { readonly contact: Contact; readonly defined: readonly ContactField[] },
): ContactPatch | "badField" {
  const names = new Set([...Object.keys(contact.fields), ...defined.map(({ name }) => name)]);
  const known = [...names].flatMap((name) => {
    if (form[`remove.${name}`] === "yes") return [[name, null] as const];
    const value = form[`field.${name}`];
    const isChanged = typeof value === "string" && value.trim() !== knownValue(contact, name);
    return isChanged ? [[name, valueOf(value)] as const] : [];
  });
  const newName = text(form["newName"]);
  const newValue = valueOf(text(form["newValue"]));
  if (newName !== "" && !contactFieldName.test(newName)) return "badField";
  const added = newName === "" || newValue === null ? [] : [[newName, newValue] as const];
  const tags = text(form["tags"]).split(",").map((tag) => tag.trim()).filter((tag) => tag !== "").slice(0, maxTags);
  return {
    fields: Object.fromEntries([...known, ...added]),
    tags,
    optOut: form["optOut"] === "yes",
    neverBot: form["neverBot"] === "yes",
  };
}

/** What was typed, by control: to be shown again when it was refused. */
export function typedTexts(form: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => typeof value === "string" ? [[name, value] as const] : []),
  );
}

function knownValue({ fields }: Contact, name: string): string {
  return Object.hasOwn(fields, name) ? fields[name]?.value ?? "" : "";
}

function valueOf(value: string): string | null {
  const trimmed = value.trim().slice(0, maxValueLength);
  return trimmed === "" ? null : trimmed;
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
