/** What a contact takes back is nowhere any more but in the raw webhooks, which are kept for 7 days. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { oneCall, type PuppetAnswer, type PuppetRequest, startPuppetModel } from "@tests/support/puppet_model.ts";
import { TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const secret = "My IBAN is ES9121000418";
const trace = /ES9121000418|iban/i;

/** Notes the account number and quotes it in its reason; from then on it stands among the contact's facts. */
function tellEverything({ body }: PuppetRequest): PuppetAnswer {
  const asked = body.messages.at(-1)?.content ?? "";
  if (!asked.includes(`${secret}</message>\n</burst>`)) return oneCall("stay_silent", { reason: "a greeting" });
  const note = { field: "custom", label: "bank account", value: "ES9121000418", quote: secret };
  const reason = "gave the number ES9121000418";
  return {
    kind: "calls",
    calls: [{ name: "update_contact", arguments: note }, { name: "stay_silent", arguments: { reason } }],
  };
}

/** Rows that hold the trace, of every table but the envelopes. */
function rowsWithTrace(path: string): readonly string[] {
  using db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'envelopes'").all();
  return tables.flatMap(({ name }) =>
    db.prepare(`SELECT * FROM "${name}"`).all().filter((row) => trace.test(readable(row))).map(() => String(name))
  );
}

/** Bytes as text, so that the search index's own tables can be read too. */
function readable(row: Readonly<Record<string, unknown>>): string {
  const parts = Object.values(row).map((value) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)
  );
  return parts.join("\n");
}

async function answersWithTrace(test: TestMoca): Promise<readonly string[]> {
  const id = test.conversation(ana);
  const { items: turns } = await test.get(`/conversations/${id}/turns`);
  const paths = [
    "/conversations",
    `/conversations/${id}`,
    `/conversations/${id}/messages?limit=100`,
    `/conversations/${id}/turns`,
    ...turns.map((turn: { id: string }) => `/turns/${turn.id}`),
    `/contacts/${id}`,
    "/outbound",
  ];
  const answers = await Promise.all(paths.map(async (path) => [path, JSON.stringify(await test.get(path))] as const));
  return answers.filter(([, body]) => trace.test(body)).map(([path]) => path);
}

Deno.test("an unsent message is in no answer of the API and in no row, wherever it had got to", async () => {
  await using puppet = startPuppetModel(tellEverything);
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url }, settings: { cooldownMs: 0 } });
  const [mid = ""] = (await test.instagram.contactSends(ana, { kind: "text", text: "My IBAN" })).mids;
  await test.instagram.contactSends(ana, { kind: "edit", mid, text: secret });
  await test.pass(6_000);
  await test.instagram.contactSends(ana, { kind: "text", text: "and now?" });
  await test.pass(6_000);
  const before = await answersWithTrace(test);
  assert.ok(before.length >= 6, `it was to be everywhere, and was in ${before.join()}`);
  const tables = new Set(rowsWithTrace(`${test.dataDir}/moca.db`));
  for (const table of ["messages", "contacts", "turns"]) assert.ok(tables.has(table), table);
  await test.instagram.contactSends(ana, { kind: "unsend", mid });
  await test.pass(6_000);
  assert.deepEqual(await answersWithTrace(test), []);
  assert.deepEqual(rowsWithTrace(`${test.dataDir}/moca.db`), []);
  assert.equal((await test.get(`/conversations?q=${encodeURIComponent("iban")}`)).total, 0);
});

Deno.test("an unsent message is forgotten in every turn, also where more have told of it than one commit takes", async () => {
  await using puppet = startPuppetModel(tellEverything);
  const settings = { cooldownMs: 0, maxTurnsPerHour: 1_000 };
  await using test = await TestMoca.start({ env: { OPENAI_BASE_URL: puppet.url }, settings });
  const path = `${test.dataDir}/moca.db`;
  const [mid = ""] = (await test.instagram.contactSends(ana, { kind: "text", text: secret })).mids;
  await test.pass(4_000, 4_000);
  for (let count = 0; count < 120; count += 1) {
    await test.instagram.contactSends(ana, { kind: "text", text: `question ${count}` });
    await test.pass(4_000, 4_000);
  }
  const turnsWithTrace = (): number => rowsWithTrace(path).filter((table) => table === "turns").length;
  assert.equal(turnsWithTrace(), 121);
  await test.instagram.contactSends(ana, { kind: "unsend", mid });
  await test.settle();
  assert.equal(turnsWithTrace(), 0);
});
