import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { makeInstagramClient, type SendAnswer } from "@/instagram/client.ts";
import { classifyGraphError, wordsOf } from "@/instagram/errors.ts";
import { type ErrorClass, type ErrorRow, errorTable } from "@/instagram/errors_table.ts";
import { type ErrorFixture, errorFixtures } from "@/instagram/testing/error_fixtures.ts";
import { startInstagram } from "@/simulator/instagram.ts";
import { translateReason, translator } from "@views/i18n.ts";

const psid = "6170000000000101";

/** The row that a fixture is of: the one whose every part it has. */
function isOf(row: ErrorRow, { code, subcode, message }: ErrorFixture): boolean {
  const isNumbers = (row.code ?? code) === code && row.subcode === subcode;
  if (row.says !== undefined) return isNumbers && row.says.test(message);
  return isNumbers && !errorTable.some(({ says }) => says?.test(message));
}

function rowOf(fixture: ErrorFixture): ErrorRow {
  const rows = errorTable.filter((row) => isOf(row, fixture));
  const row = rows.find(({ code }) => code === fixture.code) ?? rows[0];
  assert.ok(row !== undefined, `no row is meant by ${fixture.code}/${fixture.subcode} "${fixture.message}"`);
  return row;
}

const answers: Readonly<Record<ErrorClass, string>> = {
  retry: "refused",
  throttle: "throttled",
  unknown: "unknown",
  fail: "refused",
  window: "refused",
  recipient: "refused",
  token: "refused",
  config: "refused",
  pause: "refused",
};

Deno.test("every row of the error table has one fixture", () => {
  const counts = errorTable.map((row) => errorFixtures.filter((fixture) => rowOf(fixture) === row).length);
  assert.deepEqual(errorTable.filter((_, index) => counts[index] !== 1), []);
});

Deno.test("the pretend Instagram answers every row on demand, and each is taken as the table says", async () => {
  await using instagram = await startInstagram({
    clock: systemClock,
    accountId: "17841400000000001",
    username: "shop",
    token: "good-token",
    appSecret: "secret",
  });
  using client = makeInstagramClient({ graph: { url: instagram.url, version: "v25.0" }, clock: systemClock });
  await instagram.contactSends(psid, { kind: "text", text: "hola" });
  for (const fixture of errorFixtures) {
    instagram.fail({ fault: "refusal", error: fixture });
    const answer = await client.sendText({ accountId: "1784", token: "good-token", psid, text: "hello" });
    const row = rowOf(fixture);
    const seen = [answer.kind, errorOf(answer)?.class, errorOf(answer)?.message, errorOf(answer)?.code];
    assert.deepEqual(seen, [answers[row.class], row.class, wordsOf(row), fixture.code], fixture.message);
  }
  assert.deepEqual(instagram.applied(), []);
  assert.equal(instagram.log.length, errorFixtures.length);
});

function errorOf(answer: SendAnswer): { class?: string; message: string; code?: number } | undefined {
  return "error" in answer ? answer.error : undefined;
}

Deno.test("every row is told in plain words, what Moca does and what a person can do, in English and Spanish", () => {
  for (const { words, cure, class: errorClass } of errorTable) {
    for (const sentence of [words, cure ?? words]) {
      assert.equal(translateReason("en", sentence), sentence);
      assert.notEqual(translateReason("es", sentence), sentence, sentence);
    }
    for (const locale of ["en", "es"] as const) {
      assert.ok(translator(locale)(`does.${errorClass}`) !== "");
      assert.ok(translator(locale)(`ask.${errorClass}`) !== "");
    }
  }
});

Deno.test("a code of no row waits for the thread to be read, and is told apart for the metric", () => {
  const found = classifyGraphError(400, { error: { code: 4_711, error_subcode: 12, message: "new" } });
  assert.deepEqual([found.class, found.unlisted, found.error.code, found.error.subcode], ["unknown", true, 4_711, 12]);
});
