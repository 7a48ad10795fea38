/**
 * Mistakes that Moca could have, put in around it: through the ports, the timings and the network that an instance is
 * given. Each must be caught by the invariants, or these are worth nothing.
 */
import type { Aggregate, Change } from "@/conversation/aggregate.ts";
import type { Timings } from "@/outbound/timings.ts";
import type { OutboundItem } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { Tampering } from "@tests/simulation/mongo_database.ts";
import { overlay } from "@tests/simulation/watch.ts";

type Fetch = (request: Request) => Promise<Response>;

export interface Bug {
  /** What Moca would be doing wrong. */
  readonly mistake: string;
  /** The invariants of which one at least must be broken by it. */
  readonly breaks: readonly string[];
  /**
   * One instance's store. Made anew for each instance, so it can also hold what a process would hold in memory;
   * `death` aborts when that is lost.
   */
  readonly store?: (store: Store, death: AbortSignal) => Store;
  readonly timings?: Partial<Timings>;
  readonly fetch?: (fetch: Fetch) => Fetch;
  /** Of the MongoDB store only. */
  readonly tampering?: Tampering;
  /** What is lost when a process dies. */
  readonly onDeath?: (store: Store) => Promise<void>;
}

export const bugs = {
  requeuesUncertain: {
    mistake: "an item of unknown outcome is queued again at once",
    breaks: ["C7"],
    store: (store) => onCommit(store, requeued),
  },
  waitsNotToSettle: {
    mistake: "the thread is read at once after a POST without an answer, when Instagram may still be at it",
    breaks: ["C7", "C9"],
    timings: { settleMs: 0, answeredSettleMs: 0 },
  },
  ignoresVersion: {
    mistake: "a conversation is written whatever its version is by now",
    breaks: ["C2", "C6", "C7", "C9", "C13", "C18"],
    store: (store) => overlay(store, { conversations: overlay(store.conversations, { commit: forced(store) }) }),
  },
  repeatsRequests: {
    mistake: "the HTTP client repeats a request whose connection broke, as Deno's does by default",
    breaks: ["C7", "C25"],
    fetch: (fetch) => async (request) => {
      const again = request.clone();
      return await fetch(request).catch((error) => {
        if (request.signal.aborted || request.method !== "POST") throw error;
        return fetch(again);
      });
    },
  },
  knowsNoDuplicates: {
    mistake: "an event that comes again is not recognised",
    breaks: ["C2", "C6", "C7", "C12", "C14", "echo"],
    store: (store) =>
      overlay(store, {
        messages: overlay(store.messages, {
          byIds: () => Promise.resolve([]),
          related: () => Promise.resolve([]),
        }),
      }),
  },
  forgetsDebounce: {
    mistake: "what waits to be answered is kept in memory, and lost when the process dies",
    breaks: ["C6", "C18"],
    onDeath: forgetDebounce,
  },
  ignoresCooldown: {
    mistake: "a burst inside the cooldown is answered like any other",
    breaks: ["cooldown"],
    store: (store) => onLoad(store, (aggregate) => withConversation(aggregate, { cooldownUntil: undefined })),
  },
  takesEchoForPerson: {
    mistake: "the echo of a send of Moca's own counts as a person's message",
    breaks: ["echo", "C14"],
    store: (store) => onCommit(store, echoedToPerson),
  },
  missesTakeover: {
    mistake: "somebody types in the Instagram app and the bot goes on",
    breaks: ["C13"],
    store: (store) => onCommit(store, withoutTakeover),
  },
  cancelsTooLate: {
    mistake: "a person takes over, and what the bot had queued is sent nevertheless",
    breaks: ["C13"],
    store: (store) => onLoad(onCommit(store, withoutCancelling), asBots),
  },
  pacesPerProcess: {
    mistake: "each process has a pace of its own instead of one for the account",
    breaks: ["C10"],
    store: (store) => overlay(store, { limits: overlay(store.limits, { reserve: ownPace(store) }) }),
  },
  sendsInBursts: {
    mistake: "there is no pace",
    breaks: ["C10"],
    store: (store) =>
      overlay(store, { limits: overlay(store.limits, { reserve: () => Promise.resolve(store.now()) }) }),
  },
  forgetsClicks: {
    mistake: "a command that was carried out is not remembered",
    breaks: ["C15"],
    store: withoutCommands,
  },
  writesOverRedo: {
    mistake: "a commit that was broken off is not finished by who comes next, but written over",
    breaks: ["C2", "C6", "C14", "C18"],
    tampering: {
      command: ({ collection, method, args: [filter, ...rest] }) => [
        collection === "conversations" && method === "updateOne" ? without(filter, "redo") : filter,
        ...rest,
      ],
      answer: ({ collection }, answer) => collection === "conversations" ? withoutRedo(answer) : answer,
    },
  },
  ignoresRowVersion: {
    mistake: "who finishes a commit late writes its rows over newer ones",
    breaks: ["C6", "C7", "C14", "C18"],
    tampering: {
      command: ({ method, args: [first, ...rest] }) => [method === "bulkWrite" ? unguarded(first) : first, ...rest],
    },
  },
  answersTooSoon: {
    mistake: "Meta is answered 200 before the envelope is stored",
    breaks: ["C1"],
    store: acceptingLater,
  },
  dropsOnConflict: {
    mistake: "a commit that lost a race counts as done",
    breaks: ["C2", "C6", "C7", "C14", "C18", "C8"],
    store: (store) => {
      const { conversations } = store;
      const commit = async (change: Change): Promise<"committed"> => {
        await conversations.commit(change);
        return "committed";
      };
      return overlay(store, { conversations: overlay(conversations, { commit }) });
    },
  },
  postsWithoutIntent: {
    mistake: "the intent is not written before the POST",
    breaks: ["C8"],
    store: onlyPretendingIntents,
  },
  dropsWhatItFinds: {
    mistake: "what was found in a thread is not written down",
    breaks: ["C2"],
    store: (store) => {
      const { conversations } = store;
      const isFound = ({ messages }: Change): boolean => messages.some(({ source }) => source === "backfill");
      const commit: Commit = (change) => isFound(change) ? Promise.resolve("committed") : conversations.commit(change);
      return overlay(store, { conversations: overlay(conversations, { commit }) });
    },
  },
  sendsDrafts: {
    mistake: "a draft goes out before a person has seen it",
    breaks: ["draft"],
    store: (store) => {
      const { accounts } = store;
      const get: Store["accounts"]["get"] = async (id) => {
        const account = await accounts.get(id);
        return account && { ...account, settings: { ...account.settings, mode: "auto" } };
      };
      return overlay(store, { accounts: overlay(accounts, { get }) });
    },
  },
} as const satisfies Record<string, Bug>;

