import assert from "node:assert/strict";
import { MongoNetworkError } from "mongodb";
import { armEverything, tell } from "@/store/mongodb/testing/changes.ts";
import { type InterceptedHandle, type Interceptor, interceptWrites } from "@/store/mongodb/testing/intercept.ts";
import { openTemporaryMongo, type TemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { mustLoad, patched, save } from "@/store/testing/check.ts";
import { makeAggregate } from "@/store/testing/factories.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** A handle to whose head writes something happens the first so many times. */
function atHead({ uri, one }: TemporaryMongo, times: number, happen: Interceptor): Promise<InterceptedHandle> {
  let left = times;
  return interceptWrites(uri, one.now, (request, proceed) => {
    const isHead = request.collection === "conversations" && left > 0;
    if (!isHead) return proceed();
    left--;
    return happen(request, proceed);
  });
}

async function loseAnswer(_: unknown, proceed: () => Promise<unknown>): Promise<never> {
  await proceed();
  throw new MongoNetworkError("cut off after");
}

function loseRequest(): Promise<never> {
  return Promise.reject(new MongoNetworkError("cut off before"));
}

await withMongo(({ uri }) => {
  for (const beginning of ["begins", "goes on with"] as const) {
    Deno.test(`MongoDB: a commit that ${beginning} a conversation and whose answer was lost is known to be done`, async () => {
      await using mongo = await openTemporaryMongo(uri);
      const base = beginning === "begins" ? makeAggregate() : await save(mongo.one);
      await using cut = await atHead(mongo, 1, loseAnswer);
      assert.equal(await cut.conversations.commit(armEverything(base)), "committed");
      const told = await tell(mongo.two);
      assert.equal((await mustLoad(mongo.two)).conversation.ver, base.conversation.ver + 1);
      assert.deepEqual(told.audit, ["a1"]);
    });
  }

  Deno.test("MongoDB: a commit whose answer was lost is known to be done when others went on from it", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    await using cut = await atHead(mongo, 1, async (_, proceed) => {
      await proceed();
      await save(mongo.two, { conversation: { unread: 7 } });
      throw new MongoNetworkError("cut off after");
    });
    assert.equal(await cut.conversations.commit(armEverything(base)), "committed");
    assert.deepEqual([(await mustLoad(mongo.one)).conversation.unread, await mongo.one.messages.count()], [7, 1]);
  });

  Deno.test("MongoDB: a commit whose answer was lost is a conflict when another came first", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const base = await save(mongo.one);
    await using cut = await atHead(mongo, 1, async () => {
      await save(mongo.two, { conversation: { unread: 7 } });
      throw new MongoNetworkError("cut off before");
    });
    assert.equal(await cut.conversations.commit(armEverything(base)), "conflict");
    assert.deepEqual([(await mustLoad(mongo.one)).conversation.unread, await mongo.one.messages.count()], [7, 0]);
  });

  for (const ver of [0, 1]) {
    Deno.test(`MongoDB: a commit on version ${ver} that never arrived is made again`, async () => {
      await using mongo = await openTemporaryMongo(uri);
      const base = ver === 0 ? makeAggregate() : await save(mongo.one);
      await using cut = await atHead(mongo, 2, loseRequest);
      assert.equal(await cut.conversations.commit(armEverything(base)), "committed");
      assert.equal((await mustLoad(mongo.one)).conversation.ver, ver + 1);
    });
  }

  Deno.test("MongoDB: a commit that cannot be made is told apart from a conflict", async () => {
    await using mongo = await openTemporaryMongo(uri);
    const change = patched(await save(mongo.one), { conversation: { unread: 1 } });
    await using cut = await atHead(mongo, Infinity, loseRequest);
    await assert.rejects(cut.conversations.commit(change), StoreUnavailableError);
  });
});
