import assert from "node:assert/strict";
import fc from "fast-check";
import { inOrder, isReordered, moved } from "@/rules/chain_order.ts";
import { chainVersion } from "@/rules/chain_version.ts";

const rules = ["a", "b", "c", "d"].map((name) => ({ name }));

function names(order: readonly string[]): string {
  return inOrder(rules, order).map(({ name }) => name).join("");
}

Deno.test("inOrder() gives moved rules each other's places, and leaves the others where their files put them", () => {
  assert.equal(names([]), "abcd");
  assert.equal(names(["d", "c", "b", "a"]), "dcba");
  assert.equal(names(["d", "b"]), "adcb");
  assert.equal(names(["gone", "c", "a", "gone too"]), "cbad");
});

Deno.test("inOrder() asks every rule once, whatever order is stored", () => {
  const some = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"));
  fc.assert(fc.property(some, (order) => {
    assert.deepEqual([...names(order)].sort(), ["a", "b", "c", "d"]);
  }));
});

Deno.test("moved() changes places with the neighbour, and nothing at the ends", () => {
  assert.deepEqual(moved(rules, { rule: "c", by: -1 }), ["a", "c", "b", "d"]);
  assert.deepEqual(moved(rules, { rule: "c", by: 1 }), ["a", "b", "d", "c"]);
  assert.deepEqual(moved(rules, { rule: "a", by: -1 }), ["a", "b", "c", "d"]);
  assert.deepEqual(moved(rules, { rule: "unknown", by: 1 }), ["a", "b", "c", "d"]);
});

Deno.test("a chain has another version when rules are off or moved, and the files' own when nothing differs", () => {
  const chain = { version: "files", rules };
  const version = (rulesOff: readonly string[], rulesOrder: readonly string[]): string =>
    chainVersion(chain, { rulesOff, rulesOrder });
  assert.equal(version([], []), "files");
  assert.equal(version(["gone"], ["a", "b", "c", "d"]), "files");
  const others = [version(["a"], []), version([], ["b", "a"]), version(["a"], ["b", "a"]), version(["a", "b"], [])];
  assert.equal(new Set(["files", ...others]).size, 5);
  assert.equal(isReordered(rules, ["b", "a"]), true);
  assert.equal(isReordered(rules, ["a", "c"]), false);
});
