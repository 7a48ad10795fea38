import type { Fact } from "@/store/records.ts";
import { type Change, withContact } from "@/conversation/aggregate.ts";

/** Something learned about the contact, not yet believed. */
export interface FactProposal {
  readonly field: string;
  readonly value: string;
  readonly source: Fact["source"];
  readonly by?: string;
  readonly messageId?: string;
}

/** Writes facts and tags onto the contact. What a person entered or confirmed is never overwritten by rule or agent. */
export function learnFacts(
  change: Change,
  proposals: readonly FactProposal[],
  tags: readonly string[],
  now: Date,
): Change {
  const { contact } = change.next;
  const fields = proposals.reduce((known, proposal) => learn(known, proposal, now), contact.fields);
  const newTags = tags.filter((tag) => !contact.tags.includes(tag));
  if (fields === contact.fields && newTags.length === 0) return change;
  return withContact(change, { fields, tags: [...contact.tags, ...new Set(newTags)] });
}

function learn(
  known: Readonly<Record<string, Fact>>,
  proposal: FactProposal,
  now: Date,
): Readonly<Record<string, Fact>> {
  const { field, value, source, by, messageId } = proposal;
  const current = Object.hasOwn(known, field) ? known[field] : undefined;
  const isPersons = current?.source === "person" && source !== "person";
  const isConfirmed = source === "person" && current?.source !== "person";
  const isSame = current?.value === value;
  if (isPersons || (isSame && !isConfirmed)) return known;
  const previous = isSame ? current.previous : current?.value;
  const fact: Fact = { value, source, by, messageId, at: now, previous };
  return { ...known, [field]: fact };
}
