/** What people of the team may do to an account. */
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { applySettingsPatch, describeSettingsChange, type SettingsPatch } from "@/backoffice/settings_change.ts";
import type { Account, AuditEntry } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** Seals a secret so that it can only be opened again for the same `boundTo`. */
export interface Sealer {
  seal(text: string, boundTo: string): Promise<string>;
}

export interface AccountActionDeps {
  readonly store: Pick<Store, "now" | "accounts" | "audit">;
  readonly sealer: Sealer;
  /** Says that the outbound queue may have work. */
  readonly wake: () => void;
}

/** `conflict`: somebody saved meanwhile; nothing was changed. */
export type SettingsOutcome =
  | { readonly kind: "saved"; readonly account: Account; readonly settings: Settings }
  | { readonly kind: "invalid"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "conflict" | "notFound" };

export type TokenOutcome =
  | { readonly kind: "saved"; readonly ending: string }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "conflict" | "notFound" };

/** Changes settings. With `expectedVer`, only if nobody saved since that version was read. */
export async function changeSettings(
  { store, wake }: AccountActionDeps,
  request: { accountId: string; patch: SettingsPatch; operator: string; expectedVer?: number },
): Promise<SettingsOutcome> {
  const { accountId, patch, operator, expectedVer } = request;
  const account = await store.accounts.get(accountId);
  if (account === undefined) return { kind: "notFound" };
  if (expectedVer !== undefined && expectedVer !== account.ver) return { kind: "conflict" };
  const changed = applySettingsPatch(account, patch);
  if (changed.kind === "invalid") return changed;
  const now = store.now();
  const next: Account = { ...account, settings: changed.stored, updatedAt: now };
  if (await store.accounts.put(next, account.ver) === "conflict") return { kind: "conflict" };
  const changes = describeSettingsChange(resolveSettings(account.settings), changed.settings);
  await store.audit.add([auditOf(account, { at: now, actor: operator, action: "settings.change", changes })]);
  wake();
  return { kind: "saved", account: { ...next, ver: account.ver + 1 }, settings: changed.settings };
}

/** Graph API tokens: letters, digits and a few signs, far longer than a password. */
const tokenPattern = /^[\w.|:-]{20,1000}$/;

/** Seals and keeps an access token. An account that was paused for want of one works again. */
export async function saveToken(
  { store, sealer, wake }: AccountActionDeps,
  request: { accountId: string; token: string; operator: string },
): Promise<TokenOutcome> {
  const token = request.token.trim();
  if (!tokenPattern.test(token)) return { kind: "invalid", reason: "wants an access token of 20 to 1,000 characters" };
  const account = await store.accounts.get(request.accountId);
  if (account === undefined) return { kind: "notFound" };
  const now = store.now();
  const ending = token.slice(-4);
  const { environmentHash } = account.token ?? {};
  const next: Account = {
    ...account,
    token: { sealed: await sealer.seal(token, account.id), ending, savedAt: now, environmentHash },
    state: "active",
    pausedReason: undefined,
    updatedAt: now,
  };
  if (await store.accounts.put(next, account.ver) === "conflict") return { kind: "conflict" };
  const changes = { token: { before: "changed", after: "changed" } };
  await store.audit.add([auditOf(account, { at: now, actor: request.operator, action: "token.save", changes })]);
  wake();
  return { kind: "saved", ending };
}

function auditOf(account: Account, entry: Omit<AuditEntry, "id" | "object">): AuditEntry {
  return { ...entry, id: `${account.id}.v${account.ver + 1}`, object: account.id };
}
