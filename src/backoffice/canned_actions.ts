/** What people of the team may do to the replies that they keep ready. */
import { z } from "zod";
import type { CannedReply } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Replies that one account may have: all of them stand in the composer's list. */
export const maxCannedReplies = 200;

/** A reply, as it is typed. */
export const cannedSchema = z.strictObject({
  title: z.string().trim().min(1, "wants a title").max(80, "wants at most 80 characters"),
  shortcut: z.string().trim().toLowerCase().regex(/^[a-z0-9_-]{0,30}$/, "wants up to 30 letters, digits, - or _")
    .default(""),
  body: z.string().trim().min(1, "wants a text").max(2_000, "wants at most 2,000 characters"),
});

export interface CannedSave {
  readonly accountId: string;
  /** Absent: a new one. */
  readonly id?: string;
  readonly title: string;
  /** Default: none. */
  readonly shortcut?: string;
  readonly body: string;
  /** The version that was read; absent: whatever is there. */
  readonly expectedVer?: number;
  readonly operator: string;
}

export type CannedOutcome =
  | { readonly kind: "saved"; readonly reply: CannedReply }
  /** By field, what is wrong with it, in words. */
  | { readonly kind: "invalid"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "conflict" | "notFound" };

type CannedDeps = Pick<Store, "now" | "cannedReplies" | "audit">;

/** Writes a new reply or a new version of one. */
export async function saveCannedReply(store: CannedDeps, save: CannedSave): Promise<CannedOutcome> {
  const { accountId, id, expectedVer, operator } = save;
  const parsed = cannedSchema.safeParse({
    title: save.title,
    shortcut: save.shortcut?.replace(/^\//, ""),
    body: save.body.replace(/\r\n?/g, "\n"),
  });
  if (!parsed.success) return { kind: "invalid", fields: problemsOf(parsed.error) };
  const before = id === undefined ? undefined : await store.cannedReplies.get(id);
  if (id !== undefined && before?.accountId !== accountId) return { kind: "notFound" };
  const fields = findClash(await store.cannedReplies.list(accountId), before, parsed.data.shortcut);
  if (fields !== undefined) return { kind: "invalid", fields };
  const ver = before?.ver ?? 0;
  if (expectedVer !== undefined && expectedVer !== ver) return { kind: "conflict" };
  const now = store.now();
  const made = before ?? { id: crypto.randomUUID(), accountId, createdAt: now };
  const reply: CannedReply = { ...made, ...parsed.data, ver, updatedAt: now, updatedBy: operator };
  if (await store.cannedReplies.put(reply, ver) === "conflict") return { kind: "conflict" };
  await writeAudit(store, { reply, before, operator, action: "cannedReply.save" });
  return { kind: "saved", reply: { ...reply, ver: ver + 1 } };
}

export async function removeCannedReply(
  store: CannedDeps,
  { id, operator }: { readonly id: string; readonly operator: string },
): Promise<"removed" | "absent"> {
  const before = await store.cannedReplies.get(id);
  if (before === undefined || await store.cannedReplies.remove(id) === "absent") return "absent";
  await writeAudit(store, { reply: before, before, operator, action: "cannedReply.remove" });
  return "removed";
}

function problemsOf(error: z.ZodError): Readonly<Record<string, string>> {
  return Object.fromEntries(error.issues.map(({ path, message }) => [String(path[0]), message]));
}

function findClash(
  replies: readonly CannedReply[],
  before: CannedReply | undefined,
  shortcut: string,
): Readonly<Record<string, string>> | undefined {
  const isTaken = shortcut !== "" && replies.some((other) => other.id !== before?.id && other.shortcut === shortcut);
  if (isTaken) return { shortcut: "is another reply's" };
  if (before !== undefined || replies.length < maxCannedReplies) return undefined;
  return { title: `wants at most ${maxCannedReplies} replies in all` };
}

/** The text itself stands in no log. */
async function writeAudit(
  store: CannedDeps,
  { reply, before, operator, action }: {
    readonly reply: CannedReply;
    readonly before: CannedReply | undefined;
    readonly operator: string;
    readonly action: string;
  },
): Promise<void> {
  const after = action === "cannedReply.remove" ? undefined : reply.title;
  const entry = { id: crypto.randomUUID(), at: store.now(), actor: operator, action, object: reply.accountId };
  await store.audit.add([{ ...entry, changes: { title: { before: before?.title, after } } }]);
}
