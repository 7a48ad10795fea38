import { html, type VNode } from "@views/html.ts";
import { pressedBy } from "@views/parts/keys.ts";
import type { Ui } from "@views/ui.ts";

/** Whose texts: the bot's, or people's. */
export const queueKinds = ["bot", "person"] as const;

/** Older than an hour, a day, a week. */
export const queueAges = ["1h", "1d", "7d"] as const;
export type QueueAge = typeof queueAges[number];

export interface QueueFilter {
  readonly kind?: typeof queueKinds[number];
  /** Instagram's newest code. */
  readonly code?: number;
  readonly age?: QueueAge;
  /** Words of the text, in any case and with or without accents. */
  readonly q?: string;
}

export interface QueueFilterData {
  readonly filter: QueueFilter;
  /** Codes to choose from. */
  readonly codes: readonly number[];
  /** As it was typed. */
  readonly contact: string;
  /** The state that the filter is added to. */
  readonly state?: string;
}

export function isFiltered({ kind, code, age, q }: QueueFilter): boolean {
  return kind !== undefined || code !== undefined || age !== undefined || q !== undefined;
}

/** What of the view stands in its address. */
export function queueQuery({ filter: { kind, code, age, q }, contact, state }: Omit<QueueFilterData, "codes">): string {
  return new URLSearchParams({
    ...(state && { state }),
    ...(contact !== "" && { contact }),
    ...(q && { q }),
    ...(kind && { kind }),
    ...(code !== undefined && { code: String(code) }),
    ...(age && { age }),
  }).toString();
}

/** One form: a text, a contact, and three choices. */
export function queueFilters(ui: Ui, data: QueueFilterData): VNode {
  const { t } = ui;
  const { filter, codes, contact, state } = data;
  const known = filter.code === undefined || codes.includes(filter.code) ? codes : [filter.code, ...codes];
  return html`
    <form class="search-line" role="search" action="/admin/queue" method="get">
      ${state === undefined ? undefined : html`<input type="hidden" name="state" value=${state} />`}
      <input type="search" name="q" ...${pressedBy(ui, "search")} value=${filter.q ??
        ""} maxlength="200" aria-label=${t(
          "queue.q",
        )} placeholder=${t("queue.q")} autocomplete="off" />
      <input type="search" name="contact" value=${contact} aria-label=${t("queue.contact")} placeholder=${t(
        "queue.contact",
      )} autocomplete="off" />
      <select name="kind" aria-label=${t("queue.from")}>
        <option value="">${t("queue.kind.all")}</option>
        ${queueKinds.map((kind) =>
          html`<option value=${kind} selected=${kind === filter.kind}>${t(`queue.kind.${kind}`)}</option>`
        )}
      </select>
      ${known.length === 0 ? undefined : html`
        <select name="code" aria-label=${t("queue.code")}>
          <option value="">${t("queue.code.all")}</option>
          ${known.map((code) =>
            html`<option value=${code} selected=${code === filter.code}>${t("queue.code.one", { code })}</option>`
          )}
        </select>
      `}
      <select name="age" aria-label=${t("queue.age")}>
        <option value="">${t("queue.age.all")}</option>
        ${queueAges.map((age) =>
          html`<option value=${age} selected=${age === filter.age}>${t(`queue.age.${age}`)}</option>`
        )}
      </select>
      <button class="button">${t("audit.filter")}</button>
      ${contact === "" && !isFiltered(filter) ? undefined : html`
        <a class="button quiet" href=${`/admin/queue${state === undefined ? "" : `?state=${state}`}`}>${t(
          "audit.all",
        )}</a>
      `}
    </form>
  `;
}
