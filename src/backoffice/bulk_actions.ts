import type { OperatorActions } from "@/backoffice/operator_actions.ts";

/** What can be done to many items at once: a person has looked at them together. */
export type BulkAction = "retry" | "discard";

/** Items that one bulk order may name. */
export const maxBulkItems = 200;

export interface BulkOrder {
  readonly ids: readonly string[];
  readonly action: BulkAction;
  readonly operator: string;
  /** The same command acts once on each item. */
  readonly commandId: string;
}

export interface BulkOutcome {
  readonly done: readonly string[];
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** Acts on each item by itself: what is refused holds up nothing. */
export async function actOnMany(
  actions: Pick<OperatorActions, "actOnItem">,
  { ids, action, operator, commandId }: BulkOrder,
): Promise<BulkOutcome> {
  const done: string[] = [];
  const refused: { id: string; reason: string }[] = [];
  for (const id of new Set(ids)) {
    const outcome = await actions.actOnItem(id, action, operator, commandId);
    if (outcome.kind === "done") done.push(id);
    else refused.push({ id, reason: outcome.kind === "refused" ? outcome.reason : "there is no such outbound item" });
  }
  return { done, refused };
}
