import { type ContactField, fitValue, type Misfit } from "@/conversation/contact_fields.ts";
import type { Contact } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { csrfField } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import type { Ui } from "@views/ui.ts";

/** A contact's form that was not taken. */
export interface RefusedContact {
  /** By control, what was typed. */
  readonly typed: Readonly<Record<string, string>>;
  /** Values that fit no field; none: it is the new field's name that cannot be. */
  readonly misfits: readonly Misfit[];
}

export interface ContactEditData {
  readonly contact: Contact;
  /** The account's fields; none: fields are free. */
  readonly defined: readonly ContactField[];
  readonly refused?: RefusedContact;
  /** Of the list beside it, from `?` on: it stays as it is. */
  readonly query: string;
}

/** The form that changes what is known of a contact. */
export function contactEdit(ui: Ui, data: ContactEditData): VNode {
  const { t } = ui;
  const { contact, defined, refused } = data;
  return html`
    <details id="edit-contact" open=${refused !== undefined}>
      <summary>${t("contact.edit")}</summary>
      <form method="post" action=${`/admin/inbox/${encodeURIComponent(contact.id)}/contact${data.query}`} class="stack">
        ${csrfField(ui)}
        ${defined.length === 0 ? freeFields(ui, data) : definedFields(ui, data)}
        <label>${t("contact.tags")}<input name="tags" value=${refused?.typed["tags"] ??
          contact.tags.join(", ")} maxlength="500" /></label>
        ${tick(data, "neverBot", t("contact.neverBot"))}
        ${tick(data, "optOut", t("contact.optOut"))}
        <p class="hint">${t(defined.length === 0 ? "contact.editHint" : "contact.definedHint")}</p>
        <button class="button">${t("contact.save")}</button>
      </form>
    </details>
  `;
}

function tick({ contact, refused }: ContactEditData, name: "neverBot" | "optOut", label: string): VNode {
  const isOn = refused === undefined ? contact[name] : refused.typed[name] === "yes";
  return html`<label class="tick"><input type="checkbox" name=${name} value="yes" checked=${isOn} /> ${label}</label>`;
}

function freeFields({ t }: Ui, { contact, refused }: ContactEditData): Child {
  return [
    ...Object.entries(contact.fields).map(([name, { value }]) => {
      const control = `field.${name}`;
      return html`<label>${visible(name)}<input name=${control} value=${
        refused?.typed[control] ??
          value
      } dir="auto" maxlength="500" /></label>`;
    }),
    html`
      <div class="pair">
        <label>${t("contact.newField")}<input name="newName" value=${refused
          ?.typed["newName"]} maxlength="40" /></label>
        <label>${t("contact.newValue")}<input name="newValue" value=${refused?.typed["newValue"]} maxlength="500"
          dir="auto" /></label>
      </div>
    `,
  ];
}

/** The account's fields in their order, then what else is known: that can only be removed. */
function definedFields(ui: Ui, data: ContactEditData): Child {
  const others = Object.entries(data.contact.fields).filter(([name]) =>
    !data.defined.some((field) => field.name === name)
  );
  return [
    ...data.defined.map((field) => definedField(ui, data, field)),
    ...others.map(([name, { value }]) => otherField(ui, data, [name, value])),
  ];
}

function otherField({ t }: Ui, { refused }: ContactEditData, [name, value]: readonly [string, string]): VNode {
  const control = `remove.${name}`;
  return html`
    <label
      class="tick"><input type="checkbox" name=${control} value="yes" checked=${refused
        ?.typed[control] === "yes"} /> <span dir="auto">${t("contact.removeField", {
          name: visible(name),
          value: visible(value),
        })}</span></label>
  `;
}

function definedField(ui: Ui, { contact, refused }: ContactEditData, field: ContactField): VNode {
  const control = `field.${field.name}`;
  const known = Object.hasOwn(contact.fields, field.name) ? contact.fields[field.name]?.value : undefined;
  const isBad = refused?.misfits.some(({ name }) => name === field.name) ?? false;
  const common = {
    name: control,
    "aria-invalid": isBad ? "true" : undefined,
    "aria-describedby": isBad ? `${control}-error` : undefined,
  };
  return html`
    <div>
      <label>${visible(field.name)}${fieldControl(ui, {
        field,
        common,
        value: refused?.typed[control] ?? known ?? "",
      })}</label>
      ${isBad ? html`<p id=${`${control}-error`} class="problem">${wantedWords(ui, field)}</p>` : undefined}
    </div>
  `;
}

interface FieldControl {
  readonly field: ContactField;
  readonly common: Readonly<Record<string, string | undefined>>;
  readonly value: string;
}

/** A browser's own date field cannot hold what is no date: such a value is shown in a text field. */
function fieldControl(ui: Ui, { field, common, value }: FieldControl): VNode {
  const isFit = value === "" || fitValue(field, value) !== undefined;
  if (field.kind === "choice" || field.kind === "yesNo") return choice(ui, { field, common, value });
  const kind = {
    text: { dir: "auto" },
    number: { inputmode: "decimal", autocomplete: "off" },
    date: isFit ? { type: "date" } : { placeholder: "2026-11-24" },
  }[field.kind];
  return html`<input ...${common} ...${kind} value=${value} maxlength="500" />`;
}

/** What is known stays among the options even when it is none of them. */
function choice({ t }: Ui, { field, common, value }: FieldControl): VNode {
  const fit = value === "" ? "" : fitValue(field, value) ?? value;
  const options = field.kind === "yesNo"
    ? [["yes", t("contact.yesNo.yes")], ["no", t("contact.yesNo.no")]] as const
    : field.options.map((option) => [option, option] as const);
  const isOther = fit !== "" && !options.some(([option]) => option === fit);
  return html`<select ...${common}>
    <option value="" selected=${fit === ""}></option>
    ${
    options.map(([option, label]) =>
      html`<option value=${option} selected=${option === fit}>${visible(label)}</option>`
    )
  }
    ${isOther ? html`<option value=${value} selected>${visible(value)}</option>` : undefined}
  </select>`;
}

/** What the field takes, said when it got something else. */
function wantedWords({ t }: Ui, { kind, options }: ContactField): string {
  if (kind === "choice") return t("contact.wants.choice", { options: options.map(visible).join(", ") });
  return kind === "text" ? "" : t(`contact.wants.${kind}`);
}

/** Why the form was not taken, in a line. */
export function refusalWords({ t }: Ui, { misfits }: RefusedContact): string {
  if (misfits.length === 0) return t("contact.badField");
  const names = misfits.map(({ name }) => visible(name)).join(", ");
  const others = misfits.some(({ field }) => field === undefined) ? ` ${t("contact.wants.nothing")}` : "";
  return `${t("contact.notSaved", { names })}${others}`;
}
