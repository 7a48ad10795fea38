/** What people of the team may do, whether by the back office or by the API: one meaning, one audit log. */
import { type Clock } from "@/clock.ts";
import type { Aggregate } from "@/conversation/aggregate.ts";
import {
  actOnItem,
  changeContact,
  changeConversation,
  type ContactPatch,
  type ConversationPatch,
  type ItemAction,
  markRead,
  sendManually,
  undoFact,
} from "@/conversation/operator.ts";
import { checkFields, type Misfit } from "@/conversation/contact_fields.ts";
import { undoChange } from "@/conversation/undo.ts";
import {
  type AccountActionDeps,
  changeSettings,
  connectAccount,
  type ConnectOutcome,
  resumeAccount,
  type ResumeOutcome,
  saveToken,
  type SettingsOutcome,
  type TokenOutcome,
} from "@/backoffice/account_actions.ts";
import { type Answer, readAnswers } from "@/backoffice/answers.ts";
import { commitLoop } from "@/backoffice/commit_loop.ts";
import type { SettingsPatch } from "@/backoffice/settings_change.ts";
import {
  actOptions,
  findProblem,
  hashBody,
  type SendProblem,
  type SendRequest,
  tidy,
} from "@/backoffice/send_request.ts";
import { discardDraft, type DraftRequest, type DraftResult, sendDraft } from "@/backoffice/draft_actions.ts";
import { findEntry } from "@/backoffice/change_entries.ts";
import { addNote, type NoteOutcome, type NoteRequest } from "@/backoffice/note_actions.ts";
import { splitText } from "@/outbound/split_text.ts";
import { type EnvelopeOutcome, retryEnvelope } from "@/backoffice/envelope_actions.ts";
import type { Command, ConversationId, OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface OperatorActionDeps extends AccountActionDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, "wait">;
}

export type SendOutcome =
  /** `repeated`: the same command did this before. */
  | { readonly kind: "queued" | "repeated"; readonly outboundId: string }
  /** The contact got another answer that the asker had not seen. Nothing was sent. */
  | { readonly kind: "newer"; readonly answer: Answer }
  /** The command id was used for something else. */
  | { readonly kind: "commandMismatch" }
  | { readonly kind: "windowClosed" }
  | { readonly kind: "notFound" }
  | { readonly kind: "invalid"; readonly problem: SendProblem; readonly reason: string };

export type ChangeOutcome =
  /** `entryId`: of the line in the audit log, by which the change can be taken back. */
  | { readonly kind: "changed"; readonly aggregate: Aggregate; readonly entryId?: string }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "notFound" };

export type ContactOutcome =
  | ChangeOutcome
  /** Values that fit no field of the account's; nothing was changed. */
  | { readonly kind: "misfit"; readonly misfits: readonly Misfit[] };

export type UndoResult =
  | { readonly kind: "undone"; readonly aggregate: Aggregate }
  | { readonly kind: "gone" | "notFound" };

export type ItemActionOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "notFound" };

export interface OperatorActions {
  /** Queues a message and hands the conversation to the operator. The same command twice acts once. */
  sendMessage(id: ConversationId, request: SendRequest, operator: string): Promise<SendOutcome>;
  /** Sends a draft that waits, as it is or with the operator's words; the conversation stays the bot's. */
  sendDraft(id: ConversationId, request: DraftRequest, operator: string): Promise<DraftResult>;
  discardDraft(id: ConversationId, request: Pick<DraftRequest, "draftId" | "commandId">, operator: string): Promise<
    DraftResult
  >;
  /** Keeps a note for the team. The same command twice acts once. */
  addNote(id: ConversationId, request: NoteRequest, operator: string): Promise<NoteOutcome>;
  changeConversation(id: ConversationId, patch: ConversationPatch, operator: string): Promise<ChangeOutcome>;
  /** Fields are stored as the account's own fields have them. */
  changeContact(id: ConversationId, patch: ContactPatch, operator: string): Promise<ContactOutcome>;
  /** Gives the contact the tag, beside those that it has. */
  addTag(id: ConversationId, tag: string, operator: string): Promise<ChangeOutcome>;
  /** Takes back what a contact's field was set to, if it still holds `value`. */
  undoFact(id: ConversationId, fact: { field: string; value: string }, operator: string): Promise<UndoResult>;
  /** Takes back a change of the conversation or of its tags, if all is still as that change left it. */
  undoChange(id: ConversationId, entryId: string, operator: string): Promise<UndoResult>;
  /** An operator looks: nothing is unread any more. Answers how many messages were; undefined: no such conversation. */
  markRead(id: ConversationId): Promise<number | undefined>;
  /** With a command id, the same command acts once on the item, however often it comes. */
  actOnItem(itemId: string, action: ItemAction, operator: string, commandId?: string): Promise<ItemActionOutcome>;
  /** Has a webhook that was given up taken apart again. */
  retryEnvelope(id: string, operator: string): Promise<EnvelopeOutcome>;
  /** With `expectedVer`, only if nobody saved since that version of the account was read. */
  changeSettings(
    accountId: string,
    patch: SettingsPatch,
    operator: string,
    expectedVer?: number,
  ): Promise<SettingsOutcome>;
  saveToken(accountId: string, token: string, operator: string): Promise<TokenOutcome>;
  connectAccount(token: string, operator: string): Promise<ConnectOutcome>;
  resumeAccount(accountId: string, operator: string): Promise<ResumeOutcome>;
}

