import { type Child, html, type VNode } from "@views/html.ts";
import { notice } from "@views/parts/form.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface RulesData {
  /** Short name of what is loaded. */
  readonly version: string;
  readonly loadedAt: Date;
  /** In the order in which they are asked. */
  readonly rules: readonly {
    readonly name: string;
    readonly description: string;
    readonly file: string;
    readonly line?: number;
  }[];
  readonly problems: readonly RuleProblem[];
  /** What works but is probably not meant, in words. */
  readonly warnings: readonly string[];
}

export interface RuleProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** A sentence that says what is wrong. */
  readonly reason: string;
  readonly since: Date;
  /** Of the content that still runs; absent when none was ever good. */
  readonly stillRunning?: string;
}

export function rulesPage(ui: Ui, data: RulesData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "chain")}
      <div id="chain" hx-get="/admin/rules" hx-trigger="every 2s" hx-swap="innerMorph">${rulesRegion(ui, data)}</div>
      <p class="hint">${t("rules.hint")}</p>
    </div>
  `;
}

/** What changes by itself when a file is saved. */
export function rulesRegion(ui: Ui, data: RulesData): VNode {
  const { t } = ui;
  return html`
    <div>
      <p class="muted">${t("rules.version")} <code>${data.version}</code> · ${t("rules.loaded")} ${time(
        ui,
        data.loadedAt,
        briefTime(ui, data.loadedAt),
      )}</p>
      ${data.problems.length === 0 ? undefined : problems(ui, data)}
      ${data.warnings.length === 0 ? undefined : warnings(ui, data)}
      ${data.rules.length === 0 ? html`<p class="card">${t("rules.empty")}</p>` : table(ui, data)}
    </div>
  `;
}

/** `70_keywords.yaml:12:3`, as far as it is known. */
export function placeOf({ file, line, column }: Pick<RuleProblem, "file" | "line" | "column">): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function problems(ui: Ui, { problems }: RulesData): Child {
  const lines = problems.map((problem) => {
    const { since, stillRunning, reason } = problem;
    const what = stillRunning === undefined
      ? ui.t("rules.leftOut")
      : ui.t("rules.stillRunning", { version: stillRunning });
    return html`<li><code>${placeOf(problem)}</code> <span class="pre-line" dir="auto">${reason}</span>
      <span class="muted"> ${what} · ${ui.t("rules.since")} ${time(ui, since, briefTime(ui, since))}</span></li>`;
  });
  return notice(
    "bad",
    html`
      <div>
        <p>${ui.t("rules.broken")}</p>
        <ul>${lines}</ul>
      </div>
    `,
  );
}

function warnings(ui: Ui, { warnings }: RulesData): Child {
  const lines = warnings.map((warning) => html`<li dir="auto">${warning}</li>`);
  return notice(
    "warn",
    html`
      <div>
        <p>${ui.t("rules.warnings")}</p>
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
              <td dir="auto">${rule.description}</td>
              <td><code>${placeOf(rule)}</code></td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}
