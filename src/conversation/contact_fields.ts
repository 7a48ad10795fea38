/** Whether values fit the fields that an account has defined for its contacts. Facts stay texts; these are their shapes. */
import type { Settings } from "@/conversation/settings.ts";

export type ContactField = Settings["contactFields"][number];

/** Two texts are one option when they differ in nothing but case and accents. */
const optionOrder = new Intl.Collator("en", { sensitivity: "base" });

/** The value as it is stored: `12.5` · `2026-11-24` · `yes` or `no` · the option as it is defined. Undefined: it does not fit. */
export function fitValue({ kind, options }: ContactField, typed: string): string | undefined {
  const value = typed.trim();
  switch (kind) {
    case "text":
      return value === "" ? undefined : value;
    case "number":
      return numberOf(value);
    case "date":
      return isDay(value) ? value : undefined;
    case "yesNo":
      return yesOrNo(value);
    case "choice":
      return options.find((option) => optionOrder.compare(option, value) === 0);
  }
}

/** `1,500` is no number: it may be one and a half, or fifteen hundred. */
function numberOf(value: string): string | undefined {
  if (!/^[+-]?(\d{1,15}|\d{1,9}[.,]\d{1,6})$/.test(value) || /^[+-]?[1-9]\d*,\d{3}$/.test(value)) return undefined;
  const number = Number(value.replace(",", "."));
  return String(number === 0 ? 0 : number);
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

function yesOrNo(value: string): "yes" | "no" | undefined {
  const isOneOf = (words: readonly string[]): boolean => words.some((word) => optionOrder.compare(word, value) === 0);
  if (isOneOf(["yes", "sí", "true"])) return "yes";
  return isOneOf(["no", "false"]) ? "no" : undefined;
}

/** The field of this name, whatever its case. */
export function fieldNamed(fields: readonly ContactField[], name: string): ContactField | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** A value that was not taken: its name, and the field that it does not fit; none: no field of this name is defined. */
export interface Misfit {
  readonly name: string;
  readonly field?: ContactField;
}

/** New values by field's name, `null` for one that is removed. */
export type FieldPatch = Readonly<Record<string, string | null>>;

export type FieldsChecked =
  /** With the values as they are stored. */
  | { readonly kind: "fit"; readonly fields: FieldPatch }
  | { readonly kind: "misfit"; readonly misfits: readonly Misfit[] };

/** Where fields are defined, only those can be set, to what fits; all can be removed. */
export function checkFields(defined: readonly ContactField[], patch: FieldPatch): FieldsChecked {
  if (defined.length === 0) return { kind: "fit", fields: patch };
  const checked = Object.entries(patch).map(([name, value]) => {
    const field = defined.find((one) => one.name === name);
    return { name, field, value: value === null ? null : field && fitValue(field, value) };
  });
  const misfits = checked.filter(({ value }) => value === undefined);
  if (misfits.length > 0) return { kind: "misfit", misfits: misfits.map(({ name, field }) => ({ name, field })) };
  return { kind: "fit", fields: Object.fromEntries(checked.map(({ name, value }) => [name, value ?? null])) };
}

/** What a field takes, said to programs and to the model. */
export function wantedBy({ kind, options }: ContactField): string {
  switch (kind) {
    case "text":
      return "a text";
    case "number":
      return "a number, e.g. 12.5, without thousands separators";
    case "date":
      return "a date as YYYY-MM-DD";
    case "yesNo":
      return "yes or no";
    case "choice":
      return `one of ${options.join(", ")}`;
  }
}
