import type { LocalTime, RuleTurn } from "@/rules/contract.ts";
import type { Finding } from "@/rules/yaml/text_conditions.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";

type Match = YamlRule["match"];
type Hours = NonNullable<Match["hours"]>;
type Span = Exclude<Hours, string>;

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The first condition on what surrounds the texts (kind, language, hours) that does not hold, in words. */
export function turnObstacle({ kind, language, hours }: Match, turn: RuleTurn): string | undefined {
  const findings = [
    kind === undefined ? undefined : hasKind(asList(kind), turn),
    language === undefined ? undefined : speaks(asList(language), turn),
    hours === undefined ? undefined : isWithin(hours, turn),
  ];
  return findings.find((finding) => finding?.holds === false)?.why;
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
