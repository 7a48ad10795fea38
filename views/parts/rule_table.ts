import { type Child, html, type VNode } from "@views/html.ts";
import { translateSentence } from "@views/i18n.ts";
import { chip } from "@views/parts/chip.ts";
import { csrfField } from "@views/parts/form.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import {
  errorsCell,
  hitsCell,
  lastErrorLine,
  lastHitCell,
  lastHitLine,
  type RuleFigures,
  slowText,
} from "@views/parts/rule_figures.ts";
import { placeOf } from "@views/parts/rule_place.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface ListedRule {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  readonly line?: number;
  readonly kind: "code" | "yaml";
  /** Where its file puts it, from 1. */
  readonly filePosition: number;
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

export interface RuleTableData {
  /** In the order in which they are asked. */
  readonly rules: readonly ListedRule[];
  readonly figures: RuleFigures;
  /** Absent while there is no account. */
  readonly switches?: RuleSwitches;
}

interface Placed {
  readonly rule: ListedRule;
  /** From 1. */
  readonly position: number;
}

/** Every rule in order: where it stands, whether it is asked, and what it did. */
export function ruleTable(ui: Ui, data: RuleTableData): VNode {
  const { t } = ui;
  const columns = ["position", "name", "state", "hits", "lastHit", "errors", "slow"] as const;
  return html`
    <div class="card flush">
      <table class="cards chain">
        <caption class="hidden">${t("rules.caption", { count: data.rules.length })}</caption>
        <thead>
          <tr>${columns.map((column) => html`<th scope="col">${t(`rules.${column}`)}</th>`)}</tr>
        </thead>
        <tbody>${data.rules.map((rule, index) => row(ui, data, { rule, position: index + 1 }))}</tbody>
      </table>
    </div>
  `;
}

function row(ui: Ui, data: RuleTableData, placed: Placed): VNode {
  const { t } = ui;
  const { rule } = placed;
  const record = data.figures.records.get(rule.name);
  return html`
    <tr id=${idOf(rule, "rule")}>
      <td class="number">${positionCell(ui, data, placed)}</td>
      <th scope="row">${nameCell(ui, data, rule)}</th>
      <td class="state">${stateCell(ui, data.switches, rule)}</td>
      <td data-label=${t("rules.hits")}>${hitsCell(ui, record, data.figures.from !== undefined)}</td>
      <td class="nowrap" data-label=${t("rules.lastHit")}>${lastHitCell(ui, record)}</td>
      <td data-label=${t("rules.errors")}>${errorsCell(record)}</td>
      <td class="nowrap" data-label=${t("rules.slow")}>${slowText(ui, record)}</td>
    </tr>
  `;
}

/** The same element for as long as the rule is there, wherever it stands: what has the focus keeps it. */
function idOf({ file, name }: ListedRule, part: string): string {
  return `${part}-${encodeURIComponent(`${file}:${name}`)}`;
}

/** Opens to where the rule is written and what it did last; is open from the start where it threw. */
function nameCell(ui: Ui, { figures }: RuleTableData, rule: ListedRule): Child {
  const record = figures.records.get(rule.name);
  return html`
    <details id=${idOf(rule, "about")} open=${record?.lastError !== undefined}>
      <summary id=${idOf(rule, "open")} data-step>${rule.name} <span class="muted small">${ui.t(
        `rules.kind.${rule.kind}`,
      )}</span> <span class="small plain" dir="auto">${translateSentence(ui.locale, rule.description)}</span></summary>
      <p><code>${placeOf(rule)}</code></p>
      <p>${lastHitLine(ui, record)}</p>
      ${lastErrorLine(ui, record)}
    </details>
  `;
}

/** The place in the order, beside that among the files where they differ; one place up and down without any dragging. */
function positionCell(ui: Ui, { rules, switches }: RuleTableData, { rule, position }: Placed): Child {
  const button = (to: "up" | "down", sign: IconName): VNode =>
    html`<button id=${idOf(rule, to)} class="button quiet" name="to" value=${to} aria-label=${
      ui.t(`rules.move.${to}`, { rule: rule.name })
    }>${icon(sign)}</button>`;
  const buttons = html`<span class="moves">${position === 1 ? undefined : button("up", "chevronUp")}${
    position === rules.length ? undefined : button("down", "chevronDown")
  }</span>`;
  return html`
    <span class="place">${position} ${ruleForm(ui, switches, {
      action: "/admin/rules/move",
      rule: rule.name,
      buttons,
    })}</span>
    ${rule.filePosition === position ? undefined : html`
      <span class="muted small nowrap">${ui.t("rules.filePosition", { position: rule.filePosition })}</span>
    `}
  `;
}

function stateCell(ui: Ui, switches: RuleSwitches | undefined, rule: ListedRule): Child {
  const isOff = switches?.off.has(rule.name) ?? false;
  const label = ui.t("rules.inUse");
  const buttons = html`
    <button id=${idOf(rule, "switch")} class="switch" name="to" value=${isOff ? "on" : "off"}
      aria-pressed=${String(!isOff)} aria-label=${`${label}: ${rule.name}`}>${label}</button>
  `;
  const form = ruleForm(ui, switches, { action: "/admin/rules/switch", rule: rule.name, buttons });
  if (isOff) return [form, html`<div>${offWords(ui, switches?.off.get(rule.name))}</div>`];
  return form ?? ui.t("rules.on");
}

function offWords(ui: Ui, by: SwitchedBy | undefined): Child {
  const off = chip("warn", "ban", ui.t("rules.off"));
  if (by === undefined) return off;
  const { operator, at } = by;
  return html`${off} <span class="small muted">${ui.t("rules.offBy", { operator })} ${
    time(ui, at, briefTime(ui, at))
  }</span>`;
}

/** Only admins decide what the bot says. */
function ruleForm(
  ui: Ui,
  switches: RuleSwitches | undefined,
  { action, rule, buttons }: { readonly action: string; readonly rule: string; readonly buttons: Child },
): VNode | undefined {
  if (switches === undefined || ui.role !== "admin") return undefined;
  const { id, ver } = switches.account;
  return html`
    <form method="post" action=${action} class="inline">
      ${csrfField(ui)}
      <input type="hidden" name="account" value=${id} />
      <input type="hidden" name="ver" value=${ver} />
      <input type="hidden" name="rule" value=${rule} />
      ${buttons}
    </form>
  `;
}
