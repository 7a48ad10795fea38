import assert from "node:assert/strict";
import { mentions, saysOnly } from "@/rules/words.ts";
import { findNearly } from "@/rules/typos.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

Deno.test("findNearly() hears a word with a wrong, a missing, a doubled letter, or two that changed places", () => {
  for (const said of ["presio", "preco", "preccio", "rpecio", "precoi", "precio"]) {
    assert.equal(findNearly(`cual es el ${said}?`, "precio"), said);
  }
  assert.equal(findNearly("quiero una devolucoin", "devolucion"), "devolucoin");
  assert.equal(findNearly("gastos de envoi", "gastos de envio"), "gastos de envoi");
});

Deno.test("findNearly() does not hear short words, numbers and words that are farther off", () => {
  for (const [text, phrase] of [["hila", "hola"], ["10501", "10500"], ["premio", "precios"], ["despacho", "precio"]]) {
    assert.equal(findNearly(text, phrase), undefined, text);
  }
});

Deno.test("a rule with typos says what it heard and what it took it for", () => {
  const rule = `name: a\nmatch: { any: [precio], typos: true }\nreply: x\nexamples: { noMatch: [presio] }\n`;
  const content = loadYamlRules("a.yaml", rule);
  assert.match(content.kind === "broken" ? content.faults[0].reason : "", /it says "presio", taken for "precio"/);
});

Deno.test("a rule without typos takes words as they are", () => {
  const rule = `name: a\nmatch: { any: [precio] }\nreply: x\nexamples: { noMatch: [presio], match: [preciooo] }\n`;
  assert.equal(loadYamlRules("a.yaml", rule).kind, "good");
});

Deno.test("words are heard though their letters are drawn out, numbers are not", () => {
  assert.equal(mentions(["holaaaa"], ["hola"]), "hola");
  assert.equal(mentions(["coooool"], ["cool"]), "cool");
  assert.equal(saysOnly("Graciasss!!!", ["gracias"]), "gracias");
  assert.equal(mentions(["1000"], ["10"]), undefined);
});
