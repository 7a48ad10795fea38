import assert from "node:assert/strict";
import type { StoreCheck } from "@/store/testing/check.ts";
import {
  afterNoon,
  makeAccount,
  makeAuditEntry,
  makeInstance,
  makeOperator,
  makeSession,
  noon,
} from "@/store/testing/factories.ts";
import { StoreUnavailableError } from "@/store/store.ts";

export const restChecks: readonly StoreCheck[] = [
  {
    promise: "accounts.put() stores an account once and raises its version (C22)",
    run: async ({ one, two }) => {
      const token = { sealed: "x", ending: "1234", savedAt: noon, expiresAt: afterNoon(5) };
      const account = makeAccount({ token, settings: { cooldownMs: 5, $at: "odd", nested: { list: [1, null] } } });
      const answers = await Promise.all([one, two].map((store) => store.accounts.put(account, 0)));
      assert.deepEqual(answers.toSorted(), ["conflict", "stored"]);
      assert.deepEqual(await two.accounts.get("shop"), { ...account, ver: 1 });
      assert.equal(await two.accounts.get("gone"), undefined);
    },
  },
  {
    promise: "accounts.put() refuses a version that has passed (C22)",
    run: async ({ one, two }) => {
      await one.accounts.put(makeAccount(), 0);
      await one.accounts.put(makeAccount({ state: "paused" }), 1);
      assert.equal(await two.accounts.put(makeAccount({ username: "late" }), 1), "conflict");
      assert.equal(await two.accounts.put(makeAccount({ id: "none" }), 4), "conflict");
      assert.deepEqual(await two.accounts.list(), [makeAccount({ state: "paused", ver: 2 })]);
    },
  },
  {
    promise: "operators are kept in order, changed by the version that was read, and removed",
    run: async ({ one, two }) => {
      const answers = await Promise.all([one, two].map((store) => store.operators.put(makeOperator(), 0)));
      assert.deepEqual(answers.toSorted(), ["conflict", "stored"]);
      await one.operators.put(makeOperator({ id: "ada", role: "admin" }), 0);
      assert.equal(await two.operators.put(makeOperator({ role: "viewer" }), 1), "stored");
      assert.equal(await one.operators.put(makeOperator({ role: "admin" }), 1), "conflict");
      assert.deepEqual((await one.operators.list()).map(({ id, role, ver }) => [id, role, ver]), [
        ["ada", "admin", 1],
        ["grace", "viewer", 2],
      ]);
      await two.operators.remove("ada");
      assert.equal(await one.operators.get("ada"), undefined);
    },
  },
  {
    promise: "sessions.list() tells who is signed in, the most lately seen first, and no expired one",
    run: async ({ one, two, clock }) => {
      await one.sessions.put(makeSession());
      await one.sessions.put(makeSession({ id: "s2", seenAt: afterNoon(5) }));
      await one.sessions.put(makeSession({ id: "s3", expiresAt: afterNoon(1_000) }));
      clock.advance(1_000);
      assert.deepEqual((await two.sessions.list()).map(({ id }) => id), ["s2", "s1"]);
    },
  },
  {
    promise: "sessions are kept, replaced and removed, and end with their time",
    run: async ({ one, two, clock }) => {
      await one.sessions.put(makeSession());
      await one.sessions.put(makeSession({ seenAt: afterNoon(5) }));
      await one.sessions.put(makeSession({ id: "s2", expiresAt: afterNoon(1_000) }));
      assert.deepEqual(await two.sessions.get("s1"), makeSession({ seenAt: afterNoon(5) }));
      clock.advance(1_000);
      assert.equal(await two.sessions.removeExpired(), 1);
      assert.equal(await one.sessions.get("s2"), undefined);
      await two.sessions.remove("s1");
      assert.equal(await one.sessions.get("s1"), undefined);
    },
  },
  {
    promise: "instances are told by what they said last, newest start first, until they are removed",
    run: async ({ one, two }) => {
      await one.instances.beat(makeInstance());
      await one.instances.beat(makeInstance({ beatAt: afterNoon(10), ruleSet: "v2" }));
      await two.instances.beat(makeInstance({ id: "i2", startedAt: afterNoon(5), beatAt: afterNoon(50) }));
      assert.deepEqual(await two.instances.list(), [
        makeInstance({ id: "i2", startedAt: afterNoon(5), beatAt: afterNoon(50) }),
        makeInstance({ beatAt: afterNoon(10), ruleSet: "v2" }),
      ]);
      await two.instances.removeBefore(afterNoon(50));
      assert.deepEqual((await one.instances.list()).map(({ id }) => id), ["i2"]);
      await one.instances.remove("i2");
      await one.instances.remove("i2");
      assert.deepEqual(await two.instances.list(), []);
    },
  },
  {
    promise: "audit.list() tells who did what, newest first, of one object or of all",
    run: async ({ one, two }) => {
      const entries = [1, 2, 3].map((n) =>
        makeAuditEntry({ id: `a${n}`, at: afterNoon(n), object: n === 2 ? "other" : "shop" })
      );
      await one.audit.add(entries);
      await one.audit.add([]);
      assert.deepEqual(await two.audit.list({ limit: 2 }), [entries[2], entries[1]]);
      assert.deepEqual(await two.audit.list({ object: "shop", limit: 9 }), [entries[2], entries[0]]);
      assert.deepEqual(await two.audit.list({ limit: 9, before: afterNoon(2) }), [entries[0]]);
    },
  },
  {
    promise: "audit.list() narrows by who, what and when",
    run: async ({ one, two }) => {
      const ana = makeAuditEntry({ id: "a1", at: afterNoon(1), actor: "ana", action: "note.add" });
      const ben = makeAuditEntry({ id: "a2", at: afterNoon(2), actor: "ben", action: "note.add" });
      const later = makeAuditEntry({ id: "a3", at: afterNoon(3), actor: "ana", action: "message.send" });
      await one.audit.add([ana, ben, later]);
      assert.deepEqual(await two.audit.list({ actor: "ana", limit: 9 }), [later, ana]);
      assert.deepEqual(await two.audit.list({ action: "note.add", limit: 9 }), [ben, ana]);
      assert.deepEqual(await two.audit.list({ actor: "ana", action: "note.add", limit: 9 }), [ana]);
      assert.deepEqual(await two.audit.list({ since: afterNoon(2), before: afterNoon(3), limit: 9 }), [ben]);
    },
  },
  {
    promise: "audit.page() skips no entry of one instant, and repeats none",
    run: async ({ one, two }) => {
      const entries = [1, 2, 3, 4, 5].map((n) => makeAuditEntry({ id: `a${n}`, at: afterNoon(n === 1 ? 0 : 1) }));
      await one.audit.add(entries);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await two.audit.page({ limit: 2, cursor });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      assert.deepEqual(seen, ["a5", "a4", "a3", "a2", "a1"]);
    },
  },
  {
    promise: "a store that was closed rejects with StoreUnavailableError, whatever it is asked",
    run: async ({ one, two }) => {
      await two.ping();
      await two[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      const asked = [
        two.ping(),
        two.conversations.load("x"),
        two.limits.reserve("x", 1),
        two.audit.add([makeAuditEntry()]),
        two.envelopes.accept({ id: "x", body: new Uint8Array(), receivedAt: noon }),
      ];
      for (const answer of await Promise.allSettled(asked)) {
        assert.ok(answer.status === "rejected" && answer.reason instanceof StoreUnavailableError);
        assert.ok(answer.reason.cause instanceof Error);
      }
      await one.ping();
    },
  },
];
