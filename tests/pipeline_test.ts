import { withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import { withMongo } from "@tests/support/mongo_server.ts";
import { testPipeline } from "@tests/support/pipeline.ts";
import { TestMoca } from "@tests/support/test_moca.ts";

testPipeline("SQLite", (options) => TestMoca.start(options));

await withMongo(({ uri }) =>
  testPipeline("MongoDB", (options) => {
    const database = withDatabase(uri, `moca_pipeline_${crypto.randomUUID().replaceAll("-", "")}`);
    return TestMoca.start({ ...options, env: { MONGODB_URI: database } });
  })
);
