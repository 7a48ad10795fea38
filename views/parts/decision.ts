import type { AgentTrace, RuleTrace, Turn } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { translateReason } from "@views/i18n.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import { pressedBy } from "@views/parts/keys.ts";
import { visible } from "@views/parts/linked_text.ts";
import { clockSeconds, duration } from "@views/parts/time.ts";
import type { Decision } from "@views/parts/timeline.ts";
import { beginningLines, endingLines, type TurnCourse } from "@views/parts/turn_course.ts";
import type { Ui } from "@views/ui.ts";

const icons: Readonly<Record<Turn["outcome"]["kind"], IconName>> = {
  replied: "check",
  drafted: "hourglass",
  silent: "ban",
  handedOff: "hand",
  pulledBack: "hourglass",
};

/** Under every message of the contact's: what was decided on it, in words, and how. */
export function decisionLine(ui: Ui, decision: Decision, messageId: string): VNode {
  switch (decision.kind) {
    case "decided":
      return trace(ui, decision, messageId);
    case "together":
      return html`<p class="decision">${icon("clock")} ${ui.t("decision.together")}</p>`;
    case "thinking":
      return html`<p class="decision live">${icon("bot")} ${ui.t("decision.thinking")}</p>`;
    case "waiting":
      return html`<p class="decision live">${icon("hourglass")} ${
        ui.t("decision.waiting", { until: clockSeconds(ui, decision.until) })
      }${decision.reason === undefined ? "" : `: ${translateReason(ui.locale, decision.reason)}`}</p>`;
    case "notAsked":
      return html`<p class="decision">${icon("ban")} ${ui.t(`decision.notAsked.${decision.why}`)}</p>`;
  }
}

/** "Why": the outcome, and inside it everything that led there. */
function trace(ui: Ui, { turn, course }: Extract<Decision, { kind: "decided" }>, key: string): VNode {
  const { outcome } = turn;
  return html`
    <details class=${`decision ${outcome.kind}`} id=${`why-${key}`}>
      <summary ...${pressedBy(ui, "why")}>${icon(icons[outcome.kind])} <strong>${ui.t(
        `outcome.${outcome.kind}`,
      )}</strong>
        <span dir="auto"> ${translateReason(ui.locale, outcome.reason)}</span>${reviewWords(ui, turn)}</summary>
      <div class="trace">
        ${traceBody(ui, turn, course)}
        <p><a href=${`/admin/turns/${encodeURIComponent(turn.id)}`}>${ui.t("trace.open")}</a></p>
      </div>
    </details>
  `;
}

/** What a person made of the draft. */
function reviewWords(ui: Ui, { review }: Turn): Child {
  if (review === undefined) return undefined;
  return html`<span> · ${ui.t(`draft.review.${review.verdict}`, { by: review.by })}</span>`;
}

/** What the model was shown, as it saw it: long, so it has a page of its own. */
export function promptList(agent: AgentTrace): VNode {
  return html`<ol class="prompt">${
    agent.prompt.map((line) =>
      html`<li><code>${line.role}</code><div class="pre" dir="auto">${visible(line.text)}</div></li>`
    )
  }</ol>`;
}

/** From the messages to the sent answer, in the order in which it happened. */
export function traceBody(ui: Ui, turn: Turn, course: TurnCourse): VNode {
  const { t } = ui;
  return html`
    <dl>
      ${beginningLines(ui, turn, course)}
      <dt>${t("trace.timing")}</dt>
      <dd>${t("trace.times", {
        from: clockSeconds(ui, turn.startedAt),
        took: duration(ui, turn.decidedAt.getTime() - turn.startedAt.getTime()),
        attempts: turn.attempts,
      })}${turn.supersedes === 0 ? "" : ` · ${t("trace.supersedes", { count: turn.supersedes })}`}${turn.forced
        ? ` · ${t("trace.forced")}`
        : ""}</dd>
      ${turn.checks.length === 0 ? undefined : html`
        <dt>${t("trace.checks")}</dt>
        <dd>
          <ul>${turn.checks.map((check) =>
            html`<li class=${check.passed ? "pass" : "stop"}><span class="verdict">${
              t(check.passed ? "trace.passed" : "trace.stopped")
            }</span> ${translateReason(ui.locale, check.name)}: ${translateReason(ui.locale, check.detail)}</li>`
          )}</ul>
        </dd>
      `}
      ${turn.rules.length === 0 ? undefined : html`
        <dt>${t("trace.rules")}${" "}${turn.ruleSet === undefined ? "" : html`
          <code>${turn.ruleSet.slice(0, 12)}</code>
        `}</dt>
        <dd>
          ${ruleList(ui, turn.rules)}
        </dd>
      `}
      ${turn.agent === undefined
        ? html`
          <dt>${t("trace.agent")}</dt>
          <dd>${t("trace.notAsked")}</dd>
        `
        : agentTrace(ui, turn.agent)}
      <dt>${t("trace.decidedBy")}</dt><dd>${deciderWords(ui, turn.outcome.by)}</dd>
      ${turn.topic === undefined ? undefined : html`
        <dt>${t("trace.topic")}</dt>
        <dd>${turn.topic}</dd>
      `}
      ${endingLines(ui, turn, course)}
    </dl>
  `;
}

/** What each rule said, in the order in which they were asked. */
export function ruleList(ui: Ui, rules: readonly RuleTrace[]): VNode {
  return html`
    <ol>${rules.map((rule) =>
      html`
        <li
          class=${["pass", "off"].includes(rule.verdict) ? "pass" : "stop"}><span class="verdict">${ui.t(
            `verdict.${rule.verdict}`,
          )}</span> ${rule.rule}${rule.reason === ""
            ? ""
            : `: ${translateReason(ui.locale, visible(rule.reason))}`} <span class="muted">${ui.t("trace.ms", {
              ms: rule.ms,
            })}</span></li>
      `
    )}</ol>
  `;
}

/** Who decided, of a turn's outcome: `rule:<name>`, `agent` or `core`. */
export function deciderWords(ui: Ui, by: string): string {
  if (by.startsWith("rule:")) return ui.t("trace.byRule", { rule: by.slice("rule:".length) });
  return ui.t(by === "agent" ? "trace.byAgent" : "trace.byCore");
}

function agentTrace(ui: Ui, agent: AgentTrace): Child {
  const { t } = ui;
  return [
    html`<dt>${t("trace.agent")}</dt>`,
    html`<dd>${
      t("trace.model", {
        model: agent.model,
        calls: agent.calls,
        input: agent.inputTokens,
        output: agent.outputTokens,
        ms: agent.ms,
      })
    }${agent.cost === undefined ? "" : ` · ${t("trace.cost", { cost: agent.cost })}`}${
      agent.error === undefined ? "" : ` · ${agent.error}`
    }</dd>`,
    agent.tools.length === 0 ? undefined : html`<dt>${t("trace.tools")}</dt>`,
    agent.tools.length === 0 ? undefined : html`
      <dd>
        <ol>${agent.tools.map((tool) =>
          html`<li><code>${tool.name}</code> <span dir="auto">${visible(tool.args)}</span> → <span dir="auto">${
            visible(tool.result)
          }</span></li>`
        )}</ol>
      </dd>
    `,
  ];
}
