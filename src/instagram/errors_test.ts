import assert from "node:assert/strict";
import fc from "fast-check";
import { classifyGraphError, wordsOf } from "@/instagram/errors.ts";
import { errorTable } from "@/instagram/errors_table.ts";

function errorBody(code: number | undefined, subcode?: number, message = "(#1) Something"): unknown {
  return { error: { message, type: "OAuthException", code, error_subcode: subcode, fbtrace_id: "AbC" } };
}

/** A message of Meta's that each row with words of its own answers to. */
const sayings = [
  "Please reduce the amount of data you're asking for, then retry your request",
  "Unsupported request - method type: post",
  "To use 'Human Agent', your use of this endpoint must be reviewed and approved by Facebook",
];

for (const row of errorTable) {
  const name = [row.code ?? "any code", row.subcode, row.says?.source].filter((part) => part !== undefined).join(" / ");
  Deno.test(`classifyGraphError() takes ${name} as ${row.class}`, () => {
    const says = sayings.find((saying) => row.says?.test(saying));
    assert.equal(says === undefined, row.says === undefined);
    const found = classifyGraphError(400, errorBody(row.code ?? 10, row.subcode, says));
    assert.deepEqual([found.class, found.error.message, found.unlisted], [row.class, wordsOf(row), false]);
  });
}

Deno.test("errorTable says each thing once", () => {
  const keys = errorTable.map(({ code, subcode, says }) => `${code}/${subcode}/${says?.source}`);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("classifyGraphError() takes a code that has no row as unknown and says so", () => {
  const found = classifyGraphError(400, errorBody(987_654));
  assert.deepEqual([found.class, found.unlisted, found.error.code], ["unknown", true, 987_654]);
});

Deno.test("classifyGraphError() takes an unlisted subcode as its code and says so", () => {
  const found = classifyGraphError(400, errorBody(190, 4_711));
  assert.deepEqual([found.class, found.unlisted], ["token", true]);
});

Deno.test("classifyGraphError() goes by the code before the status", () => {
  assert.equal(classifyGraphError(500, errorBody(190)).class, "token");
  assert.equal(classifyGraphError(429, errorBody(10, 2534022)).class, "window");
});

Deno.test("classifyGraphError() takes status 429 as throttled, with or without a body", () => {
  assert.equal(classifyGraphError(429, undefined).class, "throttle");
  assert.equal(classifyGraphError(429, errorBody(987_654)).class, "throttle");
});

for (const status of [302, 400, 401, 403, 404, 500, 502, 503, 504]) {
  Deno.test(`classifyGraphError() takes status ${status} without an error of Meta's as unknown`, () => {
    const found = classifyGraphError(status, "<html>");
    assert.deepEqual([found.class, found.unlisted, found.error.status], ["unknown", false, status]);
  });
}

Deno.test("classifyGraphError() takes codes that are written as text", () => {
  assert.equal(classifyGraphError(400, { error: { code: "10", error_subcode: "2534022" } }).class, "window");
});

Deno.test("classifyGraphError() never repeats what Meta's message says (C26)", () => {
  const message = "Error validating access token IGAAsecret for text hello";
  for (const code of [1, 100, 190, 987_654]) {
    assert.doesNotMatch(JSON.stringify(classifyGraphError(400, errorBody(code, undefined, message))), /secret|hello/);
  }
});

Deno.test("classifyGraphError() has a class for whatever comes", () => {
  fc.assert(fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, body) => {
    assert.ok(classifyGraphError(status, body).class);
    assert.ok(classifyGraphError(status, { error: body }).class);
  }));
});
