import { type Child, html, type VNode } from "@views/html.ts";
import { maxContactFields, maxTopics } from "@/conversation/settings.ts";
import {
  contactFieldControl,
  type SettingName,
  type SettingsField,
  topicControl,
  weekdays,
} from "@views/settings_fields.ts";
import type { Ui } from "@views/ui.ts";

type Field = SettingsField & { readonly name: SettingName };

interface Shown {
  readonly values: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
  readonly errors: readonly SettingName[];
}

/** One setting: its control, and beside it what it does, its unit, range and default. */
export function settingControl(ui: Ui, shown: Shown, field: Field): VNode {
  const isBad = shown.errors.includes(field.name);
  if (field.kind === "switch") return switchControl(ui, shown, field);
  if (field.kind === "hours") return hoursControl(ui, shown, field);
  if (field.kind === "topics") return rowsControl(ui, shown, { field, ...topicRows });
  if (field.kind === "contactFields") return rowsControl(ui, shown, { field, ...contactFieldRows });
  return html`
    <div class=${`field ${isBad ? "bad" : ""}`}>
      <label for=${field.name}>${ui.t(`setting.${field.name}`)}${unit(ui, field)}${changedMark(
        ui,
        shown,
        field,
      )}</label>
      ${control(ui, shown, field)}
      ${isBad ? html`<p id=${`${field.name}-error`} class="problem">${wants(ui, field)}</p>` : undefined}
      <p id=${`${field.name}-hint`} class="hint">${ui.t(`setting.${field.name}.hint`)} ${rangeAndDefault(
        ui,
        shown,
        field,
      )}</p>
    </div>
  `;
}

function control(ui: Ui, { values, errors }: Shown, field: Field): Child {
  const value = values[field.name] ?? "";
  const isBad = errors.includes(field.name);
  const described = isBad ? `${field.name}-error ${field.name}-hint` : `${field.name}-hint`;
  const common = {
    id: field.name,
    name: field.name,
    "aria-describedby": described,
    "aria-invalid": isBad ? "true" : undefined,
  };
  switch (field.kind) {
    case "choice":
      return html`<select ...${common}>${
        field.options.map((option) =>
          html`<option value=${option} selected=${option === value}>${
            ui.t(`setting.${field.name}.${option}` as "setting.mode.auto")
          }</option>`
        )
      }</select>`;
    case "number":
      return html`
        <input ...${common} type="number" inputmode="decimal" min=${field.min} max=${field.max} step=${field.step}
          value=${value} />
      `;
    case "prose":
      return html`<textarea ...${common} rows=${field.rows} maxlength=${field.maxLength} dir="auto">${value}</textarea>`;
    case "lines":
      return html`<textarea ...${common} rows="4" dir="auto">${value}</textarea>`;
    default:
      return html`<input ...${common} value=${value} autocomplete="off" spellcheck=${false} />`;
  }
}

function switchControl(ui: Ui, { values }: Shown, field: Field): VNode {
  return html`
    <div class="field">
      <label
        class="tick"><input id=${field.name} type="checkbox" name=${field
          .name} value="yes" checked=${values[field.name] === "yes"} aria-describedby=${`${field.name}-hint`} /> ${ui.t(
            `setting.${field.name}`,
          )}</label>
      <p id=${`${field.name}-hint`} class="hint">${ui.t(`setting.${field.name}.hint`)}</p>
    </div>
  `;
}

function hoursControl(ui: Ui, { values, errors }: Shown, field: Field): VNode {
  const { t } = ui;
  const isBad = errors.includes(field.name);
  return html`
    <fieldset id=${field.name} class=${`field hours ${isBad ? "bad" : ""}`}>
      <legend>${t(`setting.${field.name}`)}</legend>
      <label class="tick"><input type="checkbox" name="alwaysOpen" value="yes" checked=${values["alwaysOpen"] ===
        "yes"} /> ${t("setting.alwaysOpen")}</label>
      ${weekdays.map((day) =>
        html`
          <label><span>${t(`weekday.${day}`)}</span><input name=${`hours.${day}`} value=${values[`hours.${day}`] ??
            ""} autocomplete="off" /></label>
        `
      )}
      ${isBad ? html`<p class="problem">${wants(ui, field)}</p>` : undefined}
      <p class="hint">${t(`setting.${field.name}.hint`)}</p>
    </fieldset>
  `;
}

/** Rows to type further entries into; a saved form has new ones. */
const spareRows = 2;

interface Rows {
  readonly max: number;
  /** The controls without which a row is empty. */
  readonly filledBy: (row: number) => readonly string[];
  readonly row: (ui: Ui, shown: Shown, row: number) => VNode;
}

