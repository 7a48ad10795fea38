import { accountName } from "@views/parts/account_name.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { actionButton, notice } from "@views/parts/form.ts";
import type { RuleFigures } from "@views/parts/rule_figures.ts";
import { placeOf } from "@views/parts/rule_place.ts";
import { type ListedRule, type RuleSwitches, ruleTable } from "@views/parts/rule_table.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { sampleRule } from "@views/parts/sample_rule.ts";
import { tryBox } from "@views/parts/try_form.ts";
import { briefTime, clockTime, longDate, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface RulesData {
  /** Where the files lie, as it is configured. */
  readonly folder: string;
  /** Short name of what is loaded. */
  readonly version: string;
  readonly loadedAt: Date;
  /** In the order in which they are asked. */
  readonly rules: readonly ListedRule[];
  /** Somebody put them into another order than that of their files. */
  readonly isReordered: boolean;
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
  /** When that was loaded. */
  readonly runningSince?: Date;
}

export interface RulesPageData {
  readonly chain: RulesData;
  readonly figures: RuleFigures;
  /** Absent while there is no account. */
  readonly switches?: RuleSwitches;
  /** The files were just read again, at that time. */
  readonly readAt?: Date;
  /** Somebody else was faster; nothing was changed. */
  readonly conflict?: RuleConflict;
}

/** Of a move: the order that was wanted, and the one that holds now. */
export interface RuleConflict {
  readonly wanted?: readonly string[];
  readonly now?: readonly string[];
}

export function rulesPage(ui: Ui, data: RulesPageData): VNode {
  const { t } = ui;
  const account = data.switches?.account.id;
  const path = account === undefined ? "/admin/rules" : `/admin/rules?${new URLSearchParams({ account })}`;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "chain")}
      ${data.readAt && readNotice(ui, data.readAt, data.chain)}
      ${data.conflict === undefined ? undefined : conflictNotice(ui, data.conflict)}
      ${accountLinks(ui, data.switches)}
      ${tryBox(ui, account)}
      <div id="chain" hx-get=${path} hx-trigger="every 2s" hx-swap="innerMorph">${rulesRegion(ui, data)}</div>
      <p class="hint">${t("rules.hint")}</p>
      <p class="hint">${t("rules.offHint")}</p>
    </div>
  `;
}

function conflictNotice({ t }: Ui, { wanted, now }: RuleConflict): VNode {
  const order = (names: readonly string[] | undefined, label: "rules.conflict.wanted" | "rules.conflict.now"): Child =>
    names === undefined ? undefined : html`<p>${t(label)} <span dir="auto">${names.join(" → ")}</span></p>`;
  return notice(
    "bad",
    html`<div><p>${t("rules.conflict")}</p>${order(wanted, "rules.conflict.wanted")}${
      order(now, "rules.conflict.now")
    }</div>`,
  );
}

function accountLinks({ t }: Ui, switches: RuleSwitches | undefined): Child {
  if (switches === undefined || switches.accounts.length < 2) return undefined;
  return html`
    <nav class="tabs" aria-label=${t("rules.accounts")}>${switches.accounts.map((account) =>
      html`<a href=${`/admin/rules?${new URLSearchParams({ account: account.id })}`} aria-current=${
        account.id === switches.account.id ? "page" : undefined
      }>${accountName(account)}</a>`
    )}</nav>
  `;
}

/** What changes by itself when a file is saved. */
export function rulesRegion(ui: Ui, data: RulesPageData): VNode {
  const { t } = ui;
  const { chain, figures } = data;
  return html`
    <div>
      <p class="muted">${t("rules.version")} <code>${chain.version}</code> · ${t("rules.loaded")} ${time(
        ui,
        chain.loadedAt,
        briefTime(ui, chain.loadedAt),
      )}</p>
      <div class="actions">${reloadButton(ui, data.switches)}${chain.isReordered
        ? filesOrderButton(ui, data)
        : undefined}</div>
      ${chain.problems.length === 0 ? undefined : problems(ui, chain)}
      ${chain.rules.length === 0 || chain.warnings.length === 0 ? undefined : warnings(ui, chain)}
      ${chain.rules.length === 0 ? emptyCard(ui, chain) : ruleTable(ui, { ...data, rules: chain.rules })}
      ${figures.from === undefined
        ? undefined
        : html`<p class="hint">${t("rules.figuresFrom", { from: longDate(ui, figures.from) })}</p>`}
    </div>
  `;
}

/** Holds a whole file to copy: who has no rules may have nothing of Moca at hand but this page. */
function emptyCard({ t }: Ui, { folder }: RulesData): VNode {
  const { name, text } = sampleRule;
  return html`
    <div class="card stack">
      <p><strong>${t("rules.empty")}</strong></p>
      <p>${t("rules.empty.how", { name, folder })}</p>
      <pre class="pre"><code>${text}</code></pre>
    </div>
  `;
}

function problems(ui: Ui, { problems }: RulesData): Child {
  const lines = problems.map((problem) => {
    const { since, stillRunning, runningSince, reason } = problem;
    const what = stillRunning === undefined
      ? ui.t("rules.leftOut")
      : [ui.t("rules.stillRunning", { version: stillRunning }), runningFrom(ui, runningSince)];
    return html`<li><code>${placeOf(problem)}</code> <span class="pre-line" dir="auto">${reason}</span>
      <span class="muted"> ${ui.t("rules.since")} ${time(ui, since, briefTime(ui, since))} · ${what}</span></li>`;
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

function runningFrom(ui: Ui, since: Date | undefined): Child {
  return since && [" ", ui.t("rules.runningSince"), " ", time(ui, since, briefTime(ui, since))];
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

/** For who saves files where no watch hears it. */
function reloadButton(ui: Ui, switches: RuleSwitches | undefined): Child {
  if (ui.role !== "admin") return undefined;
  const fields: Record<string, string> = switches === undefined ? {} : { account: switches.account.id };
  return actionButton(ui, { action: "/admin/rules/reload", label: ui.t("rules.reload"), fields });
}

/** What came of reading the files again. */
function readNotice(ui: Ui, at: Date, { rules, problems }: RulesData): VNode {
  const words = ui.t("rules.readAgain", { at: clockTime(ui, at), rules: rules.length, problems: problems.length });
  return html`<div data-announce>${notice(problems.length === 0 ? "ok" : "warn", words)}</div>`;
}

function filesOrderButton(ui: Ui, { switches }: RulesPageData): Child {
  if (switches === undefined || ui.role !== "admin") return undefined;
  const { id, ver } = switches.account;
  const fields = { account: id, ver: String(ver), to: "files" };
  return actionButton(ui, { action: "/admin/rules/move", label: ui.t("rules.filesOrder"), tone: "quiet", fields });
}
