import assert from "node:assert/strict";
import { yamlFileJsonSchema } from "@/rules/yaml/rule_schema.ts";

Deno.test("rules/rule.schema.json is what src/rules/yaml/write_schema.ts would write", async () => {
  const path = new URL("../../../rules/rule.schema.json", import.meta.url);
  const committed: unknown = JSON.parse(await Deno.readTextFile(path));
  assert.deepEqual(committed, JSON.parse(JSON.stringify(yamlFileJsonSchema())));
});
