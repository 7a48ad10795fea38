/** Writes the schema that editors check keyword rules with: `deno run --allow-write src/rules/yaml/write_schema.ts`. */
import { yamlFileJsonSchema } from "@/rules/yaml/rule_schema.ts";

const target = new URL("../../../rules/rule.schema.json", import.meta.url);
await Deno.writeTextFile(target, `${JSON.stringify(yamlFileJsonSchema(), null, 2)}\n`);
