import { Database } from "@/store/mongodb/database.ts";
import { listConversations } from "@/store/mongodb/inbox.ts";
import { openTemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { fillStore } from "@/seed/fill.ts";
import { compareSearches, scaleChecks } from "@/store/testing/scale_checks.ts";
import { testTransfer } from "@/store/testing/transfer_checks.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

await withMongo(({ uri }) => {
  testTransfer("MongoDB", () => openTemporaryMongo(uri));
  testTransfer("MongoDB", () => openTemporaryMongo(uri), scaleChecks);

  Deno.test("MongoDB: a search that finds more texts than it may read at once finds all the same", async () => {
    await using mongo = await openTemporaryMongo(uri);
    await using transfer = await mongo.transfer();
    await fillStore(transfer, { contacts: 300, messages: 600 });
    const db = await Database.open(mongo.uri);
    try {
      await compareSearches(transfer, (query) => listConversations(db, query, mongo.clock.now(), { maxTexts: 5 }));
    } finally {
      await db.close();
    }
  });
});