const topicRows: Rows = {
  max: maxTopics,
  filledBy: (row) => [topicControl(row, "name"), topicControl(row, "words")],
  row: topicRow,
};

const contactFieldRows: Rows = {
  max: maxContactFields,
  filledBy: (row) => [contactFieldControl(row, "name"), contactFieldControl(row, "options")],
  row: contactFieldRow,
};

function rowsControl(ui: Ui, shown: Shown, { field, max, filledBy, row }: Rows & { readonly field: Field }): VNode {
  const isBad = shown.errors.includes(field.name);
  const filled = Array.from({ length: max }, (_, index) => index).filter((index) =>
    filledBy(index).some((name) => shown.values[name])
  );
  const rows = Math.min(max, (filled.at(-1) ?? -1) + 1 + spareRows);
  return html`
    <fieldset id=${field.name} class=${`field setting-rows ${isBad ? "bad" : ""}`}>
      <legend>${ui.t(`setting.${field.name}`)}${changedMark(ui, shown, field)}</legend>
      ${Array.from({ length: rows }, (_, index) => row(ui, shown, index))}
      ${isBad ? html`<p class="problem">${wants(ui, field)}</p>` : undefined}
      <p class="hint">${ui.t(`setting.${field.name}.hint`)}</p>
    </fieldset>
  `;
}

function topicRow({ t }: Ui, { values }: Shown, row: number): VNode {
  const control = (part: "name" | "mode" | "words"): { readonly name: string; readonly "aria-label": string } => ({
    name: topicControl(row, part),
    "aria-label": `${t(`topic.${part}`)} ${row + 1}`,
  });
  const value = (part: "name" | "mode" | "words"): string => values[topicControl(row, part)] ?? "";
  return html`
    <div class="setting-row">
      <input ...${control("name")} value=${value("name")} maxlength="50" placeholder=${t(
        "topic.name",
      )} autocomplete="off" />
      <select ...${control("mode")}>${(["auto", "draft", "off"] as const).map((mode) =>
        html`<option value=${mode} selected=${mode === value("mode")}>${t(`topic.mode.${mode}`)}</option>`
      )}</select>
      <input ...${control("words")} value=${value("words")} placeholder=${t(
        "topic.words",
      )} autocomplete="off" dir="auto" />
    </div>
  `;
}

function contactFieldRow({ t }: Ui, { values }: Shown, row: number): VNode {
  const control = (part: "name" | "kind" | "options"): { readonly name: string; readonly "aria-label": string } => ({
    name: contactFieldControl(row, part),
    "aria-label": `${t(`contactField.${part}`)} ${row + 1}`,
  });
  const value = (part: "name" | "kind" | "options"): string => values[contactFieldControl(row, part)] ?? "";
  return html`
    <div class="setting-row">
      <input ...${control("name")} value=${value("name")} maxlength="40" placeholder=${t(
        "contactField.name",
      )} autocomplete="off" dir="auto" />
      <select ...${control("kind")}>${(["text", "number", "date", "yesNo", "choice"] as const).map((kind) =>
        html`<option value=${kind} selected=${kind === value("kind")}>${t(`contactField.kind.${kind}`)}</option>`
      )}</select>
      <input ...${control("options")} value=${value("options")} placeholder=${t(
        "contactField.options",
      )} autocomplete="off" dir="auto" />
    </div>
  `;
}

function unit(ui: Ui, field: Field): string {
  return field.kind === "number" ? ` (${ui.t(`unit.${field.unit}`)})` : "";
}

function changedMark(ui: Ui, { values, defaults }: Shown, { name }: Field): Child {
  return values[name] === defaults[name] ? undefined : html`
    <span class="chip info">${ui.t("settings.changed")}</span>
  `;
}

function rangeAndDefault(ui: Ui, { defaults }: Shown, field: Field): string {
  if (field.kind !== "number") return "";
  const { min, max } = field;
  return ui.t("settings.range", { min, max, fallback: Number(defaults[field.name]) });
}

/** What the field takes, said when it got something else. */
function wants(ui: Ui, field: Field): string {
  switch (field.kind) {
    case "number":
      return ui.t("settings.wants.number", { min: field.min, max: field.max });
    case "prose":
      return ui.t("settings.wants.length", { max: field.maxLength });
    case "hours":
      return ui.t("settings.wants.hours");
    case "topics":
      return ui.t("settings.wants.topics");
    case "contactFields":
      return ui.t("settings.wants.contactFields");
    case "lines":
      return ui.t("settings.wants.lines");
    default:
      if (field.name === "temperature") return ui.t("settings.wants.number", { min: 0, max: 2 });
      if (field.name === "model") return ui.t("settings.wants.length", { max: 200 });
      return field.name === "timezone" ? ui.t("settings.wants.timezone") : ui.t("settings.wants.language");
  }
}
