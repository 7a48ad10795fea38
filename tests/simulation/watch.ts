/** Looks at every commit and every POST of all instances, in the order in which they happen, and judges them. */
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { ConversationId, OutboundItem, Turn } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface WatchOptions {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether a person typed the message with this id in the Instagram app. */
  readonly isTyped: (mid: string) => boolean;
}

/** Drafts that the starvation guard lets be thrown away before it commits one. */
const maxSupersedes = 2;
const dayMs = 24 * 3_600_000;

export class Watch {
  readonly violations: string[] = [];
  /** How often each of the rare things happened. */
  readonly reached: Record<string, number> = {};
  /** How often a person sent an item again, knowing that it may have arrived. */
  readonly retries = new Map<string, number>();
  readonly #options: WatchOptions;
  readonly #states = new Map<ConversationId, Aggregate>();
  readonly #typedInApp = new Set<ConversationId>();
  /** When it became known that the bot had answered last. */
  readonly #answerKnownAt = new Map<ConversationId, Date>();
  readonly #holders = new Map<ConversationId, string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  count(name: string): void {
    this.reached[name] = (this.reached[name] ?? 0) + 1;
  }

  blame(invariant: string, message: string): void {
    this.violations.push(`(${invariant}) ${message}`);
  }

  claimed(id: ConversationId, owner: string): void {
    const before = this.#holders.get(id);
    if (before !== undefined && before !== owner) this.count("leaseTakeover");
    this.#holders.set(id, owner);
  }

  released(id: ConversationId): void {
    this.#holders.delete(id);
  }

  /** A POST leaves: the newest commit must hold its intent (C8). */
  posting(id: ConversationId, text: string): void {
    const isMeant = this.#states.get(id)?.outbound.some((item) => item.state === "sending" && item.text === text);
    if (!isMeant) this.blame("C8", `a POST of "${text}" to ${id} has no intent in the store`);
  }

  committed(change: Change, now: Date): void {
    const { id, ver } = change.base.conversation;
    const last = this.#states.get(id);
    if (last !== undefined && last.conversation.ver !== ver) {
      this.blame("C22", `${id} was written with version ${ver} over ${last.conversation.ver}`);
    }
    const begun = change.next.outbound.filter((item) => isBegun(item, change.base));
    for (const item of begun) this.#judgeIntent(item, last ?? change.base, now);
    for (const turn of change.turns) this.#judgeTurn(turn, last ?? change.base);
    this.#judgeTakeover(change);
    this.#noteWhoWrites(change);
    this.#countEnds(change);
    const { conversation } = change.next;
    const isAnswered = conversation.lastBotAt?.getTime() !== change.base.conversation.lastBotAt?.getTime();
    if (isAnswered) this.#answerKnownAt.set(id, now);
    this.#states.set(id, { ...change.next, conversation: { ...conversation, ver: ver + 1 } });
  }

  #judgeIntent({ id, origin, text }: OutboundItem, last: Aggregate, now: Date): void {
    if (origin.kind === "operator") return;
    if (this.#options.settings.mode === "draft" && text.startsWith("answer")) {
      this.blame("draft", `${id} was begun, but nobody had let it out`);
    }
    if (origin.kind === "followUp" && !origin.evenIfAnswered) {
      const isSilent = last.conversation.lastTurn?.id === origin.turnId && last.debounce.pending.length === 0;
      if (!isSilent) this.blame("followUp", `${id} was begun although the contact had written on`);
    }
    const { conversation, contact } = last;
    const { handler, lastUserAt } = conversation;
    const isPersons = handler.kind === "person" && handler.until > now;
    if (isPersons || contact.optOut || contact.neverBot || this.#typedInApp.has(conversation.id)) {
      this.blame("C13", `${id} was begun while a person had the conversation or the contact may not be written to`);
    }
    if (now.getTime() > (lastUserAt?.getTime() ?? 0) + dayMs - 60_000) {
      this.blame("C11", `${id} was begun after the window`);
    }
    if (origin.kind === "turn") this.#judgeBasis(id, origin.turnId, last);
  }

  /** What came before the first word of an answer left is in it, but for forced ones. */
  #judgeBasis(itemId: string, turnId: string, { conversation, debounce, outbound }: Aggregate): void {
    const { lastTurn } = conversation;
    if (lastTurn === undefined || lastTurn.id !== turnId || debounce.pending.length === 0) return;
    const isUnderWay =
      outbound.some(({ origin, attempt }) => origin.kind === "turn" && origin.turnId === turnId && attempt > 0) ||
      conversation.lastBotSentAt !== undefined && conversation.lastBotAt !== undefined &&
        conversation.lastBotSentAt >= conversation.lastBotAt;
    if (isUnderWay) return;
    if (lastTurn.forced) this.count("forcedPastNewer");
    else this.blame("C12", `${itemId} was begun although the contact had written on`);
  }

  #judgeTurn({ id, supersedes, outcome, startedAt, decidedAt }: Turn, { conversation }: Aggregate): void {
    if (supersedes > maxSupersedes) this.blame("C19", `${id} was thrown away ${supersedes} times`);
    const { lastBotAt, cooldownUntil } = conversation;
    const isKnown = this.#states.get(conversation.id)?.conversation.lastTurn?.id === id;
    const answerKnownAt = this.#answerKnownAt.get(conversation.id);
    const isBefore = answerKnownAt !== undefined && answerKnownAt <= startedAt;
    if (isKnown || outcome.kind !== "replied" || !isBefore || lastBotAt === undefined) return;
    const { cooldownMs } = resolveSettings(this.#options.settings);
    const until = cooldownUntil ?? addMs(lastBotAt, cooldownMs);
    if (cooldownMs > 0 && decidedAt < until) this.blame("cooldown", `${id} answered before ${until.toISOString()}`);
  }

  /** Only what a person typed in the app gives a conversation to that person. */
  #judgeTakeover({ base, next, messages }: Change): void {
    const { handler, id } = next.conversation;
    if (handler.kind !== "person" || handler.by !== "instagram-app" || handler === base.conversation.handler) return;
    const isTyped = messages.some(({ author, mid }) => author === "instagramApp" && this.#options.isTyped(mid ?? ""));
    if (!isTyped) this.blame("echo", `${id} was handed to a person, but nobody had typed in the app`);
  }

  #noteWhoWrites(change: Change): void {
    const { id } = change.next.conversation;
    if (change.messages.some(({ mid }) => this.#options.isTyped(mid ?? ""))) this.#typedInApp.add(id);
    const isBack = change.base.conversation.handler.kind === "person" &&
      change.next.conversation.handler.kind === "bot";
    if (isBack) this.#typedInApp.delete(id);
    for (const { action, changes } of change.audit) {
      const [itemId = ""] = Object.keys(changes);
      if (action === "outbound.retry") this.retries.set(itemId, (this.retries.get(itemId) ?? 0) + 1);
    }
  }

  #countEnds(change: Change): void {
    if (change.messages.some(({ source }) => source === "backfill")) this.count("found");
    for (const turn of change.turns) {
      if (turn.forced) this.count("forced");
      if (turn.supersedes > 0) this.count("supersede");
    }
    for (const item of change.next.outbound) {
      const before = change.base.outbound.find(({ id }) => id === item.id);
      if (before === undefined || before.state === item.state) continue;
      if (item.reason === "the contact wrote on before it left") this.count("pulledBack");
      if (item.reason?.endsWith("decided anew")) this.count("decidedAnew");
      if (item.state === "sent" && item.origin.kind === "followUp") this.count("followedUp");
      if (item.state === "sent" && item.origin.kind === "operator" && item.origin.turnId) this.count("draftSent");
      if (item.state === "expired" || item.state === "failed") this.count(item.state);
      if (before.state !== "uncertain") continue;
      const evidence = item.attempts.at(-1)?.evidence;
      if (item.state === "sent") this.count(evidence === "echo" ? "sentByEcho" : "sentByReadBack");
      if (item.state === "queued") this.count("released");
      if (item.state === "held") this.count("held");
    }
  }
}

function isBegun(item: OutboundItem, base: Aggregate): boolean {
  return item.state === "sending" && base.outbound.find(({ id }) => id === item.id)?.attempt !== item.attempt;
}

/** The store with the watch at its claims and at commits that came too late. */
export function watchedStore(store: Store, watch: Watch): Store {
  const { conversations } = store;
  return overlay(store, {
    conversations: overlay(conversations, {
      commit: async (change) => {
        const outcome = await conversations.commit(change);
        if (outcome === "conflict") watch.count("conflict");
        return outcome;
      },
      claimSends: async (options) => {
        const ids = await conversations.claimSends(options);
        for (const id of ids) watch.claimed(id, options.owner);
        return ids;
      },
      releaseSend: async (id, owner) => {
        await conversations.releaseSend(id, owner);
        watch.released(id);
      },
    }),
  });
}

/** The target with some members replaced. */
export function overlay<Target extends object>(target: Target, over: Partial<Target>): Target {
  return new Proxy(target, {
    get: (whole, name) => {
      const owner = name in over ? over : whole;
      const value: unknown = Reflect.get(owner, name);
      return typeof value === "function" ? value.bind(owner) : value;
    },
  });
}
