import type { Account, CannedReply } from "@/store/records.ts";
import { accountName } from "@views/parts/account_name.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { confirmButton, csrfField, notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface CannedListData {
  readonly accountId: string;
  readonly accounts: readonly Pick<Account, "id" | "username">[];
  readonly replies: readonly CannedReply[];
}

/** All replies that people keep ready. */
export function cannedListPage(
  ui: Ui,
  { accountId, accounts, replies }: CannedListData,
): VNode {
  const { t } = ui;
  const account = encodeURIComponent(accountId);
  return html`
    <div class="page-body">
      ${ui.role === "admin" ? undefined : html`<p><a href="/admin/inbox">${t("canned.toInbox")}</a></p>`}
      <h1>${t("canned.title")}</h1>
      ${ui.role === "admin" ? adminTabs(ui, "replies") : undefined}
      <p class="muted">${t("canned.hint")}</p>
      ${accounts.length < 2
        ? undefined
        : html`<nav class="tabs" aria-label=${t("settings.accounts")}>${
          accounts.map((one) =>
            html`<a href=${`/admin/replies?account=${encodeURIComponent(one.id)}`} aria-current=${
              one.id === accountId ? "page" : undefined
            }>${accountName(one)}</a>`
          )
        }</nav>`}
      ${ui.role === "viewer"
        ? undefined
        : html`<p><a class="button primary" href=${`/admin/replies/new?account=${account}`}>${t("canned.new")}</a></p>`}
      ${replies.length === 0
        ? html`<p class="card">${t("canned.empty")}</p>`
        : html`<ul class="documents">${replies.map((reply) => line(ui, reply))}</ul>`}
    </div>
  `;
}

function line(ui: Ui, { id, title, shortcut, body, updatedAt, updatedBy }: CannedReply): VNode {
  const name = html`<bdi>${visible(title)}</bdi>`;
  return html`
    <li class="card">
      <h2>${ui.role === "viewer"
        ? name
        : html`<a href=${`/admin/replies/${encodeURIComponent(id)}`}>${name}</a>`} ${shortcutOf(shortcut)}</h2>
      <p class="excerpt pre" dir="auto">${visible(body)}</p>
      <p class="muted small">${visible(updatedBy)}, ${time(ui, updatedAt, briefTime(ui, updatedAt))}</p>
    </li>
  `;
}

export function shortcutOf(shortcut: string): Child {
  return shortcut === "" ? undefined : html`<code>/${shortcut}</code>`;
}

export interface CannedPageData {
  readonly accountId: string;
  /** Absent: a new one. */
  readonly id?: string;
  readonly ver?: number;
  readonly title: string;
  readonly shortcut: string;
  readonly body: string;
  /** Fields whose value was refused. */
  readonly errors: readonly string[];
  /** Somebody else has saved it meanwhile. */
  readonly isStale?: boolean;
}

/** One reply, to write or to change. */
export function cannedPage(ui: Ui, data: CannedPageData): VNode {
  const { t } = ui;
  const action = data.id === undefined ? "/admin/replies" : `/admin/replies/${encodeURIComponent(data.id)}`;
  return html`
    <div class="page-body">
      <p><a href=${`/admin/replies?account=${encodeURIComponent(data.accountId)}`}>${t("canned.all")}</a></p>
      <h1>${t(data.id === undefined ? "canned.new" : "canned.edit")}</h1>
      ${data.isStale ? notice("bad", t("canned.conflict")) : undefined}
      <form method="post" action=${action} class="card stack" novalidate>
        ${csrfField(ui)}
        <input type="hidden" name="account" value=${data.accountId} />
        ${data.ver === undefined ? undefined : html`<input type="hidden" name="ver" value=${data.ver} />`}
        ${field(ui, data, {
          name: "title",
          control: html`<input id="title" name="title" value=${data.title} maxlength="80" required dir="auto" ...${
            described(data, "title")
          } />`,
        })}
        ${field(ui, data, {
          name: "shortcut",
          control: html`
            <input id="shortcut" name="shortcut" value=${data
              .shortcut} maxlength="31" autocapitalize="none" spellcheck="false"
              ...${described(data, "shortcut")} />
          `,
        })}
        ${field(ui, data, {
          name: "body",
          control: html`<textarea id="body" name="body" rows="6" maxlength="2000" required dir="auto" ...${
            described(data, "body")
          }>${data.body}</textarea>`,
        })}
        ${ui.role === "viewer"
          ? undefined
          : html`<div><button class="button primary">${t("canned.save")}</button></div>`}
      </form>
      ${data.id === undefined ? undefined : confirmButton(ui, {
        action: `${action}/remove`,
        label: t("canned.remove"),
        question: t("remove.question"),
        described: data.title,
      })}
    </div>
  `;
}

type FieldName = "title" | "shortcut" | "body";

function described(data: CannedPageData, name: FieldName): Readonly<Record<string, string | undefined>> {
  return { "aria-describedby": `${name}-hint`, "aria-invalid": data.errors.includes(name) ? "true" : undefined };
}

function field(ui: Ui, data: CannedPageData, { name, control }: { name: FieldName; control: VNode }): VNode {
  return html`
    <div class="field">
      <label for=${name}>${ui.t(`canned.field.${name}`)}</label>
      ${control}
      <div id=${`${name}-hint`}>
        ${data.errors.includes(name) ? html`<p class="problem">${ui.t(`canned.wants.${name}`)}</p>` : undefined}
        <p class="hint">${ui.t(`canned.field.${name}.hint`)}</p>
      </div>
    </div>
  `;
}
