import { type Child, html, type VNode } from "@views/html.ts";
import { notice } from "@views/parts/form.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface RulesData {
  /** Short name of what is loaded. */
  readonly version: string;
  readonly loadedAt?: Date;
  /** In the order in which they are asked. */
  readonly rules: readonly { readonly name: string; readonly description: string; readonly file: string }[];
  readonly problems: readonly RuleProblem[];
}

export interface RuleProblem {
  readonly file: string;
  readonly line?: number;
  /** A sentence that says what is wrong. */
  readonly reason: string;
}

export function rulesPage(ui: Ui, data: RulesData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      <p class="muted">${t("rules.version")} <code>${data.version}</code>${" "}${data.loadedAt === undefined
        ? undefined
        : html`
          · ${t("rules.loaded")} ${time(ui, data.loadedAt, briefTime(ui, data.loadedAt))}
        `}</p>
      ${data.problems.length === 0 ? undefined : problems(ui, data)}
      ${data.rules.length === 0 ? html`<p class="card">${t("rules.empty")}</p>` : table(ui, data)}
      <p class="hint">${t("rules.hint")}</p>
    </div>
  `;
}

function problems(ui: Ui, { problems, version }: RulesData): Child {
  const lines = problems.map(({ file, line, reason }) =>
    html`<li><code>${line === undefined ? file : `${file}:${line}`}</code> ${reason}</li>`
  );
  return notice(
    "bad",
    html`
      <div>
        <p>${ui.t("rules.broken", { version })}</p>
        <ul>${lines}</ul>
      </div>
    `,
  );
}

function table(ui: Ui, { rules }: RulesData): VNode {
  const { t } = ui;
  return html`
    <div class="card flush">
      <table class="cards">
        <caption class="hidden">${t("rules.caption", { count: rules.length })}</caption>
        <thead>
          <tr>
            <th scope="col">${t("rules.position")}</th>
            <th scope="col">${t("rules.name")}</th>
            <th scope="col">${t("rules.what")}</th>
            <th scope="col">${t("rules.file")}</th>
          </tr>
        </thead>
        <tbody>${rules.map((rule, index) =>
          html`
            <tr>
              <td class="number">${index + 1}</td>
              <th scope="row">${rule.name}</th>
              <td>${rule.description}</td>
              <td><code>${rule.file}</code></td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}
