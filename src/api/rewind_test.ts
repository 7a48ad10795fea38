import assert from "node:assert/strict";
import { writePast } from "@tests/support/past_turns.ts";
import { openApi } from "@/api/testing.ts";

const file = { name: "70.yaml", text: "name: hellos\nmatch: { any: [hello] }\nreply: Hello!\n" };

Deno.test("POST /rules/rewind begins a run in the background; its changes are read page by page", async () => {
  await using fixture = await openApi();
  const { store, deps } = fixture;
  const from = new Date(store.now().getTime() - 3_600_000);
  const set = { ...deps.rules.current(), rules: [] };
  await writePast(store, { set, conversations: [["hello", "bye"], ["hello", "hello"]], from });
  const started = await fixture.ask("POST", "/rules/rewind", { days: 1, file });
  assert.deepEqual([started.status, started.json.state, started.json.file], [202, "running", "70.yaml"]);
  await deps.rewinds.ended(started.json.id);
  const first = await fixture.ask("GET", `/rules/rewind/${started.json.id}?limit=2`);
  assert.deepEqual([first.json.state, first.json.progress, first.json.turns, first.json.changed], ["done", 1, 4, 3]);
  assert.deepEqual(first.json.kinds, { "pass>reply": 3 });
  const { then, now, model } = first.json.items[0];
  assert.deepEqual([then.kind, then.rule, then.outcome, now.rule, now.texts, model], [
    "pass",
    null,
    "silent",
    "hellos",
    ["Hello!"],
    null,
  ]);
  const next = await fixture.ask("GET", `/rules/rewind/${started.json.id}?limit=2&cursor=${first.json.nextCursor}`);
  assert.deepEqual([next.json.items.length, next.json.nextCursor], [1, null]);
  assert.equal((await fixture.ask("GET", "/rules/rewind")).json.items.length, 1);
  assert.equal((await fixture.ask("POST", `/rules/rewind/${started.json.id}/cancel`)).json.state, "done");
});

Deno.test("POST /rules/rewind refuses code, a broken file, an unknown account and days that are none", async () => {
  await using fixture = await openApi();
  const ask = (body: unknown) => fixture.ask("POST", "/rules/rewind", body);
  assert.equal((await ask({})).status, 422);
  assert.equal((await ask({ days: 400 })).status, 422);
  assert.equal((await ask({ days: 1, account: "nobody" })).status, 404);
  assert.equal((await ask({ days: 1, file: { name: "70.ts", text: "export default 1" } })).status, 422);
  const broken = await ask({ days: 1, file: { name: "70.yaml", text: "name: a\nmatch: {}\nreply: x\n" } });
  assert.equal(broken.status, 422);
  assert.match(broken.json.error.fields["file.text"], /^2:1 Cannot load rule "70\.yaml"/);
});

Deno.test("POST /rules/test tells of every rule, in order, and takes a contact", async () => {
  await using fixture = await openApi();
  const { json } = await fixture.ask("POST", "/rules/test", { texts: ["hello"] });
  assert.deepEqual(json.rules.map(({ name, place, verdict }: Record<string, string>) => [name, place, verdict]), [
    ["prices", "before", "pass"],
  ]);
  const unknown = await fixture.ask("POST", "/rules/test", { texts: ["hello"], conversation: "nobody" });
  assert.equal(unknown.status, 404);
});
