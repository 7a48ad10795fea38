import assert from "node:assert/strict";
import fc from "fast-check";
import { itemHash } from "@/instagram/parse/item_hash.ts";

Deno.test("itemHash() makes no difference between orders of fields", () => {
  assert.equal(itemHash({ a: 1, b: { c: [1, 2], d: null } }), itemHash({ b: { d: null, c: [1, 2] }, a: 1 }));
});

Deno.test("itemHash() tells values apart that look alike", () => {
  const values = [
    [],
    {},
    "",
    null,
    "null",
    0,
    "0",
    false,
    [[]],
    [[], []],
    [null],
    [1, 2],
    [12],
    ["1,2"],
    ["a", "b"],
    ['a","b'],
    { a: "b" },
    { "a:b": "" },
    [{ a: 1 }, { b: 1 }],
    [{ a: 1, b: 1 }],
  ];
  assert.equal(new Set(values.map(itemHash)).size, values.length);
});

Deno.test("itemHash() is the same after a trip through JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.equal(itemHash(value), itemHash(JSON.parse(JSON.stringify(value))));
  }));
});

Deno.test("itemHash() walks 100,000 levels", () => {
  const deep = JSON.parse('[{"a":'.repeat(50_000) + "1" + "}]".repeat(50_000));
  assert.match(itemHash(deep), /^[0-9a-f]{64}$/);
});
