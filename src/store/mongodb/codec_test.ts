import assert from "node:assert/strict";
import { BSON } from "mongodb";
import fc from "fast-check";
import { fromFields, toFields } from "@/store/mongodb/codec.ts";

const awkwardKeys = ["$at", "%24at", "%", "a.b", "$", "", "\0", "__proto__", "at"];

Deno.test("fromFields() gives back what toFields() was given, over the wire, instants and awkward keys included", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true }),
      fc.array(tie("value")),
      tie("record"),
    ),
    record: fc.dictionary(fc.oneof(fc.constantFrom(...awkwardKeys), fc.string()), tie("value"), {
      noNullPrototype: true,
    }),
  }));
  fc.assert(fc.property(value.record, (record) => {
    const wire = BSON.deserialize(BSON.serialize(toFields(record as object)));
    assert.deepEqual(fromFields(wire), record);
  }));
});

Deno.test("toFields() writes no key that MongoDB would take for an operator or a path", () => {
  const fields = toFields({ settings: { "$where": 1, "a.b": 2 } });
  assert.deepEqual(Object.keys(fields.settings), ["%24where", "a%2Eb"]);
});

Deno.test("toFields() leaves out what is undefined", () => {
  assert.deepEqual(toFields({ a: undefined, b: { c: undefined } }), { b: {} });
});
