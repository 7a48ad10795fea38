/** What people of the team may do to the documents that the agent looks things up in. */
import { z } from "zod";
import type { KnowledgeDocument } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Documents that one account may have. */
export const maxDocuments = 500;

/** What a document holds, as it is typed. */
export const documentSchema = z.strictObject({
  title: z.string().trim().min(1, "wants a title").max(120, "wants at most 120 characters"),
  text: z.string().trim().min(1, "wants a text").max(20_000, "wants at most 20,000 characters"),
});

export interface DocumentSave {
  readonly accountId: string;
  /** Absent: a new one. */
  readonly id?: string;
  readonly title: string;
  readonly text: string;
  /** The version that was read; absent: whatever is there. */
  readonly expectedVer?: number;
  readonly operator: string;
}

export type DocumentOutcome =
  | { readonly kind: "saved"; readonly document: KnowledgeDocument }
  /** By field, what is wrong with it, in words. */
  | { readonly kind: "invalid"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "conflict" | "notFound" };

type KnowledgeDeps = Pick<Store, "now" | "knowledge" | "audit">;

/** Writes a new document or a new version of one. */
export async function saveDocument(store: KnowledgeDeps, save: DocumentSave): Promise<DocumentOutcome> {
  const parsed = documentSchema.safeParse({ title: save.title, text: save.text.replace(/\r\n?/g, "\n") });
  if (!parsed.success) {
    return {
      kind: "invalid",
      fields: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])),
    };
  }
  const before = save.id === undefined ? undefined : await store.knowledge.get(save.id);
  if (save.id !== undefined && before?.accountId !== save.accountId) return { kind: "notFound" };
  if (before === undefined && (await store.knowledge.list(save.accountId)).length >= maxDocuments) {
    return { kind: "invalid", fields: { title: `wants at most ${maxDocuments} documents in all` } };
  }
  const ver = before?.ver ?? 0;
  if (save.expectedVer !== undefined && save.expectedVer !== ver) return { kind: "conflict" };
  const now = store.now();
  const document: KnowledgeDocument = {
    id: before?.id ?? crypto.randomUUID(),
    accountId: save.accountId,
    ...parsed.data,
    ver,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    updatedBy: save.operator,
  };
  if (await store.knowledge.put(document, ver) === "conflict") return { kind: "conflict" };
  await writeAudit(store, { document, operator: save.operator, action: "knowledge.save" });
  return { kind: "saved", document: { ...document, ver: ver + 1 } };
}

export async function removeDocument(
  store: KnowledgeDeps,
  { id, operator }: { readonly id: string; readonly operator: string },
): Promise<"removed" | "absent"> {
  const document = await store.knowledge.get(id);
  if (document === undefined || await store.knowledge.remove(id) === "absent") return "absent";
  await writeAudit(store, { document, operator, action: "knowledge.remove" });
  return "removed";
}

async function writeAudit(
  store: KnowledgeDeps,
  { document, operator, action }: {
    readonly document: KnowledgeDocument;
    readonly operator: string;
    readonly action: string;
  },
): Promise<void> {
  const changes = { title: { after: document.title } };
  const entry = { id: crypto.randomUUID(), at: store.now(), actor: operator, action, changes };
  await store.audit.add([{ ...entry, object: document.accountId }]);
}
