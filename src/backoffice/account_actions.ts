/** What people of the team may do to an account. */
import { resolveSettings, type Settings } from "@/conversation/settings.ts";
import { applySettingsPatch, describeSettingsChange, type SettingsPatch } from "@/backoffice/settings_change.ts";
import type { AccountAnswer } from "@/instagram/client.ts";
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
  /** Asks Instagram whose token it is; absent: nobody can be asked, and tokens are taken as they are. */
  readonly ownerOf?: (token: string) => Promise<AccountAnswer>;
}

/** `conflict`: somebody saved meanwhile; nothing was changed. */
export type SettingsOutcome =
  | { readonly kind: "saved"; readonly account: Account; readonly settings: Settings }
  | { readonly kind: "invalid"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "conflict" | "notFound" };

export type TokenOutcome =
  | { readonly kind: "saved"; readonly ending: string }
  | TokenRefusal
  | { readonly kind: "conflict" | "notFound" };

export interface TokenRefusal {
  readonly kind: "invalid";
  /** `shape`: no token at all · `refused`: Instagram does not take it · `other`: another account's. */
  readonly problem: "shape" | "refused" | "other";
  readonly reason: string;
}

/** `unknown`: Instagram could not be asked whose token it is. */
export type ConnectOutcome =
  | { readonly kind: "connected"; readonly account: Account }
  | TokenRefusal
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "conflict" };

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

/** Whether the text may be an access token at all. */
export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

const noToken: TokenRefusal = {
  kind: "invalid",
  problem: "shape",
  reason: "wants an access token of 20 to 1,000 characters",
};

/**
 * Seals and keeps an access token, unless Instagram says that it is no good or another account's: with that one,
 * Moca would write to strangers. An account that was paused for want of a token works again.
 */
export async function saveToken(
  deps: AccountActionDeps,
  request: { accountId: string; token: string; operator: string },
): Promise<TokenOutcome> {
  const token = request.token.trim();
  if (!isToken(token)) return noToken;
  const { store, wake, ownerOf } = deps;
  const account = await store.accounts.get(request.accountId);
  if (account === undefined) return { kind: "notFound" };
  const refusal = judgeOwner(await ownerOf?.(token), account.id);
  if (refusal !== undefined) return refusal;
  const next = await withToken(account, token, deps);
  if (await store.accounts.put(next, account.ver) === "conflict") return { kind: "conflict" };
  const changes = { token: { before: "changed", after: "changed" } };
  const entry = { at: next.updatedAt, actor: request.operator, action: "token.save", changes };
  await store.audit.add([auditOf(account, entry)]);
  wake();
  return { kind: "saved", ending: token.slice(-4) };
}

/** Undefined when the token may be used: Instagram says so, or says nothing. */
function judgeOwner(owner: AccountAnswer | undefined, accountId: string): TokenRefusal | undefined {
  if (owner?.kind === "failed" && owner.class === "token") {
    return { kind: "invalid", problem: "refused", reason: `Instagram does not take it: ${owner.error.message}` };
  }
  if (owner?.kind !== "account" || owner.id === accountId) return undefined;
  return { kind: "invalid", problem: "other", reason: `it belongs to another account, ${owner.username ?? owner.id}` };
}

/**
 * Makes an account of an access token, or gives it to the account that it belongs to. Whose it is, only Instagram
 * knows.
 */
export async function connectAccount(
  deps: AccountActionDeps,
  request: { token: string; operator: string },
): Promise<ConnectOutcome> {
  const token = request.token.trim();
  if (!isToken(token)) return noToken;
  const { store, wake, ownerOf } = deps;
  const owner = await ownerOf?.(token);
  if (owner?.kind !== "account") {
    return judgeOwner(owner, "") ?? { kind: "unknown", reason: owner?.error.message ?? "Instagram cannot be asked" };
  }
  const now = store.now();
  const found = await store.accounts.get(owner.id);
  const blank: Account = { id: owner.id, state: "active", settings: {}, ver: 0, createdAt: now, updatedAt: now };
  const account = { ...found ?? blank, ...(owner.username === undefined ? {} : { username: owner.username }) };
  const next = await withToken(account, token, deps);
  if (await store.accounts.put(next, account.ver) === "conflict") return { kind: "conflict" };
  const action = found === undefined ? "account.connect" : "token.save";
  await store.audit.add([auditOf(account, { at: now, actor: request.operator, action, changes: {} })]);
  wake();
  return { kind: "connected", account: { ...next, ver: account.ver + 1 } };
}

export type ResumeOutcome = "resumed" | "notPaused" | "conflict" | "notFound";

/** Lets a paused account send again: a person has done what the pause asked for, and the token is still the same. */
export async function resumeAccount(
  { store, wake }: AccountActionDeps,
  request: { accountId: string; operator: string },
): Promise<ResumeOutcome> {
  const account = await store.accounts.get(request.accountId);
  if (account === undefined) return "notFound";
  if (account.state === "active") return "notPaused";
  const now = store.now();
  const next: Account = { ...account, state: "active", pausedReason: undefined, updatedAt: now };
  if (await store.accounts.put(next, account.ver) === "conflict") return "conflict";
  const changes = { state: { before: "paused", after: "active" }, pausedReason: { before: account.pausedReason } };
  await store.audit.add([auditOf(account, { at: now, actor: request.operator, action: "account.resume", changes })]);
  wake();
  return "resumed";
}

/** The account at work again with a new token. */
async function withToken(account: Account, token: string, { store, sealer }: AccountActionDeps): Promise<Account> {
  const now = store.now();
  const { environmentHash } = account.token ?? {};
  const sealed = await sealer.seal(token, account.id);
  return {
    ...account,
    token: { sealed, ending: token.slice(-4), savedAt: now, environmentHash },
    state: "active",
    pausedReason: undefined,
    updatedAt: now,
  };
}

function auditOf(account: Account, entry: Omit<AuditEntry, "id" | "object">): AuditEntry {
  return { ...entry, id: `${account.id}.v${account.ver + 1}`, object: account.id };
}
