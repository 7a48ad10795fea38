import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { loadCodeRule } from "@/rules/load_code_rule.ts";
import { matchSchema } from "@/rules/yaml/match_schema.ts";
import { yamlRuleSchema } from "@/rules/yaml/rule_schema.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

const root = new URL("../../", import.meta.url);

interface Block {
  readonly page: string;
  readonly number: number;
  readonly text: string;
}

async function blocks(language: string): Promise<readonly Block[]> {
  const pages = await Promise.all(["docs/rules.md", "rules/README.md"].map(async (page) => {
    const text = await Deno.readTextFile(new URL(page, root));
    const found = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))];
    return found.map(([, block], index) => ({ page, number: index + 1, text: block }));
  }));
  return pages.flat();
}

Deno.test("every YAML example of the documentation is a rule file that goes live", async () => {
  const examples = await blocks("yaml");
  assert.ok(examples.length >= 10);
  for (const { page, number, text } of examples) {
    const content = loadYamlRules(`${page} example ${number}`, text);
    assert.deepEqual(content.kind === "broken" ? content.faults : [], []);
  }
});

Deno.test("every code rule of the documentation is a rule file that goes live", async () => {
  const rules = (await blocks("ts")).filter(({ text }) => text.includes("export default"));
  assert.ok(rules.length >= 2);
  const dir = await Deno.makeTempDir({ prefix: "moca-docs-" });
  for (const { page, number, text } of rules) {
    const path = `${dir}/${page.replace("/", "_")}_${number}.ts`;
    await Deno.writeTextFile(path, text);
    const content = await loadCodeRule({ file: page, url: `file://${path}`, hash: "1", text }, systemClock);
    assert.deepEqual(content.kind === "broken" ? content.faults : [], []);
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("the documented test of the documented rule passes", async () => {
  const [rule, test] = (await blocks("ts")).filter(({ page }) => page === "docs/rules.md").map(({ text }) => text);
  const dir = await Deno.makeTempDir({ prefix: "moca-docs-" });
  try {
    await Deno.writeTextFile(`${dir}/45_third_time.ts`, rule);
    await Deno.writeTextFile(`${dir}/45_third_time_test.ts`, test);
    const tests: (() => Promise<void>)[] = [];
    const { test: register } = Deno;
    try {
      Object.assign(Deno, { test: (_name: string, run: () => Promise<void>) => tests.push(run) });
      await import(`file://${dir}/45_third_time_test.ts`);
    } finally {
      Object.assign(Deno, { test: register });
    }
    assert.equal(tests.length, 1);
    await tests[0]();
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("docs/rules.md speaks of every field, condition and action that a keyword rule can have", async () => {
  const text = await Deno.readTextFile(new URL("docs/rules.md", root));
  const keys = [...Object.keys(yamlRuleSchema.shape), ...Object.keys(matchSchema.shape)];
  assert.ok(keys.length > 20);
  assert.deepEqual(keys.filter((key) => !new RegExp(`\`${key}\\b`).test(text)), []);
});
