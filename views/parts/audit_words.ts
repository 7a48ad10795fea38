/** What the audit log holds as names and values, as people read it. */
import { contactFieldSchema, topicSchema } from "@/conversation/settings.ts";
import type { AuditEntry } from "@/store/records.ts";
import { type Child, html } from "@views/html.ts";
import { hasMessage, translateReason } from "@views/i18n.ts";
import { visible } from "@views/parts/linked_text.ts";
import { duration, longDate } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What was done, in words; an action that no longer has any, by its name. */
export function actionWords({ t }: Pick<Ui, "t">, action: string): string {
  const key = `audit.action.${action}`;
  return hasMessage(key) ? t(key) : action;
}

/** What was changed: a field's name in words, or the text of the queue that it was done to. */
export function fieldWords({ t }: Ui, { action }: Pick<AuditEntry, "action">, name: string): Child {
  if (action.startsWith("outbound.")) {
    return html`<a href=${`/admin/outbound/${encodeURIComponent(name)}`}>${t("audit.field.text")}</a>`;
  }
  const [, fact] = name.match(/^fields\.(.+)$/s) ?? [];
  if (fact !== undefined) return html`<bdi>${visible(fact)}</bdi>`;
  const key = fieldKey(name);
  return key === undefined ? html`<bdi>${visible(name)}</bdi>` : t(key);
}

/** Everything that the log shows of an entry in words, to be searched through. */
export function shownWords(ui: Ui, { action, changes }: Pick<AuditEntry, "action" | "changes">): string {
  const fields = Object.entries(changes).flatMap(([name, { before, after }]) => {
    const key = fieldKey(name);
    const values = [before, after].filter((value) => value !== undefined && value !== null);
    return [key === undefined ? name : ui.t(key), ...values.map((value) => valueWords(ui, name, value))];
  });
  return [actionWords(ui, action), ...fields].join(" ");
}

function fieldKey(name: string): "audit.field.state" | undefined {
  return [`audit.field.${name}`, `setting.${name}`].find(hasMessage) as "audit.field.state" | undefined;
}

/** A value as people say it: words for states, times in the reader's zone, lists with commas. */
export function valueWords(ui: Ui, name: string, value: unknown): string {
  if (typeof value === "boolean") return ui.t(value ? "audit.value.yes" : "audit.value.no");
  if (typeof value === "number") return numberWords(ui, name, value);
  if (typeof value === "string") return textWords(ui, name, value);
  if (isTexts(value)) return value.length === 0 ? ui.t("audit.value.none") : visible(value.join(", "));
  if (Array.isArray(value)) return visible(value.map((row) => rowWords(ui, row) ?? JSON.stringify(row)).join("; "));
  return visible(JSON.stringify(value));
}

/** A topic, or a field of contacts, as its row in the settings says it. */
function rowWords({ t }: Ui, row: unknown): string | undefined {
  const { data: topic } = topicSchema.safeParse(row);
  if (topic !== undefined) return withList(`${topic.name} (${t(`topic.mode.${topic.mode}`)})`, topic.words);
  const { data: field } = contactFieldSchema.safeParse(row);
  return field && withList(`${field.name} (${t(`contactField.kind.${field.kind}`)})`, field.options);
}

function withList(words: string, list: readonly string[]): string {
  return list.length === 0 ? words : `${words}: ${list.join(", ")}`;
}

function numberWords(ui: Ui, name: string, value: number): string {
  return name.endsWith("Ms") ? duration(ui, value) : new Intl.NumberFormat(ui.locale).format(value);
}

function textWords(ui: Ui, name: string, value: string): string {
  const keys = [`setting.${name}.${value}`, `audit.value.${value}`, `delivery.${value}`];
  const key = freeTexts.test(name) ? undefined : keys.find(hasMessage);
  if (key !== undefined) return ui.t(key as "audit.value.open");
  if (name === "pausedReason") return visible(translateReason(ui.locale, value));
  const [, count] = value.match(/^(\d+) characters$/) ?? [];
  if (count !== undefined) return ui.t("audit.value.characters", { count: Number(count) });
  return name === "handlerUntil" ? longDate(ui, new Date(value)) : visible(value);
}

/** Fields whose words are people's own, even where they look like a state. */
const freeTexts = /^(?:fields\.|title$|assignee$|pausedReason$)/;

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
