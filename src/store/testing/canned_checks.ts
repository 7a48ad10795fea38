import assert from "node:assert/strict";
import type { CannedReply } from "@/store/records.ts";
import { adaId, save, type StoreCheck } from "@/store/testing/check.ts";
import { accountId, afterNoon, noon } from "@/store/testing/factories.ts";

function makeReply(patch: Partial<CannedReply> & { readonly id: string }): CannedReply {
  const stamps = { createdAt: noon, updatedAt: noon, updatedBy: "ana" };
  return { accountId, title: patch.id, shortcut: "", body: "Hi {{name}}", ver: 0, ...stamps, ...patch };
}

const typed = { conversationId: adaId, operator: "grace", commandId: "c1", writing: "reply", savedAt: noon } as const;

export const cannedChecks: readonly StoreCheck[] = [
  {
    promise:
      "cannedReplies keeps an account's replies in order of titles, each written only onto the version read (C22)",
    run: async ({ one, two }) => {
      const reply = makeReply({ id: "r1", title: "Prices", shortcut: "prices" });
      assert.equal(await one.cannedReplies.put(reply, 0), "stored");
      assert.equal(await two.cannedReplies.put(reply, 0), "conflict");
      assert.deepEqual(await two.cannedReplies.get("r1"), { ...reply, ver: 1 });
      assert.equal(await two.cannedReplies.put({ ...reply, body: "From $20" }, 1), "stored");
      assert.equal(await one.cannedReplies.put({ ...reply, body: "From $30" }, 1), "conflict");
      await one.cannedReplies.put(makeReply({ id: "r2", title: "Hours" }), 0);
      await one.cannedReplies.put(makeReply({ id: "r3", accountId: "other" }), 0);
      const bodies = (await two.cannedReplies.list(accountId)).map(({ title, body }) => [title, body]);
      assert.deepEqual(bodies, [["Hours", "Hi {{name}}"], ["Prices", "From $20"]]);
      assert.deepEqual([await one.cannedReplies.remove("r1"), await two.cannedReplies.remove("r1")], [
        "removed",
        "absent",
      ]);
      assert.equal(await one.cannedReplies.get("r1"), undefined);
    },
  },
  {
    promise: "typedTexts keeps one text for each operator and conversation until it is removed",
    run: async ({ one, two }) => {
      await save(one);
      assert.equal(await one.typedTexts.put({ ...typed, text: "Hel" }), "stored");
      assert.equal(await two.typedTexts.put({ ...typed, text: "Hello", commandId: "c2" }), "stored");
      assert.equal(await two.typedTexts.put({ ...typed, operator: "ada", text: "Hola" }), "stored");
      assert.deepEqual(await one.typedTexts.get(adaId, "grace"), { ...typed, text: "Hello", commandId: "c2" });
      await one.typedTexts.remove(adaId, "grace", "c1");
      assert.equal((await one.typedTexts.get(adaId, "grace"))?.text, "Hello");
      await one.typedTexts.remove(adaId, "grace", "c2");
      assert.equal(await two.typedTexts.get(adaId, "grace"), undefined);
      await two.typedTexts.remove(adaId, "ada");
      assert.equal(await one.typedTexts.get(adaId, "ada"), undefined);
      await one.typedTexts.put({ ...typed, text: "Hello" });
      assert.equal(await two.typedTexts.removeBefore(noon), 0);
      assert.equal(await two.typedTexts.removeBefore(afterNoon(1)), 1);
    },
  },
  {
    promise: "typedTexts keeps nothing for a conversation that is not there, and goes with the contact (C30)",
    run: async ({ one, two }) => {
      assert.equal(await one.typedTexts.put({ ...typed, text: "Hello" }), "absent");
      await save(one);
      await one.typedTexts.put({ ...typed, text: "Hello" });
      await two.conversations.erase(adaId);
      assert.equal(await one.typedTexts.get(adaId, "grace"), undefined);
      assert.equal(await one.typedTexts.put({ ...typed, text: "Hello" }), "absent");
    },
  },
];
