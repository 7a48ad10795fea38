import assert from "node:assert/strict";
import { Admission } from "@/webhook/admission.ts";

const mebibyte = 1024 * 1024;

Deno.test("Admission refuses the 501st body that waits, and takes more when one is done", async () => {
  const admission = new Admission();
  const stored = Promise.withResolvers<string>();
  const first = admission.admit(1, () => Promise.resolve("stored"));
  const rest = Array.from({ length: 499 }, () => admission.admit(1, () => stored.promise));
  assert.equal(await admission.admit(1, () => Promise.reject(new Error("was let in"))), "full");
  assert.equal(await first, "stored");
  rest.push(admission.admit(1, () => stored.promise));
  stored.resolve("stored");
  assert.deepEqual(new Set(await Promise.all(rest)), new Set(["stored"]));
});

Deno.test("Admission refuses what would take more memory than is set aside, and always takes one alone", async () => {
  const admission = new Admission();
  assert.equal(await admission.admit(100 * mebibyte, () => Promise.resolve("stored")), "stored");
  const stored = Promise.withResolvers<string>();
  const waiting = Array.from({ length: 8 }, () => admission.admit(8 * mebibyte, () => stored.promise));
  assert.equal(await admission.admit(1, () => stored.promise), "full");
  stored.resolve("stored");
  await Promise.all(waiting);
  assert.equal(await admission.admit(1, () => Promise.resolve("stored")), "stored");
});

Deno.test("Admission makes room again after an error", async () => {
  const admission = new Admission();
  for (let n = 0; n < 501; n++) {
    await assert.rejects(admission.admit(1, () => Promise.reject(new Error("disk full"))));
  }
  assert.equal(await admission.admit(1, () => Promise.resolve("stored")), "stored");
});
