import assert from "node:assert/strict";
import { checkFields, type ContactField, fitValue, wantedBy } from "@/conversation/contact_fields.ts";
import { resolveSettings, settingsSchema } from "@/conversation/settings.ts";

const field = (kind: ContactField["kind"], options: readonly string[] = []): ContactField => ({
  name: "it",
  kind,
  options: [...options],
});
const size = field("choice", ["Pequeño", "Grande"]);

const fits: readonly (readonly [ContactField, string, string])[] = [
  [field("text"), " two words ", "two words"],
  [field("number"), "12,5", "12.5"],
  [field("number"), "12.50", "12.5"],
  [field("number"), "-3", "-3"],
  [field("number"), "-0", "0"],
  [field("number"), "0,125", "0.125"],
  [field("date"), "2028-02-29", "2028-02-29"],
  [field("yesNo"), "SI", "yes"],
  [field("yesNo"), "No", "no"],
  [size, "pequeno", "Pequeño"],
  [size, " GRANDE", "Grande"],
];

for (const [defined, typed, stored] of fits) {
  Deno.test(`a ${defined.kind} takes "${typed}" as "${stored}"`, () => assert.equal(fitValue(defined, typed), stored));
}

const misfits: readonly (readonly [ContactField, string])[] = [
  [field("text"), " "],
  [field("number"), "many"],
  [field("number"), "1,500"],
  [field("number"), "1e5"],
  [field("number"), ""],
  [field("date"), "29/02/2028"],
  [field("date"), "2027-02-29"],
  [field("date"), "2027-13-01"],
  [field("yesNo"), "maybe"],
  [size, "Mediano"],
  [size, ""],
];

for (const [defined, typed] of misfits) {
  Deno.test(`a ${defined.kind} does not take "${typed}"`, () => assert.equal(fitValue(defined, typed), undefined));
}

Deno.test("checkFields() leaves all as it is where no fields are defined", () => {
  assert.deepEqual(checkFields([], { any: " x ", gone: null }), { kind: "fit", fields: { any: " x ", gone: null } });
});

Deno.test("checkFields() answers values as they are stored, and lets every field be removed", () => {
  const outcome = checkFields([{ ...size, name: "size" }], { size: "grande", other: null });
  assert.deepEqual(outcome, { kind: "fit", fields: { size: "Grande", other: null } });
});

Deno.test("checkFields() names all that does not fit, and what no field is defined for", () => {
  const age = { ...field("number"), name: "age" };
  assert.deepEqual(checkFields([age], { age: "old", other: "x" }), {
    kind: "misfit",
    misfits: [{ name: "age", field: age }, { name: "other", field: undefined }],
  });
});

Deno.test("what a choice wants are its options", () => assert.equal(wantedBy(size), "one of Pequeño, Grande"));

const refusedFields: Readonly<Record<string, readonly unknown[]>> = {
  "a choice without options": [{ name: "size", kind: "choice" }],
  "options of what is no choice": [{ name: "age", kind: "number", options: ["1"] }],
  "an option with a comma, which the form could not show": [{ name: "size", kind: "choice", options: ["S, M"] }],
  "one name twice": [{ name: "Size", kind: "text" }, { name: "size", kind: "text" }],
  "a name that a database might read as its own": [{ name: "__proto__", kind: "text" }],
  "more than 30": Array.from({ length: 31 }, (_, index) => ({ name: `f${index}`, kind: "text" })),
};

for (const [what, contactFields] of Object.entries(refusedFields)) {
  Deno.test(`contactFields refuses ${what}`, () => {
    assert.equal(settingsSchema.safeParse({ contactFields }).success, false);
  });
}

Deno.test("contactFields takes 30 of them, and has none at first", () => {
  const contactFields = refusedFields["more than 30"]!.slice(1);
  assert.equal(resolveSettings({ contactFields }).contactFields.length, 30);
  assert.deepEqual(resolveSettings({}).contactFields, []);
});
