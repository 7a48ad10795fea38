import type { RuleTrace, TurnOutcome } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { actionButton, csrfField, notice } from "@views/parts/form.ts";
import { visible } from "@views/parts/linked_text.ts";
import { placeOf } from "@views/parts/rule_place.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { briefTime, time } from "@views/parts/time.ts";
import { spokenTexts, verdictChip } from "@views/parts/verdict.ts";
import { untilDone } from "@views/parts/until_done.ts";
import type { Ui } from "@views/ui.ts";

/** A run over the past, as it stands. */
export interface RewindRun {
  readonly id: string;
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly days: number;
  readonly fileName?: string;
  readonly version: string;
  readonly startedAt: Date;
  /** 0 to 1. */
  readonly progress: number;
  readonly turns: number;
  readonly skipped: number;
  readonly same: number;
  readonly changed: number;
  readonly model: { readonly asked: number; readonly tokens: number; readonly budget: number };
}

export interface RewindForm {
  readonly days: string;
  readonly fileName: string;
  readonly fileText: string;
  /** Empty: the model is not asked. */
  readonly tokenBudget: string;
}

export type RewindProblem = "noAccount" | "badFileName" | "badDays" | "badBudget";

export interface RewindFault {
  readonly line?: number;
  readonly column?: number;
  readonly reason: string;
}

export interface RewindStartData {
  readonly form: RewindForm;
  readonly problem?: RewindProblem;
  /** Of the pasted file. */
  readonly faults: readonly RewindFault[];
  /** Newest first. */
  readonly runs: readonly RewindRun[];
}

/** Where a run begins. */
export function rewindPage(ui: Ui, data: RewindStartData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "rewind")}
      <p class="muted">${t("rewind.lead")}</p>
      ${data.problem === undefined ? undefined : notice("bad", t(`rewind.problem.${data.problem}`))}
      ${data.faults.length === 0 ? undefined : faults(ui, data)}
      ${startForm(ui, data)}
      ${data.runs.length === 0 ? undefined : runs(ui, data.runs)}
    </div>
  `;
}

function faults(ui: Ui, { faults, form }: RewindStartData): Child {
  const lines = faults.map(({ line, column, reason }) =>
    html`<li><code>${placeOf({ file: form.fileName, line, column })}</code> <span dir="auto">${
      visible(reason)
    }</span></li>`
  );
  return notice(
    "bad",
    html`
      <div>
        <p>${ui.t("rewind.broken")}</p>
        <ul>${lines}</ul>
      </div>
    `,
  );
}

function startForm(ui: Ui, { form }: RewindStartData): VNode {
  const { t } = ui;
  const isOpen = form.fileText !== "" || form.tokenBudget !== "";
  return html`
    <form method="post" action="/admin/rules/rewind" class="card stack">
      ${csrfField(ui)}
      <label for="rewind-days">${t("rewind.days")}</label>
      <input id="rewind-days" name="days" type="number" min="1" max="365" required value=${form.days} />
      <details id="rewind-more" open=${isOpen}>
        <summary>${t("rewind.more")}</summary>
        <div class="stack">
          <label for="rewind-name">${t("rewind.fileName")}</label>
          <input id="rewind-name" name="fileName" value=${form.fileName} autocomplete="off" spellcheck="false"
            aria-describedby="rewind-name-hint" />
          <p id="rewind-name-hint" class="hint">${t("rewind.fileName.hint")}</p>
          <label for="rewind-text">${t("rewind.fileText")}</label>
          <textarea id="rewind-text" name="fileText" rows="8" class="code" spellcheck="false">${form
            .fileText}</textarea>
          <label for="rewind-budget">${t("rewind.budget")}</label>
          <input id="rewind-budget" name="tokenBudget" type="number" min="1" max="10000000" value=${form.tokenBudget}
            aria-describedby="rewind-budget-hint" />
          <p id="rewind-budget-hint" class="hint">${t("rewind.budget.hint")}</p>
        </div>
      </details>
      <div><button class="button primary">${t("rewind.go")}</button></div>
    </form>
  `;
}

function runs(ui: Ui, runs: readonly RewindRun[]): VNode {
  const { t } = ui;
  return html`
    <section class="card" aria-labelledby="rewind-runs">
      <h2 id="rewind-runs">${t("rewind.runs")}</h2>
      <ul>${runs.map((run) =>
        html`<li><a href=${`/admin/rules/rewind/${run.id}`}>${
          time(ui, run.startedAt, briefTime(ui, run.startedAt))
        }</a> · ${title(ui, run)} · ${t("rewind.changed", { count: run.changed })}</li>`
      )}</ul>
    </section>
  `;
}

function title({ t }: Ui, { days, fileName }: RewindRun): string {
  return fileName === undefined ? t("rewind.ofDays", { days }) : t("rewind.ofFile", { days, file: fileName });
}

/** A turn that would go otherwise; `gone` when it was erased meanwhile. */
export interface ChangedTurn {
  readonly turnId: string;
  readonly conversationId: string;
  readonly contactName: string;
  readonly decidedAt: Date;
  /** What the contact wrote. */
  readonly said: readonly string[];
  readonly then: { readonly verdict: RuleTrace["verdict"]; readonly rule?: string; readonly outcome: TurnOutcome };
  readonly now: {
    readonly verdict: RuleTrace["verdict"];
    readonly rule?: string;
    readonly texts: readonly string[];
    readonly reason: string;
  };
  readonly model?: {
    readonly kind: "reply" | "silence" | "handOff" | "none";
    readonly texts: readonly string[];
    readonly reason: string;
  };
}

export interface RewindResultData {
  readonly run: RewindRun;
  readonly changes: readonly ChangedTurn[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
}

/** A run and what it found. */
export function rewindResultPage(ui: Ui, data: RewindResultData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "rewind")}
      <h2>${title(ui, data.run)}</h2>
      ${rewindRegion(ui, data)}
    </div>
  `;
}

