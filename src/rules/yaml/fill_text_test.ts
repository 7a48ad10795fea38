import assert from "node:assert/strict";
import fc from "fast-check";
import { fillText, unknownVariables } from "@/rules/yaml/fill_text.ts";

const ada = { name: "Ada", username: "ada.l", fields: { size: "M" } };
const nobody = { fields: {} };

Deno.test("fillText() puts name, username and fields into the text", () => {
  assert.equal(fillText("Hi {{name}} ({{ username }}), size {{fields.size}}?", ada), "Hi Ada (ada.l), size M?");
});

Deno.test("fillText() says the fallback when the value is not known", () => {
  assert.equal(fillText("Hi {{name|there}}!", nobody), "Hi there!");
  assert.equal(fillText("Hi {{name|there}}!", ada), "Hi Ada!");
  assert.equal(fillText("Hi {{fields.toString|there}}!", nobody), "Hi there!");
});

Deno.test("fillText() leaves an unknown value without a fallback out, with the space or comma beside it", () => {
  assert.equal(fillText("Hi {{name}}!", nobody), "Hi!");
  assert.equal(fillText("Gladly, {{name}}! What size?", nobody), "Gladly! What size?");
  assert.equal(fillText("{{name}}, hello", nobody), "hello");
  assert.equal(fillText("{{name}}", nobody), "");
});

Deno.test("fillText() takes no variables, line breaks or endless names out of what a contact calls themselves", () => {
  assert.equal(fillText("Hi {{name}}!", { name: "{{username}}", username: "x", fields: {} }), "Hi {{username}}!");
  assert.equal(fillText("Hi {{name}}!", { name: "Ada\n\u202eLovelace", fields: {} }), "Hi Ada Lovelace!");
  assert.equal(fillText("{{name}}", { name: "😀".repeat(500), fields: {} }), "😀".repeat(80));
});

Deno.test("unknownVariables() names the placeholders that are misspelt", () => {
  assert.deepEqual(unknownVariables("{{name}} {{nmae}} {{fields.}} {{fields.a b}} {{username|x}}"), [
    "{{nmae}}",
    "{{fields.}}",
    "{{fields.a b}}",
  ]);
});

Deno.test("fillText() leaves no known placeholder behind, whatever is known of the contact", () => {
  const contact = fc.record({
    name: fc.string(),
    username: fc.string(),
    fields: fc.dictionary(fc.string(), fc.string()),
  }, {
    requiredKeys: ["fields"],
  });
  fc.assert(fc.property(contact, (given) => {
    fc.pre(![given.name, given.username].some((value) => value?.includes("{")));
    assert.doesNotMatch(fillText("{{name}} {{username|you}} {{fields.size}}", given), /\{\{/);
  }));
});
