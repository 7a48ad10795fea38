import { type Child, html, type VNode } from "@views/html.ts";
import { translateSentence } from "@views/i18n.ts";
import { chip } from "@views/parts/chip.ts";
import { actionButton, notice } from "@views/parts/form.ts";
import { errorsCell, hitsCell, lastHitCell, type RuleFigures, slowText } from "@views/parts/rule_figures.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { briefTime, longDate, time } from "@views/parts/time.ts";
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
    readonly kind: "code" | "yaml";
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

export interface SwitchedBy {
  readonly operator: string;
  readonly at: Date;
}

/** What may be switched, and for whom. */
export interface RuleSwitches {
  readonly account: { readonly id: string; readonly username?: string; readonly ver: number };
  readonly accounts: readonly { readonly id: string; readonly username?: string }[];
  /** The rules that are off, by name; who switched them, where the audit log still tells near its end. */
  readonly off: ReadonlyMap<string, SwitchedBy | undefined>;
}

export interface RulesPageData {
  readonly chain: RulesData;
  readonly figures: RuleFigures;
  /** Absent while there is no account. */
  readonly switches?: RuleSwitches;
  /** Somebody else was faster; nothing was changed. */
  readonly isConflict?: boolean;
}

export function rulesPage(ui: Ui, data: RulesPageData): VNode {
  const { t } = ui;
  const account = data.switches?.account.id;
  const path = account === undefined ? "/admin/rules" : `/admin/rules?${new URLSearchParams({ account })}`;
  return html`
    <div class="page-body">
      <h1>${t("nav.rules")}</h1>
      ${rulesTabs(ui, "chain")}
      ${data.isConflict ? notice("bad", t("rules.conflict")) : undefined}
      ${accountLinks(ui, data.switches)}
      <div id="chain" hx-get=${path} hx-trigger="every 2s" hx-swap="innerMorph">${rulesRegion(ui, data)}</div>
      <p class="hint">${t("rules.hint")}</p>
      <p class="hint">${t("rules.offHint")}</p>
    </div>
  `;
}

function accountLinks({ t }: Ui, switches: RuleSwitches | undefined): Child {
  if (switches === undefined || switches.accounts.length < 2) return undefined;
  return html`
    <nav class="tabs" aria-label=${t("rules.accounts")}>${switches.accounts.map(({ id, username }) =>
      html`<a href=${`/admin/rules?${new URLSearchParams({ account: id })}`} aria-current=${
        id === switches.account.id ? "page" : undefined
      }>${username === undefined ? id : `@${username}`}</a>`
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
      ${chain.problems.length === 0 ? undefined : problems(ui, chain)}
      ${chain.warnings.length === 0 ? undefined : warnings(ui, chain)}
      ${chain.rules.length === 0 ? html`<p class="card">${t("rules.empty")}</p>` : table(ui, data)}
      ${figures.from === undefined
        ? undefined
        : html`<p class="hint">${t("rules.figuresFrom", { from: longDate(ui, figures.from) })}</p>`}
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

function table(ui: Ui, data: RulesPageData): VNode {
  const { t } = ui;
  const { rules } = data.chain;
  const columns = ["position", "name", "state", "hits", "lastHit", "errors", "slow"] as const;
  return html`
    <div class="card flush">
      <table class="cards">
        <caption class="hidden">${t("rules.caption", { count: rules.length })}</caption>
        <thead>
          <tr>${columns.map((column) => html`<th scope="col" class="nowrap">${t(`rules.${column}`)}</th>`)}</tr>
        </thead>
        <tbody>${rules.map((rule, index) => row(ui, data, { rule, index }))}</tbody>
      </table>
    </div>
  `;
}

interface Placed {
  readonly rule: RulesData["rules"][number];
  readonly index: number;
}

function row(ui: Ui, { figures, switches }: RulesPageData, { rule, index }: Placed): VNode {
  const { t } = ui;
  const record = figures.records.get(rule.name);
  const isOff = switches?.off.has(rule.name) ?? false;
  return html`
    <tr>
      <td class="number">${index + 1}</td>
      <th scope="row">${rule.name} <span class="muted small">${t(`rules.kind.${rule.kind}`)}</span>
        <p class="small plain" dir="auto">${translateSentence(ui.locale, rule.description)}</p>
        <p class="small plain muted"><code>${placeOf(rule)}</code></p></th>
      <td class="state">${isOff ? offChip(ui, switches?.off.get(rule.name)) : t("rules.on")} ${switchButton(
        ui,
        switches,
        rule.name,
        isOff,
      )}</td>
      <td data-label=${t("rules.hits")}>${hitsCell(ui, record, figures.from !== undefined)}</td>
      <td class="nowrap" data-label=${t("rules.lastHit")}>${lastHitCell(ui, record)}</td>
      <td data-label=${t("rules.errors")}>${errorsCell(record)}</td>
      <td class="nowrap" data-label=${t("rules.slow")}>${slowText(ui, record)}</td>
    </tr>
  `;
}

function offChip(ui: Ui, by: SwitchedBy | undefined): Child {
  const chipOff = chip("warn", "ban", ui.t("rules.off"));
  if (by === undefined) return chipOff;
  const { operator, at } = by;
  return html`${chipOff} <span class="small muted">${ui.t("rules.offBy", { operator })} ${
    time(ui, at, briefTime(ui, at))
  }</span>`;
}

/** Only admins decide what the bot says. */
function switchButton(ui: Ui, switches: RuleSwitches | undefined, rule: string, isOff: boolean): Child {
  if (switches === undefined || ui.role !== "admin") return undefined;
  const { id, ver } = switches.account;
  return actionButton(ui, {
    action: "/admin/rules/switch",
    label: ui.t(isOff ? "rules.switchOn" : "rules.switchOff"),
    tone: "quiet",
    described: rule,
    fields: { account: id, ver: String(ver), rule, to: isOff ? "on" : "off" },
  });
}
