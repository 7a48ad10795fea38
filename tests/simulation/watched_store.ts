/** The store as all instances share it: every commit is judged by its order, and a bug may be put in on purpose. */
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type { ConversationId, OutboundItem } from "@/store/records.ts";
import type { ConversationStore, Store } from "@/store/store.ts";

/** Mistakes that Moca could have; each must be caught. */
export const bugs = [
  "ignoresVersion",
  "requeuesUnsettled",
  "missesTakeover",
  "sendsInBursts",
  "forgetsClicks",
] as const;
export type Bug = (typeof bugs)[number];

/** What the commits of a run looked like. */
export class Watch {
  readonly violations: string[] = [];
  readonly reached: Record<string, number> = {};
  readonly #states = new Map<ConversationId, Aggregate & { readonly ver: number }>();
  readonly #typedInApp = new Set<ConversationId>();
  readonly #holders = new Map<ConversationId, string>();

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

  /** The item with that text that is being sent, by the newest commit (C8). */
  posted(id: ConversationId, text: string): void {
    const isMeant = this.#states.get(id)?.outbound.some((item) => item.state === "sending" && item.text === text);
    if (!isMeant) this.blame("C8", `a POST of "${text}" to ${id} has no intent in the store`);
  }

  committed(change: Change, now: Date): void {
    const { id, ver } = change.base.conversation;
    const last = this.#states.get(id);
    if (last !== undefined && last.ver !== ver) {
      this.blame("C22", `${id} was written with version ${ver} over ${last.ver}`);
    }
    this.#judgeIntents(change, last, now);
    this.#noteWhoWrites(change);
    this.#countEnds(change);
    this.#states.set(id, { ...change.next, ver: ver + 1 });
  }

  #noteWhoWrites(change: Change): void {
    const { id } = change.next.conversation;
    if (change.messages.some(({ author, source }) => author === "instagramApp" && source === "webhook")) {
      this.#typedInApp.add(id);
    }
    const isBack = change.base.conversation.handler.kind === "person" &&
      change.next.conversation.handler.kind === "bot";
    if (isBack) this.#typedInApp.delete(id);
  }

  #judgeIntents(change: Change, last: Aggregate | undefined, now: Date): void {
    const { conversation, contact } = last ?? change.base;
    for (const { id, origin } of change.next.outbound.filter((item) => isBegun(item, change.base))) {
      if (origin.kind !== "turn") continue;
      const { handler, lastUserAt } = conversation;
      const isPersons = handler.kind === "person" && handler.until > now;
      if (isPersons || contact.optOut || this.#typedInApp.has(conversation.id)) {
        this.blame("C13", `${id} was begun while a person had the conversation or the contact had opted out`);
      }
      const closesAt = (lastUserAt?.getTime() ?? 0) + 24 * 3_600_000 - 60_000;
      if (now.getTime() > closesAt) this.blame("C11", `${id} was begun after the window`);
    }
  }

  #countEnds(change: Change): void {
    for (const turn of change.turns) {
      if (turn.forced) this.count("forced");
      if (turn.supersedes > 0) this.count("supersede");
    }
    for (const item of change.next.outbound) {
      const before = change.base.outbound.find(({ id }) => id === item.id);
      if (before === undefined || before.state === item.state) continue;
      if (item.reason === "the contact wrote on before it left") this.count("pulledBack");
      if (item.state === "expired") this.count("expired");
      if (before.state !== "uncertain") continue;
      const evidence = item.attempts.at(-1)?.evidence ?? "";
      if (item.state === "sent") this.count(evidence === "echo" ? "sentByEcho" : "sentByReadBack");
      if (item.state === "queued") this.count("released");
      if (item.state === "held") this.count("held");
    }
  }
}

function isBegun(item: OutboundItem, base: Aggregate): boolean {
  return item.state === "sending" && base.outbound.find(({ id }) => id === item.id)?.attempt !== item.attempt;
}

/** The store with the watch at its commits and claims. */
export function watchedStore(store: Store, watch: Watch, bug?: Bug): Store {
  const conversations = overlay(store.conversations, watchedConversations(store, watch, bug));
  const limits = bug === "sendsInBursts"
    ? overlay(store.limits, { reserve: () => Promise.resolve(store.now()) })
    : store.limits;
  const commands = bug === "forgetsClicks"
    ? overlay(store.commands, { get: () => Promise.resolve(undefined) })
    : store.commands;
  return overlay(store, { conversations, limits, commands });
}

function watchedConversations(store: Store, watch: Watch, bug?: Bug): Partial<ConversationStore> {
  const { conversations } = store;
  return {
    commit: async (wanted) => {
      const change = spoil(wanted, bug, store.now());
      const outcome = await conversations.commit(bug === "ignoresVersion" ? await rebased(change, store) : change);
      if (outcome === "committed") watch.committed(change, store.now());
      else watch.count("conflict");
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
  };
}

/** The change as a Moca with the bug would make it. */
function spoil(change: Change, bug: Bug | undefined, now: Date): Change {
  const { next, base } = change;
  switch (bug) {
    case "forgetsClicks":
      return { ...change, commands: [] };
    case "requeuesUnsettled":
      return { ...change, next: { ...next, ...requeued(change, now) } };
    case "missesTakeover": {
      const { handler } = next.conversation;
      const isByApp = handler.kind === "person" && handler.by === "instagram-app";
      return isByApp
        ? { ...change, next: { ...next, conversation: { ...next.conversation, handler: base.conversation.handler } } }
        : change;
    }
    default:
      return change;
  }
}

function requeued({ next }: Change, now: Date): Pick<Aggregate, "outbound" | "conversation"> {
  const isOpen = next.outbound.some(({ state }) => state === "uncertain");
  const outbound = next.outbound.map((item): OutboundItem =>
    item.state === "uncertain" ? { ...item, state: "queued", notBefore: now, settleAt: undefined } : item
  );
  return { outbound, conversation: isOpen ? { ...next.conversation, dueAt: now } : next.conversation };
}

async function rebased(change: Change, store: Store): Promise<Change> {
  const stored = await store.conversations.load(change.base.conversation.id);
  const ver = stored?.conversation.ver ?? 0;
  const at = (aggregate: Aggregate): Aggregate => ({ ...aggregate, conversation: { ...aggregate.conversation, ver } });
  return { ...change, base: at(change.base), next: at(change.next) };
}

function overlay<Target extends object>(target: Target, over: Partial<Target>): Target {
  return new Proxy(target, {
    get: (whole, name) => {
      const value: unknown = Reflect.get(name in over ? over : whole, name);
      return typeof value === "function" ? value.bind(name in over ? over : whole) : value;
    },
  });
}
