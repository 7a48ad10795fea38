import assert from "node:assert/strict";
import fc from "fast-check";
import { splitText } from "@/outbound/split_text.ts";

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const withoutSpace = (text: string): string => text.replaceAll(/\s+/gu, "");

/** Texts as people and models write them: words, sentences, emoji of many code points, other scripts. */
const words = fc.array(
  fc.constantFrom("Hola", "¿qué", "tal?", "Добрый день.", "\n", "  ", "👩‍👩‍👧‍👦", "🇲🇽", "e\u0301", "你好。", "a".repeat(40)),
  { maxLength: 200 },
).map((some) => some.join(" "));
const anyText = fc.oneof(words, fc.string({ unit: "binary", maxLength: 400 }), fc.string({ maxLength: 3_000 }));

Deno.test("splitText() keeps every part within 1,000 UTF-8 bytes and none empty", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 4, max: 1_000 }), (text, max) => {
    for (const part of splitText(text, max)) assert.ok(part !== "" && part === part.trim() && bytes(part) <= max);
  }));
});

Deno.test("splitText() loses nothing but spaces", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 4, max: 1_000 }), (text, max) => {
    assert.equal(withoutSpace(splitText(text, max).join("")), withoutSpace(text));
  }));
});

Deno.test("splitText() leaves alone what fits", () => {
  fc.assert(fc.property(words, (text) => {
    const trimmed = text.trim();
    if (bytes(trimmed) <= 1_000) assert.deepEqual(splitText(text), trimmed === "" ? [] : [trimmed]);
  }));
});

Deno.test("splitText() never breaks an emoji that fits into a part", () => {
  const family = "👩‍👩‍👧‍👦";
  fc.assert(fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 30 }), (count, lead) => {
    const parts = splitText("x".repeat(lead) + family.repeat(count), 100);
    const whole = parts.every((part) => part.replaceAll(family, "").replaceAll("x", "") === "");
    assert.ok(whole, JSON.stringify(parts));
  }));
});

Deno.test("splitText() cuts at the end of a sentence when there is one", () => {
  assert.deepEqual(splitText("One two. Three four five", 16), ["One two.", "Three four five"]);
  assert.deepEqual(splitText('He said "no!" And went', 20), ['He said "no!"', "And went"]);
  assert.deepEqual(splitText("first line\nsecond line", 16), ["first line", "second line"]);
  assert.deepEqual(splitText("你好。再见吧", 12), ["你好。", "再见吧"]);
});

Deno.test("splitText() cuts between words when no sentence ends, and within a word only when it must", () => {
  assert.deepEqual(splitText("one two three", 9), ["one two", "three"]);
  assert.deepEqual(splitText("one two three", 7), ["one two", "three"]);
  assert.deepEqual(splitText("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

Deno.test("splitText() does not take a number's point for a sentence's end", () => {
  assert.deepEqual(splitText("It costs 12.50 euros", 14), ["It costs 12.50", "euros"]);
});

Deno.test("splitText() takes 1,000 bytes as one part and 1,001 as two", () => {
  assert.deepEqual(splitText("é".repeat(500)).map(bytes), [1_000]);
  assert.deepEqual(splitText("é".repeat(500) + "e").map(bytes), [1_000, 1]);
});