export function makeOperatorActions(deps: OperatorActionDeps): OperatorActions {
  return {
    sendMessage: (id, request, operator) => sendMessage(deps, { id, request, operator }),
    sendDraft: (id, request, operator) => sendDraft(deps, { id, request, operator }),
    discardDraft: (id, request, operator) => discardDraft(deps, { id, request, operator }),
    addNote: (id, request, operator) => addNote(deps, { id, request, operator }),
    changeConversation: (id, patch, operator) => changeOne(deps, { id, operator, patch }),
    changeContact: (id, patch, operator) => changeTheContact(deps, { id, operator, patch }),
    addTag: (id, tag, operator) => addOneTag(deps, { id, tag, operator }),
    undoFact: (id, fact, operator) => undoOneFact(deps, { id, fact, operator }),
    undoChange: (id, entryId, operator) => undoOneChange(deps, { id, entryId, operator }),
    markRead: (id) => markOneRead(deps, id),
    actOnItem: (itemId, action, operator, commandId) => actOnOne(deps, { itemId, action, operator, commandId }),
    retryEnvelope: (id, operator) => retryEnvelope(deps, id, operator),
    changeSettings: (accountId, patch, operator, expectedVer) =>
      changeSettings(deps, { accountId, patch, operator, expectedVer }),
    connectAccount: (token, operator) => connectAccount(deps, { token, operator }),
    resumeAccount: (accountId, operator) => resumeAccount(deps, { accountId, operator }),
    saveToken: (accountId, token, operator) => saveToken(deps, { accountId, token, operator }),
  };
}

async function sendMessage(
  deps: OperatorActionDeps,
  { id, request, operator }: { id: ConversationId; request: SendRequest; operator: string },
): Promise<SendOutcome> {
  const text = tidy(request.text);
  const texts = splitText(text);
  const problem = findProblem(text, texts, request.commandId);
  if (problem !== undefined) return { kind: "invalid", ...problem };
  const { commandId, tag, keepsBot } = request;
  const bodyHash = await hashBody([id, text, tag ?? "", ...keepsBot ? ["keepsBot"] : []]);
  const outcome = await commitLoop<SendOutcome>(deps, id, async (change, aggregate) => {
    const known = await deps.store.commands.get(commandId);
    if (known !== undefined) return { answer: repeat(known, bodyHash) };
    const newer = await findNewer(deps.store, id, request.seenUpTo);
    if (newer !== undefined) return { answer: { kind: "newer", answer: newer } };
    const { draft } = aggregate.conversation;
    const draftTurn = draft && await deps.store.turns.get(draft.turnId);
    const message = { texts, commandId, bodyHash, tag, keepsBot, draftTurn };
    const sent = sendManually(change, message, await actOptions(deps, aggregate, operator));
    if (sent.kind === "windowClosed") return { answer: { kind: "windowClosed" } };
    return { change: sent.change, answer: { kind: "queued", outboundId: sent.outboundIds[0]! } };
  });
  if (outcome?.kind === "queued") deps.wake();
  return outcome ?? { kind: "notFound" };
}

/** The newest answer, when the asker has not seen it. Commits come one after another: none slips in behind the look. */
async function findNewer(store: Store, id: ConversationId, seenUpTo: Date | undefined): Promise<Answer | undefined> {
  if (seenUpTo === undefined) return undefined;
  const newest = (await readAnswers(store, id)).at(-1);
  return newest !== undefined && newest.at > seenUpTo ? newest : undefined;
}

function repeat(command: Command, bodyHash: string): SendOutcome {
  if (command.bodyHash !== bodyHash) return { kind: "commandMismatch" };
  return { kind: "repeated", outboundId: String(command.result["outboundId"]) };
}

async function changeOne(
  deps: OperatorActionDeps,
  { id, patch, operator }: { id: ConversationId; patch: ConversationPatch; operator: string },
): Promise<ChangeOutcome> {
  const { handlerUntil } = patch;
  if (handlerUntil !== undefined && !(handlerUntil > deps.store.now())) {
    return { kind: "invalid", reason: "handlerUntil wants an instant in the future" };
  }
  const outcome = await commitLoop<ChangeOutcome>(deps, id, async (change, aggregate) => {
    const next = changeConversation(change, patch, await actOptions(deps, aggregate, operator));
    return { change: next, answer: { kind: "changed", aggregate: next.next, entryId: next.audit.at(-1)?.id } };
  });
  return outcome ?? { kind: "notFound" };
}

