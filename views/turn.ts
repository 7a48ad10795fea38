import type { RuleTrace, Turn } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { promptList, ruleList, traceBody } from "@views/parts/decision.ts";
import { linkedText } from "@views/parts/linked_text.ts";
import type { TurnCourse } from "@views/parts/turn_course.ts";
import { spokenTexts, verdictChip } from "@views/parts/verdict.ts";
import { translateReason } from "@views/i18n.ts";
import type { Ui } from "@views/ui.ts";

export interface TurnData {
  readonly turn: Turn;
  readonly course: TurnCourse;
  /** What today's rules make of it: absent when nobody asked, `gone` when it cannot be tried. */
  readonly again?: TriedAgain | "gone";
}

export interface TriedAgain {
  readonly differs: boolean;
  readonly verdict: RuleTrace["verdict"];
  /** Absent when every rule passed. */
  readonly rule?: string;
  readonly texts: readonly string[];
  /** Every rule that was asked now, in order. */
  readonly rules: readonly RuleTrace[];
}

/** One decision on a page of its own, with all that the model was shown. */
export function turnPage(ui: Ui, { turn, course, again }: TurnData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <p><a href=${`/admin/inbox/${encodeURIComponent(turn.conversationId)}#latest`}>${t("turn.back")}</a></p>
      <h1>${t("turn.title", { number: turn.number })}</h1>
      ${askedTexts(course)}
      <p><strong>${t(`outcome.${turn.outcome.kind}`)}</strong> <span dir="auto">${translateReason(
        ui.locale,
        turn.outcome.reason,
      )}</span></p>
      ${spokenTexts(turn.outcome.texts)}
      <div class="card trace">${traceBody(ui, turn, course)}</div>
      ${again === undefined
        ? html`<p><a class="button" href=${`/admin/turns/${encodeURIComponent(turn.id)}?again=1#again`}>${
          t(
            "trace.again",
          )
        }</a></p>`
        : triedAgain(ui, again)}
      ${turn.agent === undefined || turn.agent.prompt.length === 0 ? undefined : html`
        <section class="card"><h2>${t("turn.prompt")}</h2>${promptList(turn.agent)}</section>
      `}
    </div>
  `;
}

/** What the contact wrote, as far as it is still kept. */
function askedTexts({ messages }: TurnCourse): Child {
  const texts = messages.toSorted((a, b) => a.at.getTime() - b.at.getTime()).flatMap(({ text }) => text ?? []);
  if (texts.length === 0) return undefined;
  return html`<blockquote>${texts.map((text) => html`<p dir="auto">${linkedText(text)}</p>`)}</blockquote>`;
}

function triedAgain(ui: Ui, again: TriedAgain | "gone"): Child {
  const { t } = ui;
  return html`
    <section id="again" class="card trace" aria-labelledby="again-title">
      <h2 id="again-title">${t("trace.again.title")}</h2>
      ${again === "gone" ? html`<p>${t("trace.again.gone")}</p>` : [
        html`<p><strong>${t(again.differs ? "trace.again.differs" : "trace.again.same")}</strong></p>`,
        html`<p>${verdictChip(ui, again.verdict)} ${
          again.rule === undefined ? t("trace.again.pass") : t("trace.byRule", { rule: again.rule })
        }</p>`,
        spokenTexts(again.texts),
        ruleList(ui, again.rules),
      ]}
    </section>
  `;
}
