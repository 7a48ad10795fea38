import type { KnowledgeDocument } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { confirmButton, csrfField, notice } from "@views/parts/form.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface KnowledgeData {
  readonly accountId: string;
  /** In order of titles. */
  readonly documents: readonly KnowledgeDocument[];
  /** What was looked for; absent: everything is shown. */
  readonly query?: string;
}

/** All documents that the agent may quote. */
export function knowledgePage(ui: Ui, { accountId, documents, query }: KnowledgeData): VNode {
  const { t } = ui;
  const account = encodeURIComponent(accountId);
  return html`
    <div class="page-body">
      <p><a href=${`/admin/settings?account=${account}#voice`}>${t("knowledge.toSettings")}</a></p>
      <h1>${t("knowledge.title")}</h1>
      <p class="muted">${t("knowledge.hint")}</p>
      <form method="get" class="search-line" role="search">
        <input type="hidden" name="account" value=${accountId} />
        <label class="hidden" for="q">${t("knowledge.try")}</label>
        <input ...${pressedBy(ui, "search")} id="q" name="q" type="search" value=${query ?? ""} placeholder=${t(
          "knowledge.try",
        )} maxlength="200" />
        <button class="button">${t("knowledge.search")}</button>
      </form>
      <p><a class="button primary" href=${`/admin/knowledge/new?account=${account}`}>${t("knowledge.new")}</a></p>
      ${documents.length === 0
        ? html`<p class="card">${t(query === undefined ? "knowledge.empty" : "knowledge.nothing")}</p>`
        : html`<ul class="documents">${documents.map((document) => line(ui, document))}</ul>`}
    </div>
  `;
}

function line(ui: Ui, { id, title, text, updatedAt, updatedBy }: KnowledgeDocument): VNode {
  return html`
    <li class="card">
      <h2><a href=${`/admin/knowledge/${encodeURIComponent(id)}`}><bdi>${visible(title)}</bdi></a></h2>
      <p class="excerpt" dir="auto">${visible(text.length > 200 ? `${text.slice(0, 200)}…` : text)}</p>
      <p class="muted small">${updatedBy}, ${time(ui, updatedAt, briefTime(ui, updatedAt))}</p>
    </li>
  `;
}

export interface DocumentData {
  readonly accountId: string;
  /** Absent: a new one. */
  readonly id?: string;
  readonly ver?: number;
  readonly title: string;
  readonly text: string;
  /** Fields whose value was refused. */
  readonly errors: readonly string[];
  readonly outcome?: "saved" | "conflict";
}

/** One document, to write or to change. */
export function documentPage(ui: Ui, data: DocumentData): VNode {
  const { t } = ui;
  const action = data.id === undefined ? "/admin/knowledge" : `/admin/knowledge/${encodeURIComponent(data.id)}`;
  return html`
    <div class="page-body">
      <p><a href=${`/admin/knowledge?account=${encodeURIComponent(data.accountId)}`}>${t("knowledge.all")}</a></p>
      <h1>${t(data.id === undefined ? "knowledge.new" : "knowledge.edit")}</h1>
      ${data.outcome === undefined
        ? undefined
        : notice(data.outcome === "saved" ? "ok" : "bad", t(`knowledge.outcome.${data.outcome}`))}
      <form method="post" action=${action} class="card stack" novalidate>
        ${csrfField(ui)}
        <input type="hidden" name="account" value=${data.accountId} />
        ${data.ver === undefined ? undefined : html`<input type="hidden" name="ver" value=${data.ver} />`}
        <div class=${data.errors.includes("title") ? "field bad" : "field"}>
          <label for="title">${t("knowledge.field.title")}</label>
          <input id="title" name="title" value=${data
            .title} maxlength="120" required dir="auto" aria-invalid=${data.errors
              .includes("title")
            ? "true"
            : undefined} />
          ${data.errors.includes("title") ? html`<p class="problem">${t("knowledge.wants.title")}</p>` : undefined}
        </div>
        <div class=${data.errors.includes("text") ? "field bad" : "field"}>
          <label for="text">${t("knowledge.field.text")}</label>
          <textarea id="text" name="text" rows="12" maxlength="20000" required dir="auto" aria-describedby="text-hint"
            aria-invalid=${data.errors.includes("text") ? "true" : undefined}>${data.text}</textarea>
          ${data.errors.includes("text") ? html`<p class="problem">${t("knowledge.wants.text")}</p>` : undefined}
          <p id="text-hint" class="hint">${t("knowledge.field.text.hint")}</p>
        </div>
        <div><button class="button primary">${t("knowledge.save")}</button></div>
      </form>
      ${data.id === undefined ? undefined : confirmButton(ui, {
        action: `${action}/remove`,
        label: t("knowledge.remove"),
        question: t("remove.question"),
        described: data.title,
      })}
    </div>
  `;
}
