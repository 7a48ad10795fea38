import type { ContactPatch } from "@/conversation/operator.ts";
import type { Contact } from "@/store/records.ts";

const fieldName = /^\p{L}[\p{L}\d_]{0,39}$/u;
const maxValueLength = 500;
const maxTags = 50;

/** What a contact's form changes; only what differs from what is known. An emptied field is removed. */
export function readContactForm(form: Readonly<Record<string, unknown>>, contact: Contact): ContactPatch | "badField" {
  const known = Object.entries(contact.fields).flatMap(([name, fact]) => {
    const value = form[`field.${name}`];
    return typeof value === "string" && value.trim() !== fact.value ? [[name, valueOf(value)] as const] : [];
  });
  const newName = text(form["newName"]);
  const newValue = valueOf(text(form["newValue"]));
  if (newName !== "" && !fieldName.test(newName)) return "badField";
  const added = newName === "" || newValue === null ? [] : [[newName, newValue] as const];
  const tags = text(form["tags"]).split(",").map((tag) => tag.trim()).filter((tag) => tag !== "").slice(0, maxTags);
  return {
    fields: Object.fromEntries([...known, ...added]),
    tags,
    optOut: form["optOut"] === "yes",
    neverBot: form["neverBot"] === "yes",
  };
}

function valueOf(value: string): string | null {
  const trimmed = value.trim().slice(0, maxValueLength);
  return trimmed === "" ? null : trimmed;
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
