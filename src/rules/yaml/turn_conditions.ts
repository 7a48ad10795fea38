import type { LocalTime, RuleTurn } from "@/rules/contract.ts";
import { foldText } from "@/rules/words.ts";
import type { Match } from "@/rules/yaml/match_schema.ts";
import type { Finding } from "@/rules/yaml/text_conditions.ts";

type Hours = NonNullable<Match["hours"]>;
type Span = Exclude<Hours, string>;
type FieldWish = NonNullable<Match["fields"]>[string];

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Conditions on what surrounds the texts. */
export const turnConditions = ["kind", "language", "hours", "firstContact", "tagged", "notTagged", "fields"] as const;

/** The first condition on what surrounds the texts that does not hold, in words; undefined when all hold. */
export function turnObstacle(match: Match, turn: RuleTurn): string | undefined {
  return findings(match, turn).find(({ holds }) => !holds)?.why;
}

function* findings(match: Match, turn: RuleTurn): Generator<Finding> {
  const { kind, language, hours, firstContact, tagged, notTagged, fields = {} } = match;
  if (kind !== undefined) yield hasKind(asList(kind), turn);
  if (language !== undefined) yield speaks(asList(language), turn);
  if (hours !== undefined) yield isWithin(hours, turn);
  if (firstContact !== undefined) yield isFirst(firstContact, turn);
  if (tagged !== undefined) yield hasTag(asList(tagged), turn);
  if (notTagged !== undefined) yield hasNoTag(asList(notTagged), turn);
  for (const [field, wish] of Object.entries(fields)) yield hasField(field, wish, turn);
}

/** One or several, as a list. */
export function asList<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? value : [value as Item];
}

function hasKind(kinds: readonly string[], { messages }: RuleTurn): Finding {
  return {
    holds: messages.some(({ kind }) => kinds.includes(kind)),
    why: `no message is of kind ${kinds.join(", ")}`,
  };
}

/** `es` takes in `es-MX`; `es-MX` takes in nothing else. */
function speaks(languages: readonly string[], { contact, settings }: RuleTurn): Finding {
  const spoken = (contact.fields.language || settings.language).trim().toLowerCase();
  const holds = languages.some((language) => `${spoken}-`.startsWith(`${language.toLowerCase()}-`));
  return { holds, why: `the language is ${spoken}, not ${languages.join(", ")}` };
}

function isWithin(hours: Hours, { business, local }: RuleTurn): Finding {
  if (hours === "open") return { holds: business.open, why: "the business is closed" };
  if (hours === "closed") return { holds: !business.open, why: "the business is open" };
  return { holds: isInSpan(hours, local), why: `it is not between ${hours.from} and ${hours.to}` };
}

/** A span over midnight belongs to the day on which it began. */
function isInSpan({ from, to, days = [...weekdays] }: Span, { weekday, hour, minute }: LocalTime): boolean {
  const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const today = days.includes(weekdays[weekday - 1]);
  if (from < to) return today && from <= time && time < to;
  const yesterday = days.includes(weekdays[(weekday + 5) % 7]);
  return (today && from <= time) || (yesterday && time < to);
}

function isFirst(wanted: boolean, { contact: { isFirstContact } }: RuleTurn): Finding {
  const why = isFirstContact ? "the contact writes for the first time" : "the contact has written before";
  return { holds: isFirstContact === wanted, why };
}

function hasTag(wanted: readonly string[], { contact: { tags } }: RuleTurn): Finding {
  const known = new Set(tags.map(foldText));
  return {
    holds: wanted.some((tag) => known.has(foldText(tag))),
    why: `the contact is not tagged ${wanted.join(", ")}`,
  };
}

function hasNoTag(unwanted: readonly string[], { contact: { tags } }: RuleTurn): Finding {
  const known = new Set(tags.map(foldText));
  const found = unwanted.find((tag) => known.has(foldText(tag)));
  return { holds: found === undefined, why: `the contact is tagged ${found}` };
}

function hasField(field: string, wish: FieldWish, { contact: { fields } }: RuleTurn): Finding {
  const value = Object.hasOwn(fields, field) ? fields[field] : "";
  const isKnown = value.trim() !== "";
  if (wish === true) return { holds: isKnown, why: `the contact's ${field} is not known` };
  if (wish === false) return { holds: !isKnown, why: `the contact's ${field} is known` };
  const wanted = asList(wish);
  const why = isKnown ? `the contact's ${field} is not ${wanted.join(", ")}` : `the contact's ${field} is not known`;
  return { holds: isKnown && wanted.some((one) => foldText(one) === foldText(value)), why };
}
