import { testStore } from "@/store/testing/conformance.ts";
import { openTemporaryMongo } from "@/store/mongodb/testing/temporary_mongo.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

await withMongo(({ uri }) => testStore("MongoDB", () => openTemporaryMongo(uri)));
