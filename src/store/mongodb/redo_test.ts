import assert from "node:assert/strict";
import { MongoNetworkError } from "mongodb";
import { sweep } from "@/store/mongodb/sweep.ts";
import { armEverything, settleEverything, tell } from "@/store/mongodb/testing/changes.ts";
import { Gate, type InterceptedHandle, interceptReads, interceptWrites } from "@/store/mongodb/testing/intercept.ts";
import { openTemporaryMongo, type TemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { adaId, claimBy, mustLoad, patched, save } from "@/store/testing/check.ts";
import { makeCommand, makeMessage } from "@/store/testing/factories.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Writes of a commit of every row: its command's claim, the head, seven collections, the feed, the clearing. */
const commitWrites = 11;

/** Once so many are done, such a commit is. */
const decided = 2;

class Crash extends Error {
  override readonly name = "Crash";
}

/** A handle whose process ends after so many writes. */
function crashingAfter({ uri, one }: TemporaryMongo, writes: number): Promise<InterceptedHandle> {
  return interceptWrites(
    uri,
    one.now,
    ({ index }, proceed) => index < writes ? proceed() : Promise.reject(new Crash()),
  );
}

/** A handle that is held before the write, and goes on when the gate opens. */
function heldBefore({ uri, one }: TemporaryMongo, write: number, gate: Gate): Promise<InterceptedHandle> {
  return interceptWrites(uri, one.now, async ({ index }, proceed) => {
    if (index === write) await gate.wait();
    return await proceed();
  });
}

/** What is told after both changes, when nothing goes wrong. */
async function tellBoth(serverUri: string): Promise<Record<string, unknown>> {
  await using mongo = await openTemporaryMongo(serverUri);
  const base = await save(mongo.one);
  await mongo.one.conversations.commit(armEverything(base));
  await mongo.one.conversations.commit(settleEverything(await mustLoad(mongo.one)));
  return await tell(mongo.two);
}

/** Stops the first change before its write `writes`. */
async function commitUntil(mongo: TemporaryMongo, writes: number): Promise<void> {
  await using dying = await crashingAfter(mongo, writes);
  const change = armEverything(await save(mongo.one));
  await assert.rejects(dying.conversations.commit(change), Crash);
}

await withMongo(({ uri }) => {
  Deno.test("MongoDB: a commit that ends after any of its writes is finished by whoever reads the aggregate next", async () => {
    await using sound = await openTemporaryMongo(uri);
    await sound.one.conversations.commit(armEverything(await save(sound.one)));
    const whole = await tell(sound.one);
    for (let writes = decided; writes < commitWrites; writes++) {
      await using mongo = await openTemporaryMongo(uri);
      await commitUntil(mongo, writes);
      await mustLoad(mongo.two);
      assert.deepEqual(await tell(mongo.two), whole, `ended after write ${writes}`);
    }
  });

  Deno.test("MongoDB: a commit that ends before its head is written leaves nothing, and the command can be given again", async () => {
    for (let writes = 0; writes < decided; writes++) {
      await using mongo = await openTemporaryMongo(uri);
      await commitUntil(mongo, writes);
      const base = await mustLoad(mongo.two);
      assert.equal(base.conversation.ver, 1);
      assert.equal(await mongo.two.messages.count(), 0);
      assert.equal(await mongo.two.commands.get("c1"), undefined);
      assert.equal(await mongo.two.conversations.commit(armEverything(base)), "committed");
    }
  });

  Deno.test("MongoDB: what was committed is due at once, even when its commit ended after its head was written (C18)", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await commitUntil(mongo, decided);
    assert.deepEqual(await mongo.two.conversations.claimTurns(claimBy("two")), [adaId]);
    assert.deepEqual(await mongo.two.conversations.claimSends(claimBy("two")), [adaId]);
  });

  Deno.test("MongoDB: the sweep finishes a commit that nobody reads, once it is old enough", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await commitUntil(mongo, decided);
    await using sweeping = await crashingAfter(mongo, Infinity);
    await sweep(sweeping.db, mongo.one.now());
    assert.equal(await mongo.two.messages.count(), 0);
    mongo.clock.advance(60_000);
    await sweep(sweeping.db, mongo.one.now());
    assert.equal(await mongo.two.messages.count(), 1);
    assert.equal(await sweeping.db.rows("conversations").countDocuments({ redo: { $exists: true } }), 0);
  });

  Deno.test("MongoDB: a commit that ended before the feed told of it is told when the sweep comes, other rows or none", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    await using dying = await crashingAfter(mongo, 1);
    await assert.rejects(dying.conversations.commit(patched(base, { conversation: { unread: 1 } })), Crash);
    assert.equal(await mongo.two.feed.newest(), 1);
    mongo.clock.advance(60_000);
    await using sweeping = await crashingAfter(mongo, Infinity);
    await sweep(sweeping.db, mongo.one.now());
    assert.ok(await mongo.two.feed.newest() > 1);
  });

  Deno.test("MongoDB: the feed tells of a commit only when all that it wrote can be read", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const gate = new Gate();
    const base = await save(mongo.one);
    await using held = await interceptWrites(mongo.uri, mongo.one.now, async ({ collection }, proceed) => {
      if (collection === "messages") await gate.wait();
      return await proceed();
    });
    const committing = held.conversations.commit(armEverything(base));
    await gate.arrived;
    assert.equal(await mongo.two.feed.newest(), 1);
    gate.open();
    await committing;
    assert.equal(await mongo.two.feed.newest(), 2);
  });

  Deno.test("MongoDB: the list of conversations shows one whose first commit was not finished", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await using dying = await crashingAfter(mongo, 1);
    const fresh = patched(await save(mongo.one, { psid: "bob" }), {});
    const conversation = { ...fresh.base.conversation, id: adaId, psid: "ada", ver: 0 };
    const base = { ...fresh.base, conversation, contact: { ...fresh.base.contact, id: adaId, psid: "ada" } };
    const debounce = { ...base.debounce, conversationId: adaId };
    await assert.rejects(
      dying.conversations.commit(patched({ ...base, debounce }, { conversation: { unread: 1 } })),
      Crash,
    );
    const { items } = await mongo.two.conversations.list({ unread: true, limit: 10 });
    assert.deepEqual(items.map(({ contact }) => contact.psid), ["ada"]);
  });

  Deno.test("MongoDB: whoever finishes a commit late, at any of its writes, changes nothing that came after (C22)", async () => {
    const whole = await tellBoth(uri);
    for (let write = decided; write < commitWrites; write++) {
      await using mongo = await openTemporaryMongo(uri);
      const gate = new Gate();
      await using late = await heldBefore(mongo, write, gate);
      const committing = late.conversations.commit(armEverything(await save(mongo.one)));
      await gate.arrived;
      const settled = settleEverything(await mustLoad(mongo.two));
      assert.equal(await mongo.two.conversations.commit(settled), "committed");
      gate.open();
      assert.equal(await committing, "committed");
      assert.deepEqual(await tell(mongo.two), whole, `late at write ${write}`);
    }
  });

  Deno.test("MongoDB: what was made idle stays as a row, so that nobody late brings it back armed", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    await mongo.one.conversations.commit(armEverything(base));
    await mongo.one.conversations.commit(settleEverything(await mustLoad(mongo.one)));
    await using handle = await crashingAfter(mongo, Infinity);
    const rows = await Promise.all(
      ["debounce", "outbound_queue"].map((name) => handle.db.rows(name).find().toArray()),
    );
    assert.deepEqual(rows.map(([row]) => row?.ver), [3, 3]);
  });

  Deno.test("MongoDB: whoever clears a list late leaves a newer one alone", async () => {
    const whole = await tellBoth(uri);
    await using mongo = await openTemporaryMongo(uri);
    const gate = new Gate();
    await using late = await heldBefore(mongo, commitWrites - 1, gate);
    const committing = late.conversations.commit(armEverything(await save(mongo.one)));
    await gate.arrived;
    await using dying = await crashingAfter(mongo, decided);
    const settled = settleEverything(await mustLoad(mongo.two));
    await assert.rejects(dying.conversations.commit(settled), Crash);
    gate.open();
    await committing;
    await mustLoad(mongo.two);
    assert.deepEqual(await tell(mongo.two), whole);
  });

  Deno.test("MongoDB: a row that is only added stays as it is when somebody late adds it again", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const [ada, bob] = [await save(mongo.one), await save(mongo.one, { psid: "bob" })];
    const gate = new Gate();
    await using late = await interceptWrites(mongo.uri, mongo.one.now, async ({ collection }, proceed) => {
      if (collection === "commands") await gate.wait();
      return await proceed();
    });
    const commands = [makeCommand({ id: "c1", conversationId: "shop_bob" })];
    const committing = late.conversations.commit(patched(bob, {}, { commands }));
    await gate.arrived;
    await mongo.two.conversations.commit(patched(ada, {}, { commands: [makeCommand({ id: "c1" })] }));
    gate.open();
    await committing;
    assert.equal((await mongo.one.commands.get("c1"))?.conversationId, adaId);
  });

  Deno.test("MongoDB: a list is cleared only when every row of it was written", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    await using failing = await interceptWrites(
      mongo.uri,
      mongo.one.now,
      ({ collection }, proceed) =>
        collection === "outbound_queue" ? Promise.reject(new MongoNetworkError("cut off")) : proceed(),
    );
    assert.equal(await failing.conversations.commit(armEverything(base)), "committed");
    assert.equal((await mustLoad(mongo.two)).outbound.length, 1);
  });

  Deno.test("MongoDB: every write is asked for with majority and journal, every read of the majority's", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await using handle = await crashingAfter(mongo, Infinity);
    const { writeConcern, readConcern, readPreference } = handle.db.rows("messages");
    assert.deepEqual([writeConcern?.w, writeConcern?.journal, readConcern?.level], ["majority", true, "majority"]);
    assert.equal(readPreference?.mode, "primary");
  });

  Deno.test("MongoDB: a commit never writes over a list that is not finished", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await using failing = await interceptWrites(mongo.uri, mongo.one.now, ({ method }, proceed) => {
      return method === "bulkWrite" ? Promise.reject(new MongoNetworkError("cut off")) : proceed();
    });
    const change = armEverything(await save(mongo.one));
    assert.equal(await failing.conversations.commit(change), "committed");
    const unread = { ...change.next, conversation: { ...change.next.conversation, ver: 2 } };
    const next = patched(unread, { conversation: { unread: 2 } }, { messages: [makeMessage({ mid: "m2" })] });
    assert.equal(await mongo.two.conversations.commit(next), "committed");
    assert.equal(await mongo.one.messages.count(), 2);
    assert.equal((await mustLoad(mongo.one)).contact.name, "First");
  });

  Deno.test("MongoDB: load() never mixes rows of two commits", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one, { contact: { name: "v1" } });
    const change = patched(base, { conversation: { unread: 2 }, contact: { name: "v2" } });
    await using reader = await interceptReads(mongo.uri, mongo.one.now, async ({ collection }, proceed) => {
      if (collection === "contacts") await mongo.one.conversations.commit(change);
      return await proceed();
    });
    const { conversation, contact } = await reader.conversations.load(adaId) ?? assert.fail("the conversation is gone");
    assert.deepEqual([conversation.ver, contact.name], [2, "v2"]);
  });

  Deno.test("MongoDB: a row that another added between look and write is judged by its version, not taken for newer", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    let isFirst = true;
    await using racing = await interceptWrites(mongo.uri, mongo.one.now, async ({ collection, method }, proceed) => {
      if (collection !== "messages" || method !== "bulkWrite" || !isFirst) return await proceed();
      isFirst = false;
      const ghost = { _id: "shop:msg:m1", ver: 1, text: "ghost" };
      await using other = await crashingAfter(mongo, Infinity);
      await other.db.rows("messages").insertOne(ghost);
      return await other.db.rows("messages").bulkWrite([{ insertOne: { document: ghost } }], { ordered: false });
    });
    await racing.conversations.commit(armEverything(base));
    assert.equal((await mongo.one.messages.byIds(["shop:msg:m1"]))[0].text, "first");
  });
});
