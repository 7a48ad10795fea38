import { accountName } from "@views/parts/account_name.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateSentence } from "@views/i18n.ts";
import { chip } from "@views/parts/chip.ts";
import { actionButton, csrfField, notice } from "@views/parts/form.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import { errorsCell, hitsCell, lastHitCell, type RuleFigures, slowText } from "@views/parts/rule_figures.ts";
import { rulesTabs } from "@views/parts/rules_tabs.ts";
import { briefTime, clockTime, longDate, time } from "@views/parts/time.ts";
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
    /** Where its file puts it, from 1. */
    readonly filePosition: number;
  }[];
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
      ${data.conflict === undefined ? undefined : conflictNotice(ui, data.conflict)}
      ${accountLinks(ui, data.switches)}
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
      ${chain.warnings.length === 0 ? undefined : warnings(ui, chain)}
      ${chain.rules.length === 0
        ? html`<p class="card">${t("rules.empty")} ${t("rules.empty.how")}</p>`
        : table(ui, data)}
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
    const { since, stillRunning, runningSince, reason } = problem;
    const from = runningSince &&
      [" ", ui.t("rules.runningSince"), " ", time(ui, runningSince, briefTime(ui, runningSince))];
    const what = stillRunning === undefined
      ? ui.t("rules.leftOut")
      : [ui.t("rules.stillRunning", { version: stillRunning }), from];
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

function row(ui: Ui, { chain, figures, switches }: RulesPageData, { rule, index }: Placed): VNode {
  const { t } = ui;
  const record = figures.records.get(rule.name);
  const isOff = switches?.off.has(rule.name) ?? false;
  return html`
    <tr>
      <td class="number">${index + 1} ${chain.isReordered && rule.filePosition !== index + 1
        ? html`
          <span class="muted small nowrap">${t("rules.filePosition", { position: rule.filePosition })}</span>
        `
        : undefined}${moveButtons(ui, { switches, chain }, { rule, index })}</td>
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

/** For who saves files where no watch hears it. */
function reloadButton(ui: Ui, switches: RuleSwitches | undefined): Child {
  if (ui.role !== "admin") return undefined;
  const fields: Record<string, string> = switches === undefined ? {} : { account: switches.account.id };
  return actionButton(ui, { action: "/admin/rules/reload", label: ui.t("rules.reload"), fields });
}

/** What came of reading the files again, at that time in ms; undefined when it is none. */
export function readAgain(ui: Ui, at = "", { rules, problems }: RulesData): VNode | undefined {
  if (!/^\d{1,15}$/.test(at)) return undefined;
  const when = clockTime(ui, new Date(Number(at)));
  const words = ui.t("rules.readAgain", { at: when, rules: rules.length, problems: problems.length });
  return notice(problems.length === 0 ? "ok" : "warn", words);
}

function filesOrderButton(ui: Ui, { switches }: RulesPageData): Child {
  if (switches === undefined || ui.role !== "admin") return undefined;
  const { id, ver } = switches.account;
  const fields = { account: id, ver: String(ver), to: "files" };
  return actionButton(ui, { action: "/admin/rules/move", label: ui.t("rules.filesOrder"), tone: "quiet", fields });
}

/** One place further up and down, in one form without any dragging. */
function moveButtons(
  ui: Ui,
  { switches, chain: { rules } }: Pick<RulesPageData, "switches" | "chain">,
  { rule: { name }, index }: Placed,
): Child {
  if (switches === undefined || ui.role !== "admin") return undefined;
  const { id, ver } = switches.account;
  const button = (to: "up" | "down", sign: IconName): VNode =>
    html`<button class="button quiet" name="to" value=${to} aria-label=${ui.t(`rules.move.${to}`, { rule: name })}>${
      icon(sign)
    }</button>`;
  return html`
    <form method="post" action="/admin/rules/move" class="moves">
      ${csrfField(ui)}
      <input type="hidden" name="account" value=${id} />
      <input type="hidden" name="ver" value=${ver} />
      <input type="hidden" name="rule" value=${name} />
      ${index === 0 ? undefined : button("up", "chevronUp")}
      ${index === rules.length - 1 ? undefined : button("down", "chevronDown")}
    </form>
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
