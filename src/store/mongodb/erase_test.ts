import assert from "node:assert/strict";
import { sweep } from "@/store/mongodb/sweep.ts";
import { armEverything, tell } from "@/store/mongodb/testing/changes.ts";
import { Gate, type InterceptedHandle, interceptWrites } from "@/store/mongodb/testing/intercept.ts";
import { openTemporaryMongo, type TemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { adaId, mustLoad, patched, save } from "@/store/testing/check.ts";
import { makeAggregate, makeMessage } from "@/store/testing/factories.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

const hourMs = 3_600_000;

function plainHandle({ uri, one }: TemporaryMongo): Promise<InterceptedHandle> {
  return interceptWrites(uri, one.now, (_, proceed) => proceed());
}

/** Erases ada while one who has committed is held before the rows; answers after that one has written them. */
async function eraseUnderWriter(mongo: TemporaryMongo): Promise<void> {
  const gate = new Gate();
  await using late = await interceptWrites(mongo.uri, mongo.one.now, async ({ method }, proceed) => {
    if (method === "bulkWrite") await gate.wait();
    return await proceed();
  });
  const committing = late.conversations.commit(armEverything(await save(mongo.one)));
  await gate.arrived;
  assert.equal(await mongo.two.conversations.erase(adaId), "erased");
  gate.open();
  await committing;
}

await withMongo(({ uri }) => {
  Deno.test("MongoDB: what a late writer brings back of an erased contact is removed by the sweep (C30)", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await eraseUnderWriter(mongo);
    assert.equal(await mongo.one.messages.count(), 1, "nobody was late");
    mongo.clock.advance(hourMs);
    await using handle = await plainHandle(mongo);
    await sweep(handle.db, mongo.one.now());
    const { audit: _, ...told } = await tell(mongo.two);
    const nothing = {
      messages: [],
      turns: [],
      items: [],
      commands: [undefined, undefined],
      aggregate: undefined,
      feed: false,
    };
    assert.deepEqual(told, nothing);
  });

  Deno.test("MongoDB: the sweep leaves a contact alone who has written again since", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await eraseUnderWriter(mongo);
    await save(mongo.one, { contact: { name: "Anew" } }, { messages: [makeMessage({ mid: "m9" })] });
    await using handle = await plainHandle(mongo);
    for (const ms of [hourMs, 30 * hourMs, hourMs]) {
      mongo.clock.advance(ms);
      await sweep(handle.db, mongo.one.now());
    }
    assert.equal((await mustLoad(mongo.two)).contact.name, "Anew");
    assert.deepEqual((await mongo.two.messages.page(adaId, { limit: 9 })).items.map(({ mid }) => mid), ["m9"]);
  });

  Deno.test("MongoDB: nothing at all is left of an erased contact after a day", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await eraseUnderWriter(mongo);
    await using handle = await plainHandle(mongo);
    assert.equal(await handle.db.rows("conversations").countDocuments(), 1);
    mongo.clock.advance(25 * hourMs);
    await sweep(handle.db, mongo.one.now());
    assert.equal(await handle.db.rows("conversations").countDocuments(), 0);
  });

  Deno.test("MongoDB: who read the contact before the erasure can commit nothing after it (C22)", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const before = await save(mongo.one);
    await mongo.one.conversations.erase(adaId);
    const stale = patched(before, { conversation: { unread: 9 } });
    assert.equal(await mongo.two.conversations.commit(stale), "conflict");
    assert.equal(await mongo.two.conversations.commit(patched(makeAggregate(), {})), "committed");
    assert.equal(await mongo.two.conversations.commit(stale), "conflict");
  });
});
