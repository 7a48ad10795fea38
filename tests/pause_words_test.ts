/** Whatever pauses an account says so, with its cure, in each language of the back office. */
import assert from "node:assert/strict";
import { wordsOf } from "@/instagram/errors.ts";
import { errorTable } from "@/instagram/errors_table.ts";
import { translateReason } from "@views/i18n.ts";

const pausing = errorTable.filter((row) => row.class === "token" || row.class === "config" || row.class === "pause");

Deno.test("every reason that pauses an account is told in Spanish, each part of it", () => {
  assert.ok(pausing.length > 20);
  const english = pausing.flatMap((row) => wordsOf(row).split(": ")).filter((part) =>
    translateReason("es", part) === part
  );
  assert.deepEqual([...new Set(english)], []);
});

Deno.test("every reason that pauses an account names a cure after what is wrong", () => {
  assert.deepEqual(pausing.map(wordsOf).filter((words) => !words.includes(": ")), []);
});
