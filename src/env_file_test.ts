import assert from "node:assert/strict";
import { readEnvFile } from "@/env_file.ts";

Deno.test("readEnvFile() reads names and values, comments left out", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, '# a comment\nPORT=9000\nMOCA_ADMIN_TOKEN="a b"\n');
  assert.deepEqual({ ...readEnvFile(path) }, { PORT: "9000", MOCA_ADMIN_TOKEN: "a b" });
  await Deno.remove(path);
});

Deno.test("readEnvFile() takes a missing file for an empty one", () => {
  assert.deepEqual(readEnvFile("no/such/.env"), {});
});
