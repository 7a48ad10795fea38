/** What an admin may do to the team: add people, change what they may do, end their sessions. */
import type { AuditEntry, Operator, Role } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export const roles: readonly Role[] = ["admin", "agent", "viewer"];

/** The name of whoever signs in with `MOCA_ADMIN_TOKEN`; nobody else may have it. */
export const rootName = "admin";

/** Names that stand for something else in the audit log. */
const reserved: ReadonlySet<string> = new Set([rootName, "bot", "system", "api", "instagram-app", "agent"]);

const namePattern = /^[a-z0-9][a-z0-9._-]{1,29}$/;

export type PeopleOutcome =
  /** `key` is told once and not kept. */
  | { readonly kind: "done"; readonly key?: string }
  | { readonly kind: "badName" | "taken" | "notFound" | "conflict" };

type PeopleDeps = { readonly store: Pick<Store, "now" | "operators" | "sessions" | "audit"> };

/** The SHA-256 by which a sign-in key is known. */
export async function hashKey(key: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key))).toHex();
}

function newKey(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

export async function addOperator(
  { store }: PeopleDeps,
  { name, role, by }: { name: string; role: Role; by: string },
): Promise<PeopleOutcome> {
  const id = name.trim().toLowerCase();
  if (!namePattern.test(id) || reserved.has(id)) return { kind: "badName" };
  const [key, now] = [newKey(), store.now()];
  const operator: Operator = { id, role, keyHash: await hashKey(key), ver: 0, createdAt: now, updatedAt: now };
  if (await store.operators.put(operator, 0) === "conflict") return { kind: "taken" };
  await tell(store, { actor: by, action: "operator.add", object: id, changes: { role: { after: role } } });
  return { kind: "done", key };
}

export async function changeRole(
  { store }: PeopleDeps,
  { id, role, by }: { id: string; role: Role; by: string },
): Promise<PeopleOutcome> {
  const operator = await store.operators.get(id);
  if (operator === undefined) return { kind: "notFound" };
  const next = { ...operator, role, updatedAt: store.now() };
  if (await store.operators.put(next, operator.ver) === "conflict") return { kind: "conflict" };
  const changes = { role: { before: operator.role, after: role } };
  await tell(store, { actor: by, action: "operator.role", object: id, changes });
  return { kind: "done" };
}

/** Gives a new sign-in key; the old one and every session are over. */
export async function renewKey({ store }: PeopleDeps, { id, by }: { id: string; by: string }): Promise<PeopleOutcome> {
  const operator = await store.operators.get(id);
  if (operator === undefined) return { kind: "notFound" };
  const key = newKey();
  const next = { ...operator, keyHash: await hashKey(key), updatedAt: store.now() };
  if (await store.operators.put(next, operator.ver) === "conflict") return { kind: "conflict" };
  await endSessionsOf(store, id);
  const changes = { key: { before: "changed", after: "changed" } };
  await tell(store, { actor: by, action: "operator.key", object: id, changes });
  return { kind: "done", key };
}

export async function removeOperator(
  { store }: PeopleDeps,
  { id, by }: { id: string; by: string },
): Promise<PeopleOutcome> {
  const operator = await store.operators.get(id);
  if (operator === undefined) return { kind: "notFound" };
  await store.operators.remove(id);
  await endSessionsOf(store, id);
  await tell(store, { actor: by, action: "operator.remove", object: id, changes: { role: { before: operator.role } } });
  return { kind: "done" };
}

/** Ends one session, whoever's it is. */
export async function revokeSession(
  { store }: PeopleDeps,
  { id, by }: { id: string; by: string },
): Promise<PeopleOutcome> {
  const session = await store.sessions.get(id);
  if (session === undefined) return { kind: "notFound" };
  await store.sessions.remove(id);
  await tell(store, { actor: by, action: "session.revoke", object: session.operator, changes: {} });
  return { kind: "done" };
}

async function endSessionsOf(store: PeopleDeps["store"], operator: string): Promise<void> {
  const theirs = (await store.sessions.list()).filter((session) => session.operator === operator);
  for (const { id } of theirs) await store.sessions.remove(id);
}

/** One line in the audit log, now. */
export async function tell(
  store: Pick<Store, "now" | "audit">,
  entry: Omit<AuditEntry, "id" | "at">,
): Promise<void> {
  await store.audit.add([{ ...entry, id: crypto.randomUUID(), at: store.now() }]);
}
