/** What can be done to many conversations of the inbox at once. */
import { maxBulkItems } from "@/backoffice/bulk_actions.ts";
import type { ChangeOutcome, OperatorActions } from "@/backoffice/operator_actions.ts";

const maxTagLength = 50;

type BulkChange = { readonly kind: "done" | "bot" } | { readonly kind: "tag"; readonly tag: string };

export interface BulkChangeOrder {
  readonly ids: readonly string[];
  readonly change: BulkChange;
  readonly operator: string;
}

/** What a form asks for; undefined when it is nothing that can be done. */
export function readOrder(form: FormData, operator: string): BulkChangeOrder | undefined {
  const ids = [...new Set(form.getAll("id").map(String))].slice(0, maxBulkItems);
  const tag = String(form.get("tag") ?? "").replaceAll(",", " ").trim().slice(0, maxTagLength);
  switch (form.get("action")) {
    case "done":
      return { ids, operator, change: { kind: "done" } };
    case "bot":
      return { ids, operator, change: { kind: "bot" } };
    case "tag":
      return tag === "" ? undefined : { ids, operator, change: { kind: "tag", tag } };
    default:
      return undefined;
  }
}

type Actions = Pick<OperatorActions, "changeConversation" | "addTag">;

/** Changes each by itself: one that is gone holds up nothing. The same order again changes nothing more. */
export async function changeMany(
  actions: Actions,
  { ids, change, operator }: BulkChangeOrder,
): Promise<{ readonly done: number; readonly refused: number }> {
  let done = 0;
  for (const id of ids) if ((await changeOne(actions, id, { change, operator })).kind === "changed") done += 1;
  return { done, refused: ids.length - done };
}

async function changeOne(
  actions: Actions,
  id: string,
  { change, operator }: Pick<BulkChangeOrder, "change" | "operator">,
): Promise<ChangeOutcome> {
  switch (change.kind) {
    case "done":
      return await actions.changeConversation(id, { state: "closed" }, operator);
    case "bot":
      return await actions.changeConversation(id, { handler: "bot" }, operator);
    case "tag":
      return await actions.addTag(id, change.tag, operator);
  }
}