async function changeTheContact(
  deps: OperatorActionDeps,
  { id, patch, operator }: { id: ConversationId; patch: ContactPatch; operator: string },
): Promise<ContactOutcome> {
  const outcome = await commitLoop<ContactOutcome>(deps, id, async (change, aggregate) => {
    const options = await actOptions(deps, aggregate, operator);
    const checked = checkFields(options.settings.contactFields, patch.fields ?? {});
    if (checked.kind === "misfit") return { answer: checked };
    const next = changeContact(change, { ...patch, fields: checked.fields }, options);
    return { change: next, answer: { kind: "changed", aggregate: next.next, entryId: next.audit.at(-1)?.id } };
  });
  return outcome ?? { kind: "notFound" };
}

async function addOneTag(
  deps: OperatorActionDeps,
  { id, tag, operator }: { id: ConversationId; tag: string; operator: string },
): Promise<ChangeOutcome> {
  const outcome = await commitLoop<ChangeOutcome>(deps, id, async (change, aggregate) => {
    const { tags } = aggregate.contact;
    if (tags.includes(tag)) return { answer: { kind: "changed", aggregate } };
    const next = changeContact(change, { tags: [...tags, tag] }, await actOptions(deps, aggregate, operator));
    return { change: next, answer: { kind: "changed", aggregate: next.next, entryId: next.audit.at(-1)?.id } };
  });
  return outcome ?? { kind: "notFound" };
}

async function undoOneFact(
  deps: OperatorActionDeps,
  { id, fact, operator }: { id: ConversationId; fact: { field: string; value: string }; operator: string },
): Promise<UndoResult> {
  const outcome = await commitLoop<UndoResult>(deps, id, async (change, aggregate) => {
    const undone = undoFact(change, fact, await actOptions(deps, aggregate, operator));
    if (undone.kind === "gone") return { answer: undone };
    return { change: undone.change, answer: { kind: "undone", aggregate: undone.change.next } };
  });
  return outcome ?? { kind: "notFound" };
}

async function undoOneChange(
  deps: OperatorActionDeps,
  { id, entryId, operator }: { id: ConversationId; entryId: string; operator: string },
): Promise<UndoResult> {
  const entry = await findEntry(deps.store, id, entryId);
  if (entry === undefined) return { kind: "notFound" };
  const outcome = await commitLoop<UndoResult>(deps, id, async (change, aggregate) => {
    const undone = undoChange(change, entry, await actOptions(deps, aggregate, operator));
    if (undone.kind === "gone") return { answer: undone };
    return { change: undone.change, answer: { kind: "undone", aggregate: undone.change.next } };
  });
  return outcome ?? { kind: "notFound" };
}

async function markOneRead(deps: OperatorActionDeps, id: ConversationId): Promise<number | undefined> {
  return await commitLoop(deps, id, (change, { conversation }) => ({
    change: markRead(change),
    answer: conversation.unread,
  }));
}

interface ItemOrder {
  readonly itemId: string;
  readonly action: ItemAction;
  readonly operator: string;
  /** Given: the same command acts once on this item. */
  readonly commandId?: string;
}

async function actOnOne(
  deps: OperatorActionDeps,
  { itemId, action, operator, commandId }: ItemOrder,
): Promise<ItemActionOutcome> {
  const stored = await deps.store.outbound.get(itemId);
  if (stored === undefined) return { kind: "notFound" };
  const command = commandId === undefined ? undefined : await itemCommand(deps, stored, { action, commandId });
  const outcome = await commitLoop<ItemActionOutcome>(deps, stored.conversationId, async (change, aggregate) => {
    if (command !== undefined && await deps.store.commands.get(command.id)) return { answer: { kind: "done" } };
    const item = aggregate.outbound.find(({ id }) => id === itemId) ??
      await deps.store.outbound.get(itemId) ?? stored;
    const acted = actOnItem(change, item, action, await actOptions(deps, aggregate, operator));
    if (acted.kind === "refused") return { answer: acted };
    const commands = [...acted.change.commands, ...command === undefined ? [] : [command]];
    return { change: { ...acted.change, commands }, answer: { kind: "done" } };
  });
  if (outcome?.kind === "done") deps.wake();
  return outcome ?? { kind: "notFound" };
}

async function itemCommand(
  { store }: OperatorActionDeps,
  { id, conversationId }: OutboundItem,
  { action, commandId }: { action: ItemAction; commandId: string },
): Promise<Command> {
  const bodyHash = await hashBody([id, action]);
  return { id: `${commandId}/${action}/${id}`, conversationId, bodyHash, result: {}, at: store.now() };
}
