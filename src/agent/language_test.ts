import assert from "node:assert/strict";
import { languageOf } from "@/agent/language.ts";

const texts: Readonly<Record<string, readonly string[]>> = {
  en: [
    "What are your opening hours on Sunday?",
    "do you have this in blue and how much is it",
    "Yes, we are open today.",
  ],
  es: ["¿A qué hora abren los domingos?", "hola cuanto cuesta el latte", "Sí, hoy estamos abiertos hasta las ocho."],
  pt: ["olá, vocês têm entrega? quanto custa?", "Não, obrigado, eu quero uma caixa para amanhã"],
  fr: ["bonjour, quels sont vos horaires d'ouverture ?", "Oui, nous avons du pain et des gâteaux"],
  de: ["Hallo, wie viel kostet ein Latte bei euch?", "Ja, wir haben heute bis acht Uhr geöffnet, bitte kommen Sie"],
  it: ["ciao, dove siete? quanto costa un espresso?", "Sì, il latte è del giorno e non abbiamo altro"],
  ja: ["ラテはいくらですか?"],
  ru: ["сколько стоит латте?"],
};

for (const [language, list] of Object.entries(texts)) {
  Deno.test(`languageOf() tells ${language}`, () => {
    for (const text of list) assert.equal(languageOf(text), language, text);
  });
}

Deno.test("languageOf() says nothing of texts that tell nothing", () => {
  for (const text of ["", "ok", "👍", "$62", "Moca Café", "latte espresso", "12:30"]) {
    assert.equal(languageOf(text), undefined, text);
  }
});
