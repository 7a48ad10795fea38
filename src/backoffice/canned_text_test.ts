import assert from "node:assert/strict";
import fc from "fast-check";
import { fillCanned, openPlace } from "@/backoffice/canned_text.ts";

const values = { name: "Ana", operator: "grace", "fields.size": "38", username: undefined };

Deno.test("fillCanned() fills in what is known, or its fallback, and leaves the rest for the person", () => {
  assert.equal(fillCanned("Hi {{name}}, {{ operator }} here: {{fields.size}}", values), "Hi Ana, grace here: 38");
  assert.equal(fillCanned("@{{username|you}}", values), "@you");
  assert.equal(
    fillCanned("@{{username}}, your order {{order number}}", values),
    "@{{username}}, your order {{order number}}",
  );
  assert.equal(fillCanned("{{toString}} {{fields.__proto__}}", values), "{{toString}} {{fields.__proto__}}");
});

Deno.test("openPlace() names what is still to be filled in", () => {
  assert.equal(openPlace("Order {{order}} for {{name}}"), "{{order}}");
  assert.equal(openPlace("Order {12} for {{"), undefined);
});

Deno.test("fillCanned() leaves nothing open that a contact's own name brought in", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const text = fillCanned("Hi {{name|there}}!", { name });
    assert.equal(openPlace(text), undefined);
    assert.ok(text.length < 200);
  }));
});
