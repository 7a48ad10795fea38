import type { AuditEntry } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { visible } from "@views/parts/linked_text.ts";
import { clockTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** Who changed what, as a line of the timeline. */
export function changeLine(ui: Ui, { id, at, actor, changes }: AuditEntry): VNode {
  const words = changeWords(ui, { actor, changes });
  return html`
    <li class="system" key=${id}>
      <p><bdi>${words}</bdi> · ${time(ui, at, clockTime(ui, at))}</p>
    </li>
  `;
}

/** "ana marked it as done", all that one entry tells in one sentence each. */
export function changeWords({ t }: Ui, { actor, changes }: Pick<AuditEntry, "actor" | "changes">): string {
  const { state, handler, assignee, tags } = changes;
  const who = visible(actor);
  return [
    differs(state) && t(state?.after === "closed" ? "change.done" : "change.reopened", { who }),
    differs(handler) && t(handler?.after === "bot" ? "change.toBot" : "change.toPerson", { who }),
    differs(assignee) &&
    (typeof assignee?.after === "string"
      ? t("change.assigned", { who, name: visible(assignee.after) })
      : t("change.unassigned", { who })),
    differs(tags) && t("change.tags", { who, tags: listOf(tags?.after) }),
  ].filter((words) => words !== false).join(" · ");
}

function differs(change: AuditEntry["changes"][string] | undefined): boolean {
  return JSON.stringify(change?.before ?? null) !== JSON.stringify(change?.after ?? null);
}

function listOf(tags: unknown): string {
  return Array.isArray(tags) && tags.length > 0 ? tags.map((tag) => visible(String(tag))).join(", ") : "–";
}
