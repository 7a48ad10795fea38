/** Notes of the team. The same command twice acts once. */
import { addNote as addToHistory } from "@/conversation/note.ts";
import { type CommitDeps, commitLoop } from "@/backoffice/commit_loop.ts";
import { findCommandProblem, hashBody, tidy } from "@/backoffice/send_request.ts";
import type { Command, ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface NoteRequest {
  readonly text: string;
  /** Made by the asker, once per note. */
  readonly commandId: string;
}

/** The longest note, in UTF-16 units. */
export const maxNoteLength = 5_000;

export type NoteProblem = "badCommandId" | "emptyText" | "noteTooLong";

export type NoteOutcome =
  /** `repeated`: the same command did this before. */
  | { readonly kind: "noted" | "repeated"; readonly messageId: string }
  /** `commandMismatch`: the command id was used for something else. */
  | { readonly kind: "commandMismatch" | "notFound" }
  | { readonly kind: "invalid"; readonly problem: NoteProblem; readonly reason: string };

export interface NoteActionDeps extends CommitDeps {
  readonly store: Store;
}

export async function addNote(
  deps: NoteActionDeps,
  { id, request, operator }: {
    readonly id: ConversationId;
    readonly request: NoteRequest;
    readonly operator: string;
  },
): Promise<NoteOutcome> {
  const text = tidy(request.text);
  const problem = findCommandProblem(request.commandId) ?? findNoteProblem(text);
  if (problem !== undefined) return { kind: "invalid", ...problem };
  const bodyHash = await hashBody([id, "note", text]);
  const { commandId } = request;
  const outcome = await commitLoop<NoteOutcome>(deps, id, async (change) => {
    const known = await deps.store.commands.get(commandId);
    if (known !== undefined) return { answer: repeat(known, bodyHash) };
    const noted = addToHistory(change, { text, commandId, bodyHash }, { operator, now: deps.store.now() });
    return { change: noted.change, answer: { kind: "noted", messageId: noted.messageId } };
  });
  return outcome ?? { kind: "notFound" };
}

function findNoteProblem(text: string): { problem: NoteProblem; reason: string } | undefined {
  if (text === "") return { problem: "emptyText", reason: "text wants at least one character" };
  if (text.length <= maxNoteLength) return undefined;
  return { problem: "noteTooLong", reason: `text has ${text.length} characters, wants at most ${maxNoteLength}` };
}

function repeat({ bodyHash: known, result }: Command, bodyHash: string): NoteOutcome {
  if (known !== bodyHash) return { kind: "commandMismatch" };
  return { kind: "repeated", messageId: String(result["messageId"]) };
}
