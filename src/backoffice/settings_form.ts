/** Settings as text in a form, and back. */
import { defaultSettings, maxContactFields, maxTopics, type Settings } from "@/conversation/settings.ts";
import type { SettingsPatch } from "@/backoffice/settings_change.ts";
import {
  contactFieldControl,
  type SettingName,
  type SettingsField,
  settingsFields,
  topicControl,
  weekdays,
} from "@views/settings_fields.ts";

export type FormValues = Readonly<Record<string, string>>;

type Field = SettingsField & { readonly name: SettingName };
const fields: readonly Field[] = settingsFields;

/** What stands in each control. */
export function toFormValues(settings: Settings): FormValues {
  return Object.fromEntries(fields.flatMap((field) => controlValues(field, settings)));
}

export const defaultFormValues: FormValues = toFormValues(defaultSettings);

function controlValues(field: Field, settings: Settings): readonly (readonly [string, string])[] {
  const value: unknown = settings[field.name];
  switch (field.kind) {
    case "switch":
      return [[field.name, value === true ? "yes" : ""]];
    case "number":
      return [[field.name, String(Number(value) / field.factor)]];
    case "lines":
      return [[field.name, (value as readonly string[]).join("\n")]];
    case "topics":
      return topicsValues(settings.topics);
    case "contactFields":
      return contactFieldsValues(settings.contactFields);
    case "hours":
      return hoursValues(settings.businessHours);
    default:
      return [[field.name, String(value ?? "")]];
  }
}

function hoursValues(hours: Settings["businessHours"]): readonly (readonly [string, string])[] {
  const days = weekdays.map((day) =>
    [`hours.${day}`, (hours?.[day] ?? []).map(({ from, to }) => `${from}-${to}`).join(", ")] as const
  );
  return [["alwaysOpen", hours === undefined ? "yes" : ""], ["businessHours", JSON.stringify(hours ?? null)], ...days];
}

function topicsValues(topics: Settings["topics"]): readonly (readonly [string, string])[] {
  const rows = Array.from({ length: maxTopics }, (_, row) => {
    const { name = "", mode = "auto", words = [] } = topics[row] ?? {};
    return [[topicControl(row, "name"), name], [topicControl(row, "mode"), mode], [
      topicControl(row, "words"),
      words.join(", "),
    ]] as const;
  });
  return [["topics", JSON.stringify(topics)], ...rows.flat()];
}

function contactFieldsValues(defined: Settings["contactFields"]): readonly (readonly [string, string])[] {
  const rows = Array.from({ length: maxContactFields }, (_, row) => {
    const { name = "", kind = "text", options = [] } = defined[row] ?? {};
    return [[contactFieldControl(row, "name"), name], [contactFieldControl(row, "kind"), kind], [
      contactFieldControl(row, "options"),
      options.join(", "),
    ]] as const;
  });
  return [["contactFields", JSON.stringify(defined)], ...rows.flat()];
}

/** What was typed, as the form's controls hold it: to be shown again when it was refused. */
export function typedValues(form: Readonly<Record<string, unknown>>): FormValues {
  const names = [...Object.keys(defaultFormValues)];
  return Object.fromEntries(names.map((name) => [name, text(form[name])]));
}

/** The patch that a form asks for; what cannot be read is passed on as typed, so that the check refuses it. */
export function readSettingsForm(form: FormValues): SettingsPatch {
  return Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, form)]));
}

function fieldValue(field: Field, form: FormValues): unknown {
  const typed = form[field.name] ?? "";
  switch (field.kind) {
    case "switch":
      return typed === "yes";
    case "number":
      return numberValue(typed, field.factor);
    case "lines":
      return filledLines(typed);
    case "topics":
      return topicsValue(form);
    case "contactFields":
      return contactFieldsValue(form);
    case "text":
      return field.name === "temperature" ? temperatureValue(typed.trim()) : typed.trim();
    case "hours":
      return form["alwaysOpen"] === "yes" ? null : hoursValue(form);
    default:
      return field.kind === "prose" ? typed : typed.trim();
  }
}

function filledLines(typed: string): readonly string[] {
  return typed.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** Rows in which nothing was typed are none. */
function topicsValue(form: FormValues): unknown {
  const rows = Array.from({ length: maxTopics }, (_, row) => ({
    name: (form[topicControl(row, "name")] ?? "").trim(),
    mode: form[topicControl(row, "mode")] ?? "auto",
    words: commaSeparated(form[topicControl(row, "words")]),
  }));
  return rows.filter(({ name, words }) => name !== "" || words.length > 0);
}

/** As with topics. */
function contactFieldsValue(form: FormValues): unknown {
  const rows = Array.from({ length: maxContactFields }, (_, row) => ({
    name: (form[contactFieldControl(row, "name")] ?? "").trim(),
    kind: form[contactFieldControl(row, "kind")] ?? "text",
    options: commaSeparated(form[contactFieldControl(row, "options")]),
  }));
  return rows.filter(({ name, options }) => name !== "" || options.length > 0);
}

function commaSeparated(typed = ""): readonly string[] {
  return typed.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** Empty: the provider's own. */
function temperatureValue(typed: string): unknown {
  return typed === "" ? null : numberValue(typed, 1);
}

function numberValue(typed: string, factor: number): unknown {
  const value = Number(typed.trim().replace(",", "."));
  if (typed.trim() === "" || Number.isNaN(value)) return typed;
  return factor === 1 ? value : Math.round(value * factor);
}

function hoursValue(form: FormValues): unknown {
  const days = weekdays.map((day) => [day, form[`hours.${day}`]?.trim() ?? ""] as const);
  return Object.fromEntries(days.filter(([, typed]) => typed !== "").map(([day, typed]) => [day, spans(typed)]));
}

function spans(typed: string): unknown {
  return typed.split(",").map((span) => {
    const [from = "", to = ""] = span.split(/[-–]/).map((time) => time.trim());
    return { from: padded(from), to: padded(to) };
  });
}

function padded(time: string): string {
  return /^\d:\d\d$/.test(time) ? `0${time}` : time;
}

function text(value: unknown): string {
  return typeof value === "string" ? value.replace(/\r\n?/g, "\n") : "";
}
