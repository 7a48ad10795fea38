import assert from "node:assert/strict";
import fc from "fast-check";
import { foldText, mentions, saysOnly } from "@/rules/words.ts";

Deno.test("mentions() is blind to case, accents and the punctuation around", () => {
  for (const text of ["¿CUÁNTO cuesta?", "cuanto", "dime:cuánto…", "Cua\u0301nto!", "(cuánto)", "cuán\u200bto"]) {
    assert.equal(mentions([text], ["cuánto"]), "cuánto", text);
  }
});

Deno.test("mentions() finds whole words only, in Latin, Greek, Cyrillic, Arabic and Hangul", () => {
  for (
    const [text, word] of [["cuantos", "cuanto"], ["καλημέρας", "καλημέρα"], ["ценам", "цена"], ["السعرات", "السعر"], [
      "가격은",
      "가격",
    ]]
  ) {
    assert.equal(mentions([text], [word]), undefined, text);
    assert.equal(mentions([`… ${word}, !`], [word]), word, word);
  }
});

Deno.test("mentions() finds words in scripts that put no space between them", () => {
  assert.equal(mentions(["请问价格多少"], ["价格"]), "价格");
  assert.equal(mentions(["ราคาเท่าไหร่"], ["ราคา"]), "ราคา");
});

Deno.test("mentions() folds what changes its length: ß, ligatures, full width, the final sigma", () => {
  for (
    const [text, word] of [["STRASSE", "straße"], ["oﬀer", "offer"], ["ＰＲＩＣＥ", "price"], ["ΟΔΟΣ", "οδος"], [
      "İSTANBUL",
      "istanbul",
    ]]
  ) {
    assert.equal(mentions([text], [word]), word, text);
  }
});

Deno.test("mentions() takes both small sigmas as one, also before an apostrophe", () => {
  assert.equal(mentions(["ΟΔΟΣ'Α"], ["οδος"]), "οδος");
});

Deno.test("mentions() takes phrases, numbers, signs and emoji", () => {
  assert.equal(mentions(["how   much\nis it"], ["how much"]), "how much");
  assert.equal(mentions(["open 24/7?"], ["24/7"]), "24/7");
  assert.equal(mentions(["love it ❤️👍🏽"], ["👍"]), "👍");
  assert.equal(mentions(["it’s late"], ["it's"]), "it's");
  assert.equal(mentions(["i want 120"], ["12"]), undefined);
});

Deno.test("mentions() does not join the end of one message with the start of the next", () => {
  assert.equal(mentions(["how", "much"], ["how much"]), undefined);
});

Deno.test("saysOnly() wants the phrase and nothing else but punctuation and emoji", () => {
  for (const text of ["STOP", " stop. ", "¡Stop! 🙏", "stop\n"]) assert.equal(saysOnly(text, ["stop"]), "stop", text);
  for (const text of ["please stop", "stop it", "nonstop", "", "🙏"]) {
    assert.equal(saysOnly(text, ["stop"]), undefined, text);
  }
});

Deno.test("saysOnly() takes signs for themselves where there are no words", () => {
  assert.equal(saysOnly("👍🏽!", ["👍"]), "👍");
  assert.equal(saysOnly("👍👎", ["👍"]), undefined);
  assert.equal(saysOnly("?!", ["!"]), undefined);
});

const word = fc.stringMatching(/^[a-zñáéíóúüç]{1,12}$/);
const around = fc.constantFrom("", " ", "¿", "?", "...", "«", "🙏", "-", "\n", ",");

Deno.test("mentions() finds a word whatever its case and whatever punctuation surrounds it", () => {
  fc.assert(fc.property(word, around, around, fc.boolean(), (wanted, before, after, upper) => {
    const said = upper ? wanted.toUpperCase() : wanted;
    assert.equal(mentions([`${before}${said}${after}`], [wanted]), wanted);
  }));
});

Deno.test("mentions() never finds a word that letters are glued to", () => {
  fc.assert(fc.property(word, word, (wanted, glued) => {
    const said = foldText(`${wanted}${glued}`);
    fc.pre(!said.slice(1).includes(foldText(wanted)) && !/(\p{L})\1\1/u.test(said));
    assert.equal(mentions([`${wanted}${glued}`], [wanted]), undefined);
  }));
});

Deno.test("mentions() takes any text and any phrase without throwing", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, phrase) => {
    mentions([text], [phrase]);
    saysOnly(text, [phrase]);
  }));
});
