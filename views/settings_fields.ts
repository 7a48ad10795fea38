/** The settings as people see them: which field each has, in which unit, and what it takes. Read by the page and by the form's reader. */

interface Named {
  readonly name: string;
  readonly section: SettingsSection;
}

export type SettingsSection = "agent" | "pace" | "people" | "voice" | "limits" | "data";

export type SettingsField =
  & Named
  & (
    | { readonly kind: "switch" }
    | { readonly kind: "choice"; readonly options: readonly string[] }
    /** `factor`: how much one shown unit is of the stored one. */
    | {
      readonly kind: "number";
      readonly unit: "seconds" | "perSecond" | "hours" | "turns" | "tokens" | "days" | "perMillion";
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly factor: number;
    }
    | { readonly kind: "text"; readonly maxLength: number }
    | { readonly kind: "prose"; readonly maxLength: number; readonly rows: number }
    | { readonly kind: "lines" }
    | { readonly kind: "topics" }
    | { readonly kind: "contactFields" }
    | { readonly kind: "hours" }
  );

export const settingsSections: readonly SettingsSection[] = ["agent", "pace", "people", "voice", "limits", "data"];

const seconds = { kind: "number", unit: "seconds", factor: 1_000, min: 0, step: 0.1 } as const;

export const settingsFields = [
  { name: "botEnabled", section: "agent", kind: "switch" },
  { name: "mode", section: "agent", kind: "choice", options: ["auto", "draft", "off"] },
  { name: "topics", section: "agent", kind: "topics" },
  { name: "timezone", section: "agent", kind: "text", maxLength: 60 },
  { name: "language", section: "agent", kind: "text", maxLength: 5 },
  { name: "businessHours", section: "agent", kind: "hours" },
  { name: "debounceMs", section: "pace", ...seconds, max: 30 },
  { name: "debounceMaxMs", section: "pace", ...seconds, max: 120 },
  { name: "cooldownMs", section: "pace", ...seconds, max: 600 },
  { name: "cooldownPolicy", section: "pace", kind: "choice", options: ["skip", "defer"] },
  {
    name: "sendsPerSecond",
    section: "pace",
    kind: "number",
    unit: "perSecond",
    min: 0.1,
    max: 20,
    step: 0.1,
    factor: 1,
  },
  { name: "takeoverHours", section: "people", kind: "number", unit: "hours", min: 0.1, max: 720, step: 0.1, factor: 1 },
  { name: "rulesOff", section: "agent", kind: "lines" },
  { name: "rulesOrder", section: "agent", kind: "lines" },
  { name: "handOffPhrases", section: "people", kind: "lines" },
  { name: "optOutWords", section: "people", kind: "lines" },
  { name: "disclosure", section: "people", kind: "prose", maxLength: 500, rows: 2 },
  { name: "model", section: "voice", kind: "text", maxLength: 200 },
  { name: "temperature", section: "voice", kind: "text", maxLength: 5 },
  { name: "seesPictures", section: "voice", kind: "switch" },
  { name: "allowedLinks", section: "voice", kind: "lines" },
  { name: "forbiddenPhrases", section: "voice", kind: "lines" },
  { name: "persona", section: "voice", kind: "prose", maxLength: 20_000, rows: 6 },
  { name: "knowledge", section: "voice", kind: "prose", maxLength: 200_000, rows: 12 },
  { name: "maxTurnsPerHour", section: "limits", kind: "number", unit: "turns", min: 1, max: 1_000, step: 1, factor: 1 },
  {
    name: "dailyTokenBudget",
    section: "limits",
    kind: "number",
    unit: "tokens",
    min: 0,
    max: 1_000_000_000,
    step: 1,
    factor: 1,
  },
  {
    name: "contactTokenBudget",
    section: "limits",
    kind: "number",
    unit: "tokens",
    min: 0,
    max: 1_000_000_000,
    step: 1,
    factor: 1,
  },
  {
    name: "turnTokenBudget",
    section: "limits",
    kind: "number",
    unit: "tokens",
    min: 1_000,
    max: 1_000_000,
    step: 1,
    factor: 1,
  },
  {
    name: "inputPrice",
    section: "limits",
    kind: "number",
    unit: "perMillion",
    min: 0,
    max: 10_000,
    step: 0.01,
    factor: 1,
  },
  {
    name: "outputPrice",
    section: "limits",
    kind: "number",
    unit: "perMillion",
    min: 0,
    max: 10_000,
    step: 0.01,
    factor: 1,
  },
  { name: "contactFields", section: "data", kind: "contactFields" },
  { name: "retentionDays", section: "data", kind: "number", unit: "days", min: 1, max: 3_650, step: 1, factor: 1 },
] as const satisfies readonly SettingsField[];

export type SettingName = typeof settingsFields[number]["name"];

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The control of one topic's part in the form. */
export function topicControl(row: number, part: "name" | "mode" | "words"): string {
  return `topics.${row}.${part}`;
}

/** The control of one part of a contact's field in the form. */
export function contactFieldControl(row: number, part: "name" | "kind" | "options"): string {
  return `contactFields.${row}.${part}`;
}
