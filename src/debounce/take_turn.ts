import { type Aggregate, type Change, startChange } from "@/conversation/aggregate.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import {
  abandonTurn,
  beginTurn,
  commitTurn,
  type Decision,
  mustCommit,
  retryTurn,
  type TurnRecord,
} from "@/conversation/turn.ts";
import { useOf } from "@/conversation/model_use.ts";
import { decide, type DecideDeps, type DecideOutcome, type Draft } from "@/debounce/decide.ts";
import { splitText } from "@/outbound/split_text.ts";
import type { Account, AgentTrace, ConversationId, Message, TurnSnapshot } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface TurnDeps extends DecideDeps {
  readonly store: Store;
}

/** What became of a turn that was due. */
export type TurnResult =
  | { readonly kind: "committed"; readonly outcome: string; readonly by: string; readonly queued: number }
  | { readonly kind: "superseded" | "deferred" | "retried" | "stale" | "notDue" | "aborted" };

/**
 * Takes one conversation's turn: snapshot, decision, commit. Each commit is guarded by the conversation's
 * version; what lost a race is read and applied anew.
 */
export async function takeTurn(id: ConversationId, deps: TurnDeps, control: TurnControl): Promise<TurnResult> {
  const begun = await begin(id, deps.store);
  if (begun === undefined) return { kind: "notDue" };
  const { account, aggregate, snapshot } = begun;
  const messages = await loadBurst(snapshot, deps.store);
  const settings = resolveSettings(account.settings);
  const burst = { account, aggregate, messages, settings, now: deps.store.now() };
  if (!mustCommit(startChange(aggregate), settings, burst.now)) control.onInterruptible();
  const outcome = await decide(burst, deps, control.signal);
  return await conclude(id, { snapshot, outcome }, deps.store);
}

/** How whoever started a turn may end it early. */
export interface TurnControl {
  readonly signal: AbortSignal;
  /** Called when a newer message may throw this draft away. */
  readonly onInterruptible: () => void;
}

interface BegunTurn {
  readonly account: Account;
  readonly aggregate: Aggregate;
  readonly snapshot: TurnSnapshot;
}

/** Writes down what is about to be decided, so that a crash counts as a try. */
async function begin(id: ConversationId, store: Store): Promise<BegunTurn | undefined> {
  for (;;) {
    const aggregate = await store.conversations.load(id);
    const account = aggregate && await store.accounts.get(aggregate.conversation.accountId);
    if (aggregate === undefined || account === undefined) return undefined;
    const change = beginTurn(startChange(aggregate), { snapshotId: crypto.randomUUID(), now: store.now() });
    const snapshot = change?.next.debounce.snapshot;
    if (change === undefined || snapshot === undefined) return undefined;
    if (await store.conversations.commit(change) === "committed") return { account, aggregate: change.next, snapshot };
  }
}

async function loadBurst(snapshot: TurnSnapshot, store: Store): Promise<readonly Message[]> {
  const ids = snapshot.pending.map(({ messageId }) => messageId);
  const rows = new Map((await store.messages.byIds(ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

interface DecidedTurn {
  readonly snapshot: TurnSnapshot;
  readonly outcome: DecideOutcome;
}

/** Commits what was decided, or why there is no decision yet. */
async function conclude(id: ConversationId, turn: DecidedTurn, store: Store): Promise<TurnResult> {
  const { outcome, snapshot } = turn;
  if (outcome.kind === "aborted") return await abandon(id, snapshot, store);
  if (outcome.kind === "retry") return await retryAt(id, snapshot, outcome, store);
  const draft = { ...outcome.draft, decision: splitTexts(outcome.draft.decision) };
  for (;;) {
    const result = await tryCommit(id, snapshot, draft, store);
    if (result !== "conflict") return result;
  }
}

async function tryCommit(
  id: ConversationId,
  snapshot: TurnSnapshot,
  draft: Draft,
  store: Store,
): Promise<TurnResult | "conflict"> {
  const aggregate = await store.conversations.load(id);
  const account = aggregate && await store.accounts.get(aggregate.conversation.accountId);
  if (aggregate === undefined || account === undefined) return { kind: "stale" };
  const messages = await loadBurst(snapshot, store);
  const takenBack = await findTakenBack(draft, store);
  const record: TurnRecord = { ...draft, snapshotId: snapshot.id, messages, takenBack };
  const options = { settings: resolveSettings(account.settings), now: store.now() };
  const commit = commitTurn(startChange(aggregate), record, options);
  if (commit.kind === "stale") return commit;
  if (await store.conversations.commit(commit.change) === "conflict") return "conflict";
  return commit.kind === "committed" ? committed(commit.change) : { kind: commit.kind };
}

/** Which of the messages that the model was shown were taken back meanwhile. */
async function findTakenBack({ agent }: Draft, store: Store): Promise<readonly string[]> {
  const ids = agent?.prompt.flatMap(({ shows = [] }) => shows.map(({ messageId }) => messageId)) ?? [];
  const rows = await store.messages.byIds([...new Set(ids)]);
  return rows.filter(({ unsentAt }) => unsentAt !== undefined).map(({ id }) => id);
}

function committed(change: Change): TurnResult {
  const turn = change.turns.at(-1);
  const { kind = "silent", by = "core" } = turn?.outcome ?? {};
  return {
    kind: "committed",
    outcome: kind,
    by: by.replace(/^rule:.*/, "rule"),
    queued: turn?.outboundIds.length ?? 0,
  };
}

function retryAt(
  id: ConversationId,
  snapshot: TurnSnapshot,
  retry: { at: Date; reason: string; agent?: AgentTrace },
  store: Store,
): Promise<TurnResult> {
  const options = { snapshotId: snapshot.id, retryAt: retry.at, reason: retry.reason, spent: useOf(retry.agent) };
  return commitWhileOurs(id, { kind: "retried" }, store, (change) => retryTurn(change, options));
}

function abandon(id: ConversationId, snapshot: TurnSnapshot, store: Store): Promise<TurnResult> {
  return commitWhileOurs(id, { kind: "aborted" }, store, (change, account) => {
    const settings = resolveSettings(account.settings);
    return abandonTurn(change, { snapshotId: snapshot.id, settings, now: store.now() });
  });
}

/** Applies a step and commits it, anew after each lost race, until it is in or no longer ours to make. */
async function commitWhileOurs(
  id: ConversationId,
  done: TurnResult,
  store: Store,
  step: (change: Change, account: Account) => Change | undefined,
): Promise<TurnResult> {
  for (;;) {
    const aggregate = await store.conversations.load(id);
    const account = aggregate && await store.accounts.get(aggregate.conversation.accountId);
    const change = aggregate && account && step(startChange(aggregate), account);
    if (change === undefined) return { kind: "stale" };
    if (await store.conversations.commit(change) === "committed") return done;
  }
}

/** Instagram takes 1,000 bytes a message; longer answers go out as several. */
function splitTexts(decision: Decision): Decision {
  return decision.kind === "reply"
    ? { ...decision, texts: decision.texts.flatMap((text) => splitText(text)) }
    : decision;
}
