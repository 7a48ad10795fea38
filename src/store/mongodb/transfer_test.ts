import { openTemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { testTransfer } from "@/store/testing/transfer_checks.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

await withMongo(({ uri }) => testTransfer("MongoDB", () => openTemporaryMongo(uri)));
