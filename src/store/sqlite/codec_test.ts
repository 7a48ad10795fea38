import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, encode } from "@/store/sqlite/codec.ts";

Deno.test("decode() gives back what encode() was given, instants and awkward keys included", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true }),
      fc.array(tie("value")),
      tie("record"),
    ),
    record: fc.dictionary(fc.oneof(fc.constantFrom("$at", "$$at", "$", "__proto__", "at"), fc.string()), tie("value"), {
      noNullPrototype: true,
    }),
  }));
  fc.assert(fc.property(value.record, (record) => assert.deepEqual(decode(encode(record as object)), record)));
});

Deno.test("encode() leaves out what is undefined", () => {
  assert.deepEqual(decode(encode({ a: undefined, b: 1 })), { b: 1 });
});
