/** What people of the team do with a draft of the agent's. The same command twice acts once. */
import type { Clock } from "@/clock.ts";
import type { Change } from "@/conversation/aggregate.ts";
import * as core from "@/conversation/draft.ts";
import type { ActOptions } from "@/conversation/operator.ts";
import { commitLoop } from "@/backoffice/commit_loop.ts";
import { actOptions, findProblem, hashBody, type SendProblem, tidy } from "@/backoffice/send_request.ts";
import { splitText } from "@/outbound/split_text.ts";
import type { Command, ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface DraftRequest {
  /** The draft that the person saw: another one is not touched. */
  readonly draftId: string;
  /** Other words than the draft's; absent: as it was drafted. */
  readonly text?: string;
  /** Made by the asker, once per action. */
  readonly commandId: string;
  /** Only knowingly, after the 24 h window. */
  readonly tag?: "HUMAN_AGENT";
}

export type DraftResult =
  /** `repeated`: the same command did this before; without an `outboundId` it discarded. */
  | { readonly kind: "queued" | "repeated"; readonly outboundId?: string }
  | { readonly kind: "discarded" }
  /** The contact wrote on, or somebody has used it. */
  | { readonly kind: "overtaken" | "commandMismatch" | "windowClosed" | "notFound" }
  | { readonly kind: "invalid"; readonly problem: SendProblem; readonly reason: string };

export interface DraftActionDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, "wait">;
  /** Called when something was queued. */
  readonly wake: () => void;
}

interface Asked<Request> {
  readonly id: ConversationId;
  readonly request: Request;
  readonly operator: string;
}

export async function sendDraft(
  deps: DraftActionDeps,
  { id, request, operator }: Asked<DraftRequest>,
): Promise<DraftResult> {
  const { draftId, commandId, tag } = request;
  const text = request.text === undefined ? undefined : tidy(request.text);
  const texts = text === undefined ? undefined : splitText(text);
  const problem = findProblem(text ?? "as drafted", texts ?? [], commandId);
  if (problem !== undefined) return { kind: "invalid", ...problem };
  const body = [id, "send", draftId, text ?? "", tag ?? ""];
  const result = await act(
    deps,
    { id, operator, draftId, commandId, body },
    (change, use, options) => core.sendDraft(change, { ...use, texts, tag }, options),
  );
  if (result.kind === "queued") deps.wake();
  return result;
}

export async function discardDraft(
  deps: DraftActionDeps,
  { id, request: { draftId, commandId }, operator }: Asked<Pick<DraftRequest, "draftId" | "commandId">>,
): Promise<DraftResult> {
  const problem = findProblem("nothing", [], commandId);
  if (problem !== undefined) return { kind: "invalid", ...problem };
  return await act(deps, { id, operator, draftId, commandId, body: [id, "discard", draftId] }, core.discardDraft);
}

interface Act {
  readonly id: ConversationId;
  readonly operator: string;
  readonly draftId: string;
  readonly commandId: string;
  /** All that the command asks for. */
  readonly body: readonly string[];
}

async function act(
  deps: DraftActionDeps,
  { id, operator, draftId, commandId, body }: Act,
  step: (change: Change, use: core.DraftUse, options: ActOptions) => core.DraftOutcome,
): Promise<DraftResult> {
  const bodyHash = await hashBody(body);
  const result = await commitLoop<DraftResult>(deps, id, async (change, aggregate) => {
    const known = await deps.store.commands.get(commandId);
    if (known !== undefined) return { answer: repeat(known, bodyHash) };
    const { draft } = aggregate.conversation;
    const turn = draft && await deps.store.turns.get(draft.turnId);
    const use = { draftId, turn, commandId, bodyHash };
    const outcome = step(change, use, await actOptions(deps, aggregate, operator));
    switch (outcome.kind) {
      case "queued":
        return { change: outcome.change, answer: { kind: "queued", outboundId: outcome.outboundIds[0] } };
      case "discarded":
        return { change: outcome.change, answer: { kind: "discarded" } };
      default:
        return { answer: { kind: outcome.kind } };
    }
  });
  return result ?? { kind: "notFound" };
}

function repeat({ bodyHash: known, result }: Command, bodyHash: string): DraftResult {
  if (known !== bodyHash) return { kind: "commandMismatch" };
  const { outboundId } = result;
  return { kind: "repeated", ...(typeof outboundId === "string" ? { outboundId } : {}) };
}
