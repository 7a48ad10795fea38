import { html, type VNode } from "@views/html.ts";
import type { Ui } from "@views/ui.ts";

export type Problem = "notFound" | "forbidden" | "notAllowed" | "broken" | "unavailable" | "stillErasing";

/** A page that says what went wrong and where to go on; never how the program looks inside. */
export function problemPage(ui: Ui, problem: Problem): VNode {
  return html`
    <div class="problem-page">
      <h1>${ui.t(`problem.${problem}.title`)}</h1>
      <p>${ui.t(`problem.${problem}.text`)}</p>
      <p><a class="button" href="/admin/inbox">${ui.t("problem.back")}</a></p>
    </div>
  `;
}
