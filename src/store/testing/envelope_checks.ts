import assert from "node:assert/strict";
import { claimBy, type StoreCheck } from "@/store/testing/check.ts";
import { afterNoon, makeEnvelope } from "@/store/testing/factories.ts";

const ids = (envelopes: readonly { id: string }[]): string[] => envelopes.map(({ id }) => id);

export const envelopeChecks: readonly StoreCheck[] = [
  {
    promise: "envelopes.accept() keeps an envelope once, however often and by whomever it comes (C1)",
    run: async ({ one, two }) => {
      const envelope = makeEnvelope({ body: '{"é":1}' });
      const answers = await Promise.all([one, two, one, two].map((store) => store.envelopes.accept(envelope)));
      assert.deepEqual(answers.toSorted(), ["duplicate", "duplicate", "duplicate", "stored"]);
      assert.equal(await one.envelopes.accept({ ...envelope, receivedAt: afterNoon(5) }), "duplicate");
      const kept = { ...envelope, state: "new" as const, attempts: 0 };
      const stored = await two.envelopes.get("e1");
      assert.deepEqual({ ...stored, body: new Uint8Array(stored?.body ?? []) }, kept);
      assert.equal((await one.envelopes.list({ limit: 10 })).length, 1);
    },
  },
  {
    promise: "envelopes.accept() keeps many that come together, all of them (C1)",
    run: async ({ one, two }) => {
      const many = Array.from({ length: 300 }, (_, index) => makeEnvelope({ id: `e${index}` }));
      const answers = await Promise.all(many.map((envelope) => one.envelopes.accept(envelope)));
      assert.ok(answers.every((answer) => answer === "stored"));
      assert.equal((await two.envelopes.list({ state: "new", limit: 1_000 })).length, 300);
    },
  },
  {
    promise: "envelopes.claim() gives each envelope to one claimer, oldest first",
    run: async ({ one, two }) => {
      for (const age of [3, 1, 2, 4]) {
        await one.envelopes.accept(makeEnvelope({ id: `e${age}`, receivedAt: afterNoon(age) }));
      }
      const first = await one.envelopes.claim({ ...claimBy("one"), limit: 2 });
      const second = await two.envelopes.claim(claimBy("two"));
      assert.deepEqual([ids(first), ids(second)], [["e1", "e2"], ["e3", "e4"]]);
      assert.deepEqual(await one.envelopes.claim(claimBy("one")), []);
    },
  },
  {
    promise: "envelopes.claim() gives an envelope again after its lease, and counts the claims (C20)",
    run: async ({ one, two, clock }) => {
      await one.envelopes.accept(makeEnvelope());
      assert.deepEqual((await one.envelopes.claim(claimBy("one"))).map(({ attempts }) => attempts), [1]);
      clock.advance(999);
      assert.deepEqual(await two.envelopes.claim(claimBy("two")), []);
      clock.advance(1);
      assert.deepEqual((await two.envelopes.claim(claimBy("two"))).map(({ attempts }) => attempts), [2]);
      assert.equal((await one.envelopes.get("e1"))?.attempts, 2);
    },
  },
  {
    promise: "envelopes.finish() ends the work for good, with the note",
    run: async ({ one, two, clock }) => {
      await one.envelopes.accept(makeEnvelope({ id: "e1" }));
      await one.envelopes.accept(makeEnvelope({ id: "e2" }));
      await one.envelopes.claim(claimBy("one"));
      await one.envelopes.finish([{ id: "e1", state: "split" }, { id: "e2", state: "dead", note: "not understood" }]);
      clock.advance(5_000);
      assert.deepEqual(await two.envelopes.claim(claimBy("two")), []);
      assert.deepEqual(ids(await two.envelopes.list({ state: "split", limit: 10 })), ["e1"]);
      const dead = await two.envelopes.list({ state: "dead", limit: 10 });
      assert.deepEqual(dead.map(({ id, note }) => [id, note]), [["e2", "not understood"]]);
      assert.equal(await one.envelopes.accept(makeEnvelope({ id: "e1" })), "duplicate");
    },
  },
  {
    promise: "envelopes.revive() makes a dead envelope new again, with its tries, and no other",
    run: async ({ one, two, clock }) => {
      for (const id of ["dead", "split"]) await one.envelopes.accept(makeEnvelope({ id }));
      await one.envelopes.claim(claimBy("one"));
      await one.envelopes.finish([{ id: "dead", state: "dead", note: "not understood" }, {
        id: "split",
        state: "split",
      }]);
      clock.advance(5_000);
      const outcomes = [await two.envelopes.revive("dead"), await two.envelopes.revive("dead")];
      assert.deepEqual(outcomes, ["revived", "notDead"]);
      assert.deepEqual([await two.envelopes.revive("split"), await two.envelopes.revive("none")], [
        "notDead",
        "absent",
      ]);
      const [again] = await one.envelopes.claim(claimBy("one"));
      assert.deepEqual([again?.id, again?.attempts, again?.note], ["dead", 1, undefined]);
    },
  },
  {
    promise: "envelopes.removeBefore() removes what is old and done, and keeps what is new",
    run: async ({ one, two }) => {
      for (const id of ["split", "dead", "new", "young"]) {
        await one.envelopes.accept(makeEnvelope({ id, receivedAt: afterNoon(id === "young" ? 10 : 0) }));
      }
      await one.envelopes.finish([
        { id: "split", state: "split" },
        { id: "dead", state: "dead" },
        { id: "young", state: "split" },
      ]);
      assert.equal(await two.envelopes.removeBefore(afterNoon(10)), 2);
      assert.deepEqual(ids(await one.envelopes.list({ limit: 10 })).toSorted(), ["new", "young"]);
    },
  },
];