/** Progress, counts and changed turns; while the run goes on, it asks for itself again. */
export function rewindRegion(ui: Ui, data: RewindResultData): VNode {
  const { run, page } = data;
  const again = run.state === "running" ? untilDone(`/admin/rules/rewind/${run.id}?page=${page}`) : {};
  return html`
    <div id="rewind" ...${again}>
      ${standing(ui, run)}
      ${counts(ui, run)}
      ${run.changed === 0 && run.state !== "running"
        ? html`<p class="card">${ui.t(run.turns === 0 ? "rewind.noTurns" : "rewind.nothing")}</p>`
        : undefined}
      ${data.changes.map((change) => changedCard(ui, change))}
      ${pager(ui, data)}
    </div>
  `;
}

function standing(ui: Ui, run: RewindRun): Child {
  const { t } = ui;
  const about = html`<p class="muted">${t(`rewind.state.${run.state}`)} · ${
    t("rules.version")
  } <code>${run.version}</code></p>`;
  if (run.state !== "running") return about;
  return html`
    <div class="progress">
      <progress value=${run.progress} max="1" aria-label=${t("rewind.progress")}></progress>
      <span>${t("rewind.percent", { part: run.progress })}</span>
      ${actionButton(ui, { action: `/admin/rules/rewind/${run.id}/cancel`, label: t("rewind.cancel") })}
      <noscript><a href=${`/admin/rules/rewind/${run.id}`}>${t("connection.refresh")}</a></noscript>
    </div>
    ${about}
  `;
}

function counts({ t }: Ui, run: RewindRun): VNode {
  const tile = (count: number, label: string): VNode =>
    html`
      <div class=${count === 0 ? "zero" : ""}>
        <dd>${count}</dd>
        <dt>${label}</dt>
      </div>
    `;
  return html`
    <dl class="counts">
      ${tile(run.turns, t("rewind.count.turns"))}
      ${tile(run.changed, t("rewind.count.changed"))}
      ${tile(run.same, t("rewind.count.same"))}
      ${tile(run.skipped, t("rewind.count.skipped"))}
      ${run.model.budget === 0 ? undefined : tile(run.model.tokens, t("rewind.count.tokens"))}
    </dl>
  `;
}

function changedCard(ui: Ui, change: ChangedTurn): VNode {
  const { t } = ui;
  return html`
    <article class="card changed" key=${change.turnId} id=${`c-${change.turnId}`}>
      <p><a href=${`/admin/turns/${encodeURIComponent(change.turnId)}`}><bdi>${visible(
        change.contactName,
      )}</bdi></a> <span class="muted">${time(ui, change.decidedAt, briefTime(ui, change.decidedAt))}</span></p>
      <blockquote>${change.said.map((text) => html`<p dir="auto">${visible(text)}</p>`)}</blockquote>
      <div class="halves">
        <section>
          <h3>${t("rewind.then")}</h3>
          <p>${verdictChip(ui, change.then.verdict)} ${ruleName(ui, change.then.rule)}</p>
          ${spokenTexts(change.then.outcome.texts)}
          <p class="muted" dir="auto">${translateReason(ui.locale, visible(change.then.outcome.reason))}</p>
        </section>
        <section>
          <h3>${t("rewind.now")}</h3>
          <p>${verdictChip(ui, change.now.verdict)} ${ruleName(ui, change.now.rule)}</p>
          ${spokenTexts(change.now.texts)}
          <p class="muted" dir="auto">${translateReason(ui.locale, visible(change.now.reason))}</p>
          ${modelAnswer(ui, change)}
        </section>
      </div>
    </article>
  `;
}

function ruleName({ t }: Ui, rule: string | undefined): string {
  return rule === undefined ? t("rewind.agent") : t("trace.byRule", { rule });
}

function modelAnswer(ui: Ui, { model }: ChangedTurn): Child {
  if (model === undefined) return undefined;
  return html`
    <p><strong>${ui.t(`rewind.model.${model.kind}`)}</strong></p>
    ${spokenTexts(model.texts)}
    <p class="muted" dir="auto">${translateReason(ui.locale, visible(model.reason))}</p>
  `;
}

function pager(ui: Ui, { run, page, pages }: RewindResultData): Child {
  if (pages <= 1) return undefined;
  const link = (to: number, key: "rewind.earlier" | "rewind.later"): Child =>
    to < 1 || to > pages ? undefined : html`<a href=${`/admin/rules/rewind/${run.id}?page=${to}`}>${ui.t(key)}</a>`;
  return html`<p class="pager">${link(page - 1, "rewind.earlier")} ${ui.t("rewind.page", { page, pages })} ${
    link(page + 1, "rewind.later")
  }</p>`;
}
