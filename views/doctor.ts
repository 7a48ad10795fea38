import { type Child, html, type VNode } from "@views/html.ts";
import { translateFinding } from "@views/i18n.ts";
import { adminTabs } from "@views/parts/admin_tabs.ts";
import { chip } from "@views/parts/chip.ts";
import { csrfField } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import type { Ui } from "@views/ui.ts";

/** One thing that was looked at, in the doctor's English. */
export interface FindingShown {
  readonly level: "ok" | "warning" | "problem";
  readonly subject: string;
  readonly found: string;
  /** What to do about it, and where. */
  readonly cure?: string;
}

/** What stands between this Moca and its contacts; `findings` is absent before it was looked. */
export function doctorPage(ui: Ui, findings: readonly FindingShown[] | undefined): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("doctor.title")}</h1>
      ${adminTabs(ui, "doctor")}
      <p class="muted">${t("doctor.hint")}</p>
      <form method="post" action="/admin/doctor">
        ${csrfField(ui)}
        <button class="button primary">${t(findings === undefined ? "doctor.look" : "doctor.again")}</button>
      </form>
      ${findings === undefined ? undefined : findingList(ui, findings)}
    </div>
  `;
}

/** Each finding with its cure, and how many are problems. */
export function findingList(ui: Ui, findings: readonly FindingShown[]): Child {
  const problems = findings.filter(({ level }) => level === "problem").length;
  return html`
    <p role="status"><strong>${ui.t("doctor.result", { count: problems })}</strong></p>
    <ul class="documents">${findings.map((finding) => line(ui, finding))}</ul>
  `;
}

const tones = { ok: "ok", warning: "warn", problem: "bad" } as const;
const icons = { ok: "check", warning: "circleHelp", problem: "circleAlert" } as const;

function line({ t, locale }: Ui, { level, subject, found, cure }: FindingShown): VNode {
  return html`
    <li class="card">
      <h2>${begun(translateFinding(locale, subject))} ${chip(
        tones[level],
        icons[level],
        t(`doctor.level.${level}`),
      )}</h2>
      <p>${visible(begun(translateFinding(locale, found)))}</p>
      ${cure === undefined ? undefined : html`<p class="muted">${translateFinding(locale, cure)}</p>`}
    </li>
  `;
}

/** As a sentence begins. */
function begun(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