export type BugName = keyof typeof bugs;

export const bugNames = Object.keys(bugs) as BugName[];

export function bugOf(name: BugName | undefined): Bug | undefined {
  return name === undefined ? undefined : bugs[name];
}

type Commit = Store["conversations"]["commit"];

function onCommit(store: Store, spoil: (change: Change, now: Date) => Change): Store {
  const { conversations } = store;
  const commit: Commit = (change) => conversations.commit(spoil(change, store.now()));
  return overlay(store, { conversations: overlay(conversations, { commit }) });
}

function onLoad(store: Store, spoil: (aggregate: Aggregate) => Aggregate): Store {
  const { conversations } = store;
  const load: Store["conversations"]["load"] = async (id) => {
    const aggregate = await conversations.load(id);
    return aggregate && spoil(aggregate);
  };
  return overlay(store, { conversations: overlay(conversations, { load }) });
}

function withConversation(aggregate: Aggregate, patch: Partial<Aggregate["conversation"]>): Aggregate {
  return { ...aggregate, conversation: { ...aggregate.conversation, ...patch } };
}

function requeued(change: Change, now: Date): Change {
  const { next } = change;
  if (!next.outbound.some(({ state }) => state === "uncertain")) return change;
  const outbound = next.outbound.map((item): OutboundItem =>
    item.state === "uncertain" ? { ...item, state: "queued", notBefore: now, settleAt: undefined } : item
  );
  return { ...change, next: withConversation({ ...next, outbound }, { dueAt: now }) };
}

function forced({ conversations }: Store): Commit {
  return async (change) => {
    const stored = await conversations.load(change.base.conversation.id);
    const ver = stored?.conversation.ver ?? 0;
    const { base, next } = change;
    return await conversations.commit({
      ...change,
      base: withConversation(base, { ver }),
      next: withConversation(next, { ver }),
    });
  };
}

