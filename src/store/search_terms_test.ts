import assert from "node:assert/strict";
import fc from "fast-check";
import { searchTerms } from "@/store/search_terms.ts";

Deno.test("searchTerms() folds accents, case and width", () => {
  assert.deepEqual(searchTerms("Tênis AZUL, señor! ﬁn Ｂ２"), ["tenis", "azul", "senor", "fin", "b2"]);
});

Deno.test("searchTerms() folds the Greek final sigma and the dotted capital I", () => {
  assert.deepEqual(searchTerms("ΟΔΟΣ οδοσ İstanbul"), ["οδοσ", "οδοσ", "istanbul"]);
});

Deno.test("searchTerms() splits on everything that is neither letter nor digit", () => {
  assert.deepEqual(searchTerms('a_b-c\'d 1,5 "x"* ❤️ https://e.co/é?q=1'), [
    ..."abcd",
    "1",
    "5",
    "x",
    "https",
    "e",
    "co",
    "e",
    "q",
    "1",
  ]);
});

Deno.test("searchTerms() finds no word in signs and emptiness", () => {
  assert.deepEqual(["", "  ", "❤️!?", "\ud800"].map(searchTerms), [[], [], [], []]);
});

Deno.test("searchTerms() leaves words that it has made as they are", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const terms = searchTerms(text);
    assert.deepEqual(searchTerms(terms.join(" ")), terms);
  }));
});
