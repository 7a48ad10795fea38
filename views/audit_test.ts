import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasMessage } from "@views/i18n.ts";

const root = fileURLToPath(new URL("../src", import.meta.url));
const code = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts") && !name.includes("testing"))
  .map((name) => readFileSync(`${root}/${name}`, "utf8"))
  .join("\n");

Deno.test("everything that is written into the audit log has words on its page", () => {
  const lines = code.split("\n").filter((line) => /\baction[:=]|const action = /.test(line));
  const actions = new Set(
    lines.flatMap((line) => [...line.matchAll(/"([a-z]+\.[a-zA-Z]+)"/g)].map(([, name]) => name)),
  );
  assert.ok(actions.size > 15, `found ${actions.size}`);
  const shown = [...actions, "outbound.retry", "outbound.arrived", "outbound.discard", "outbound.cancel"];
  assert.deepEqual(shown.filter((name) => !hasMessage(`audit.action.${name}`)), []);
});