async function forgetDebounce(store: Store): Promise<void> {
  const { items } = await store.conversations.list({ limit: 100 });
  for (const { conversation } of items) {
    const base = await store.conversations.load(conversation.id);
    if (base === undefined || base.debounce.dueAt === undefined) continue;
    const debounce = { ...base.debounce, dueAt: undefined, pending: [] };
    await store.conversations.commit({
      base,
      next: { ...base, debounce },
      messages: [],
      turns: [],
      commands: [],
      audit: [],
    });
  }
}

function echoedToPerson(change: Change, now: Date): Change {
  const isEchoed = change.next.outbound.some((item) =>
    item.state === "sent" && item.attempts.at(-1)?.evidence === "echo" && !change.base.outbound.includes(item)
  );
  const handler = {
    kind: "person" as const,
    since: now,
    until: new Date(now.getTime() + 600_000),
    by: "instagram-app",
    reason: "somebody answered in the Instagram app",
    needed: false,
  };
  return isEchoed ? { ...change, next: withConversation(change.next, { handler }) } : change;
}

function withoutTakeover(change: Change): Change {
  const { handler } = change.next.conversation;
  const isByApp = handler.kind === "person" && handler.by === "instagram-app";
  if (!isByApp) return change;
  return { ...change, next: withConversation(change.next, { handler: change.base.conversation.handler }) };
}

/** A takeover leaves what is queued as it is. */
function withoutCancelling(change: Change): Change {
  const { base, next } = change;
  if (next.conversation.handler.kind !== "person" || base.conversation.handler.kind === "person") return change;
  const outbound = next.outbound.map((item) =>
    item.state === "cancelled" ? base.outbound.find(({ id }) => id === item.id) ?? item : item
  );
  return { ...change, next: withConversation({ ...next, outbound }, { dueAt: base.conversation.dueAt }) };
}

/** While something of the bot's is queued, the conversation seems to be the bot's. */
function asBots(aggregate: Aggregate): Aggregate {
  const isQueued = aggregate.outbound.some(({ state, origin }) => state === "queued" && origin.kind === "turn");
  return isQueued ? withConversation(aggregate, { handler: { kind: "bot" } }) : aggregate;
}

function ownPace(store: Store): Store["limits"]["reserve"] {
  const next = new Map<string, number>();
  return (key, intervalMs) => {
    const slot = Math.max(store.now().getTime(), next.get(key) ?? 0);
    next.set(key, slot + intervalMs);
    return Promise.resolve(new Date(slot));
  };
}

function withoutCommands(store: Store): Store {
  const forgetful = onCommit(store, (change) => ({ ...change, commands: [] }));
  return overlay(forgetful, {
    commands: overlay(store.commands, { get: () => Promise.resolve(undefined) }),
  });
}

/** The insert follows three seconds later, if the process lives so long. */
function acceptingLater(store: Store, death: AbortSignal): Store {
  const { envelopes } = store;
  return overlay(store, {
    envelopes: overlay(envelopes, {
      accept: (envelope) => {
        const accept = (): void => void (death.aborted ? undefined : envelopes.accept(envelope).catch(() => undefined));
        setTimeout(accept, 3_000);
        return Promise.resolve("stored");
      },
    }),
  });
}

function onlyPretendingIntents(store: Store): Store {
  const { conversations } = store;
  const commit: Commit = async (change) => {
    const isIntent = change.next.outbound.some((item) =>
      item.state === "sending" && !change.base.outbound.includes(item)
    );
    return isIntent ? "committed" : await conversations.commit(change);
  };
  return overlay(store, { conversations: overlay(conversations, { commit }) });
}

function without(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([own]) => own !== name));
}

function withoutRedo(answer: unknown): unknown {
  return Array.isArray(answer) ? answer.map((row) => without(row, "redo")) : without(answer, "redo");
}

/** The writes of a redo list, without what keeps them off newer rows. */
function unguarded(writes: unknown): unknown {
  return (writes as readonly { readonly replaceOne?: { readonly filter: object } }[]).map((write) =>
    write.replaceOne === undefined
      ? write
      : { replaceOne: { ...write.replaceOne, filter: without(write.replaceOne.filter, "ver") } }
  );
}
