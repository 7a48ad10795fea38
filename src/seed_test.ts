import assert from "node:assert/strict";
import { seed } from "@/seed.ts";

Deno.test("seed fills a new data folder, and refuses one that holds anything", async () => {
  const dir = await Deno.makeTempDir({ prefix: "moca-seed-" });
  await seed(`${dir}/data`, { contacts: 3, messages: 9 });
  await assert.rejects(seed(`${dir}/data`, { contacts: 3, messages: 9 }), /it holds 1 accounts, wants an empty store/);
  await Deno.remove(dir, { recursive: true });
});
