/** Stores that break one promise each, so that the suite can be seen to notice. */
import type { Change } from "@/conversation/aggregate.ts";
import type { ClaimOptions, LimitStore, Store } from "@/store/store.ts";
import type { StoreUnderTest } from "@/store/testing/conformance.ts";

/** Puts a fault into a store that is otherwise sound. */
export type Fault = (store: Store) => Store;

/** Both handles with the fault. */
export function breakStore(sound: StoreUnderTest, fault: Fault): StoreUnderTest {
  return {
    one: fault(sound.one),
    two: fault(sound.two),
    clock: sound.clock,
    another: async () => fault(await sound.another()),
    [Symbol.asyncDispose]: () => sound[Symbol.asyncDispose](),
  };
}

/** The object with some members replaced; the others go on with the object itself as `this`. */
function replacing<Target extends object>(target: Target, members: Partial<Target>): Target {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

type Facet =
  | "envelopes"
  | "feed"
  | "conversations"
  | "messages"
  | "turns"
  | "outbound"
  | "limits"
  | "accounts"
  | "sessions";

function withFacet<Name extends Facet>(name: Name, members: (store: Store) => Partial<Store[Name]>): Fault {
  return (store) => replacing<Store>(store, { [name]: replacing(store[name], members(store)) });
}

/** Commits the change after something was done to it. */
function committing(alter: (change: Change, store: Store) => Change | Promise<Change>): Fault {
  return withFacet("conversations", (store) => ({
    commit: async (change) => await store.conversations.commit(await alter(change, store)),
  }));
}

/** Overwrites whatever version is there. */
async function ignoreVersion(change: Change, store: Store): Promise<Change> {
  const stored = await store.conversations.load(change.base.conversation.id);
  const conversation = { ...change.base.conversation, ver: stored?.conversation.ver ?? 0 };
  return { ...change, base: { ...change.base, conversation } };
}

function withLease(options: ClaimOptions, leaseMs: number): ClaimOptions {
  return { ...options, leaseMs };
}

/** Each slot after the last that this handle itself gave. */
function reserveAlone(store: Store): Partial<LimitStore> {
  let next = 0;
  return {
    reserve: (_key, intervalMs) => {
      const slot = Math.max(next, store.now().getTime());
      next = slot + intervalMs;
      return Promise.resolve(new Date(slot));
    },
  };
}

export const faults: Readonly<Record<string, Fault>> = {
  "overwrites a newer version": committing(ignoreVersion),
  "forgets commands": committing((change) => ({ ...change, commands: [] })),
  "forgets messages": committing((change) => ({ ...change, messages: change.messages.slice(1) })),
  "forgets turns": committing((change) => ({ ...change, turns: [] })),
  "forgets audit entries": committing((change) => ({ ...change, audit: [] })),
  "forgets the contact": committing((change) => ({
    ...change,
    next: { ...change.next, contact: change.base.contact },
  })),
  "forgets the last outbound item": committing((change) => ({
    ...change,
    next: { ...change.next, outbound: change.next.outbound.slice(0, -1) },
  })),
  "writes messages although the commit is a conflict": withFacet("conversations", (store) => ({
    commit: async (change) => {
      const answer = await store.conversations.commit(change);
      const current = await store.conversations.load(change.base.conversation.id);
      if (answer === "conflict" && current !== undefined) {
        await store.conversations.commit({
          ...change,
          base: current,
          next: current,
          commands: [],
          turns: [],
          audit: [],
        });
      }
      return answer;
    },
  })),
  "claims turns twice": withFacet("conversations", (store) => ({
    claimTurns: (options) => store.conversations.claimTurns(withLease(options, 0)),
  })),
  "claims sends twice": withFacet("conversations", (store) => ({
    claimSends: (options) => store.conversations.claimSends(withLease(options, 0)),
  })),
  "claims envelopes twice": withFacet("envelopes", (store) => ({
    claim: (options) => store.envelopes.claim(withLease(options, 0)),
  })),
  "holds leases for ever": withFacet("conversations", (store) => ({
    claimTurns: (options) => store.conversations.claimTurns(withLease(options, 1e9)),
  })),
  "gives back leases of others": withFacet("conversations", (store) => ({
    releaseTurn: async (id) => {
      for (const owner of ["one", "two"]) await store.conversations.releaseTurn(id, owner);
    },
  })),
  "ends the lease at a commit": withFacet("conversations", (store) => ({
    commit: async (change) => {
      await store.conversations.releaseTurn(change.base.conversation.id, "one");
      return await store.conversations.commit(change);
    },
  })),
  "forgets no lease": (store) => replacing<Store>(store, { forgetLeases: () => Promise.resolve() }),
  "loses an envelope in five": withFacet("envelopes", (store) => ({
    accept: (envelope) =>
      envelope.id.endsWith("5") ? Promise.resolve("stored" as const) : store.envelopes.accept(envelope),
  })),
  "never calls an envelope a duplicate": withFacet("envelopes", (store) => ({
    accept: async (envelope) => {
      await store.envelopes.accept(envelope);
      return "stored";
    },
  })),
  "removes envelopes that are new": withFacet("envelopes", (store) => ({
    removeBefore: async (at) => {
      const fresh = await store.envelopes.list({ state: "new", limit: 100 });
      await store.envelopes.finish(fresh.map(({ id }) => ({ id, state: "dead" as const })));
      return await store.envelopes.removeBefore(at);
    },
  })),
  "gives each instance slots of its own": withFacet("limits", reserveAlone),
  "sends while paused": withFacet("limits", () => ({ pause: () => Promise.resolve() })),
  "erases only in appearance": withFacet("conversations", () => ({ erase: () => Promise.resolve("erased" as const) })),
  "searches for nothing": withFacet("conversations", (store) => ({
    list: (query) => store.conversations.list({ ...query, q: undefined }),
  })),
  "asks for no profile": withFacet("conversations", () => ({ withUnknownProfile: () => Promise.resolve([]) })),
  "searches with accents": withFacet("conversations", (store) => ({
    list: async (query) => {
      const isFolded = query.q === undefined || /^\p{ASCII}*$/u.test(query.q);
      return isFolded ? await store.conversations.list(query) : { items: [], total: 0, atLeast: false };
    },
  })),
  "repeats the first page": withFacet("conversations", (store) => ({
    list: (query) => store.conversations.list({ ...query, cursor: undefined }),
  })),
  "skips a message between pages": withFacet("messages", (store) => ({
    page: async (id, options) => {
      const page = await store.messages.page(id, options);
      return { ...page, items: options.before === undefined ? page.items : page.items.slice(1) };
    },
  })),
  "skips an entry of the feed": withFacet("feed", (store) => ({
    after: async (seq, limit) => (await store.feed.after(seq, limit)).filter((entry) => entry.seq % 7 !== 0),
  })),
  "keeps the feed for ever": withFacet("feed", () => ({ removeBefore: () => Promise.resolve() })),
  "counts tokens from before": withFacet("turns", (store) => ({
    tokensSince: (account) => store.turns.tokensSince(account, new Date(0)),
  })),
  "finds no turn that mentions a message": withFacet("turns", () => ({ mentioning: () => Promise.resolve([]) })),
  "lists items of every state": withFacet("outbound", (store) => ({
    list: (query) => store.outbound.list({ ...query, state: undefined }),
  })),
  "stores accounts of any version": withFacet("accounts", (store) => ({
    put: async (account) => {
      const stored = await store.accounts.get(account.id);
      return await store.accounts.put(account, stored?.ver ?? 0);
    },
  })),
  "keeps sessions for ever": withFacet("sessions", () => ({ removeExpired: () => Promise.resolve(0) })),
  "runs backwards": (store) => replacing<Store>(store, { now: () => new Date(0) }),
};
