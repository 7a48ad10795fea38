import assert from "node:assert/strict";
import { markHits } from "@/backoffice/mark_hits.ts";

function marked(text: string, q: string): string {
  return markHits(text, q).map(({ text, isHit }) => isHit ? `[${text}]` : text).join("");
}

Deno.test("markHits() marks words by their beginnings, whatever case and accents", () => {
  assert.equal(marked("¿Hacen ENVÍOS a Perú?", "envio peru"), "¿Hacen [ENVÍOS] a [Perú]?");
  assert.equal(marked("Jose\u0301 dice", "jose"), "[Jose\u0301] dice");
  assert.equal(marked("tenis", "enis"), "");
});

Deno.test("markHits() shows the text around the first hit, in whole words", () => {
  const text = `${"una palabra tras otra ".repeat(20)}envío ${"y más ".repeat(80)}`;
  const shown = marked(text, "envio");
  assert.match(shown, /^…(?:palabra|tras|otra|una| )+\[envío\] y más/);
  assert.ok(shown.length < 260, `${shown.length} characters`);
});
