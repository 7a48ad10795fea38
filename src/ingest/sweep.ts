import { resolveSettings } from "@/conversation/settings.ts";
import { addMs, latest } from "@/conversation/due_time.ts";
import { type ShareDeps, takeEvents } from "@/ingest/apply_shares.ts";
import type { InstagramClient, ThreadHead } from "@/instagram/client.ts";
import type { AskFailure } from "@/instagram/client_api.ts";
import { threadReach } from "@/instagram/client_thread.ts";
import { contactOf, foundEvents, type Owner } from "@/instagram/found_events.ts";
import { getLogger } from "@/log.ts";
import { type Account, conversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

const dayMs = 24 * 3_600_000;

/** Nothing older is looked for, whatever was missed: nobody waits for it any more. */
const reachMs = 7 * dayMs;

/** Messages stay in the store at least so long; one that was removed must not be found again. */
const leastRetentionDays = 3;

/** A message gets so long to come by webhook. */
const graceMs = 120_000;

/** So much of what the last sweep saw is looked at again: a thread may show a message late. */
const overlapMs = 300_000;

export interface SweepDeps extends ShareDeps {
  readonly store: Store;
  readonly instagram: Pick<InstagramClient, "me" | "listThreads" | "readWholeThread">;
}

export interface SweepOptions {
  readonly account: Account;
  readonly token: string;
  /** Everything up to then was seen by a sweep before; absent: there was none. */
  readonly sweptUntil?: Date;
}

export type SweepStep = { readonly kind: "going" } | { readonly kind: "done" } | AskFailure;

/** Looks through one account's recent threads for messages that no webhook delivered, one call a step. */
export class Sweep {
  readonly accountId: string;
  /** What a sweep that ends well has seen everything up to. */
  readonly until: Date;
  readonly #deps: SweepDeps;
  readonly #options: SweepOptions;
  readonly #since: Date;
  #owner?: Owner;
  #queue: ThreadHead[] = [];
  #after?: string;
  #isListed = false;
  #found = 0;

  constructor(deps: SweepDeps, options: SweepOptions) {
    this.accountId = options.account.id;
    this.#deps = deps;
    this.#options = options;
    const now = deps.store.now();
    this.until = addMs(now, -graceMs);
    this.#since = latest(horizonOf(options.account, now), addMs(options.sweptUntil ?? new Date(0), -overlapMs));
  }

  /** Messages found so far. */
  get found(): number {
    return this.#found;
  }

  /** Makes the next call, if one is left to make. */
  async step(): Promise<SweepStep> {
    if (this.#owner === undefined) return await this.#askOwner();
    const head = this.#queue.shift();
    if (head !== undefined) return await this.#readThread(head, this.#owner);
    return this.#isListed ? { kind: "done" } : await this.#listPage();
  }

  async #askOwner(): Promise<SweepStep> {
    const answer = await this.#deps.instagram.me(this.#options.token);
    if (answer.kind === "failed") return answer;
    this.#owner = { accountId: this.accountId, username: answer.username };
    await this.#keepHandle(answer.username);
    return { kind: "going" };
  }

  /** The handle of an account whose id alone was given; whoever saves meanwhile goes first. */
  async #keepHandle(username: string | undefined): Promise<void> {
    const { store } = this.#deps;
    const account = await store.accounts.get(this.accountId);
    if (username === undefined || account === undefined || account.username === username) return;
    await store.accounts.put({ ...account, username, updatedAt: store.now() }, account.ver);
  }

  async #listPage(): Promise<SweepStep> {
    const { token } = this.#options;
    const answer = await this.#deps.instagram.listThreads({ accountId: this.accountId, token, after: this.#after });
    if (answer.kind === "failed") return answer;
    const recent = answer.threads.filter(({ updatedAt }) => updatedAt >= this.#since);
    for (const head of recent) if (await this.#hasNews(head)) this.#queue.push(head);
    this.#after = answer.after;
    this.#isListed = answer.after === undefined || recent.length === 0;
    return { kind: "going" };
  }

  /** Whether the thread may hold what Moca does not know; where its newest messages are not told, it may. */
  async #hasNews({ newest }: ThreadHead): Promise<boolean> {
    if (newest === undefined) return true;
    const mids = newest.filter(({ at }) => at >= this.#since && at <= this.until).map(({ mid }) => mid);
    if (mids.length === 0) return false;
    const known = new Set((await this.#deps.store.messages.related(this.accountId, mids)).map(({ mid }) => mid));
    return mids.some((mid) => !known.has(mid));
  }

  async #readThread(head: ThreadHead, owner: Owner): Promise<SweepStep> {
    const psid = contactOf(head, owner);
    if (psid === undefined) return this.#passOver("its contact cannot be told");
    const { token } = this.#options;
    const query = { accountId: this.accountId, token, threadId: head.id };
    const answer = await this.#deps.instagram.readWholeThread(query);
    if (answer.kind === "failed") {
      return answer.class === "fail" ? this.#passOver(answer.error.message) : answer;
    }
    const { store } = this.#deps;
    const known = await store.messages.related(this.accountId, answer.messages.map(({ mid }) => mid));
    const since = latest(this.#since, await this.#erasedBefore(psid));
    const events = foundEvents(answer.messages, { accountId: this.accountId, psid, known, since, until: this.until });
    const oldest = answer.messages.at(-1);
    const isFull = answer.messages.length === threadReach && known.length === 0;
    if (isFull && oldest !== undefined && oldest.at > since) this.#tellGap(psid);
    return await this.#take(events);
  }

  /** When a contact was last erased, if it may have been this one: nothing from before comes back. */
  async #erasedBefore(psid: string): Promise<Date> {
    const { store } = this.#deps;
    const erasedAt = (await store.limits.get(`${this.accountId}:erased`))?.reading?.at ?? new Date(0);
    const known = await store.conversations.load(conversationId(this.accountId, psid));
    return known !== undefined && known.conversation.createdAt < erasedAt ? new Date(0) : erasedAt;
  }

  async #take(events: Parameters<typeof takeEvents>[1]): Promise<SweepStep> {
    if (events.length === 0) return { kind: "going" };
    const settings = resolveSettings(this.#options.account.settings);
    const failure = await takeEvents(this.#deps, events, settings);
    if (failure?.error !== undefined) throw failure.error;
    if (failure !== undefined) return { kind: "failed", error: { message: "the conversation was busy" } };
    this.#found += events.length;
    this.#deps.metrics.found.inc(events.length);
    return { kind: "going" };
  }

  #passOver(reason: string): SweepStep {
    getLogger("backfill").warning("a thread of account {account} was passed over: {reason}", {
      account: this.accountId,
      reason,
    });
    return { kind: "going" };
  }

  #tellGap(psid: string): void {
    this.#deps.metrics.gaps.inc();
    const conversation = conversationId(this.accountId, psid);
    getLogger("backfill").warning(
      "messages of conversation {conversation} may be missing: Instagram shows the newest {reach} only",
      { conversation, reach: threadReach },
    );
  }
}

/** The oldest message that is looked for: not from before the account was Moca's, nor one that was removed. */
function horizonOf({ createdAt, settings }: Account, now: Date): Date {
  const keptMs = Math.max(resolveSettings(settings).retentionDays, leastRetentionDays) * dayMs;
  return latest(createdAt, addMs(now, -Math.min(reachMs, keptMs - 3_600_000)));
}
