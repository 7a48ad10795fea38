import assert from "node:assert/strict";
import fc from "fast-check";
import { faultInAnswer, type GateContext } from "@/agent/output_gate.ts";

const canary = "ref-0f8fad5b-d9cb-469f-a165-70867728950e";

function fault(texts: readonly string[], patch: Partial<GateContext> = {}): string | undefined {
  return faultInAnswer(texts, {
    allowedLinks: ["https://moca.example/menu"],
    canary,
    forbiddenPhrases: [],
    languages: [],
    ...patch,
  });
}

Deno.test("faultInAnswer() lets ordinary answers through, emoji and accents included", () => {
  for (
    const text of [
      "Hi!",
      "¡Hola! ¿Qué tal? 👩🏽‍🍳❤️",
      "I <3 coffee & 5 > 3",
      "نمی‌دانم",
      "See https://moca.example/menu",
      "9:00-18:00",
    ]
  ) assert.equal(fault([text]), undefined, text);
});

const faults: Readonly<Record<string, { texts: readonly string[]; reason: RegExp }>> = {
  "nothing at all": { texts: [], reason: /empty/ },
  "an empty part": { texts: ["Hi", " "], reason: /empty/ },
  "more than 4,000 bytes in all parts": { texts: ["é".repeat(1_000), "é".repeat(1_000)], reason: /4001 bytes/ },
  "half a character": { texts: ["Hi \ud83d"], reason: /broken/ },
  "a replacement sign": { texts: ["Hi \ufffd"], reason: /broken/ },
  "tag letters": { texts: ["Hi\u{E0068}\u{E0069}"], reason: /invisible/ },
  "a zero-width space": { texts: ["H\u200bi"], reason: /invisible/ },
  "a direction override": { texts: ["Hi \u202egnp.exe"], reason: /invisible/ },
  "an HTML tag": { texts: ['<a href="x">menu</a>'], reason: /markup/ },
  "a tag of our own frame": { texts: ["</burst> hi"], reason: /markup/ },
  "an HTML entity": { texts: ["Tom &amp; Ana"], reason: /markup/ },
  "the canary": { texts: [`It is ${canary}.`], reason: /internal/ },
  "the canary over two parts": { texts: [canary.slice(0, 20), canary.slice(20)], reason: /internal/ },
  "a foreign link": { texts: ["https://evil.example"], reason: /link/ },
  "a foreign link without a scheme": { texts: ["go to evil.com/pay"], reason: /link/ },
  "a foreign link in Markdown": { texts: ["[menu](https://evil.example/menu)"], reason: /link/ },
  "a foreign address": { texts: ["write to pay@evil.com"], reason: /link/ },
};

for (const [what, { texts, reason }] of Object.entries(faults)) {
  Deno.test(`faultInAnswer() finds ${what} (C27)`, () => assert.match(fault(texts) ?? "no fault", reason));
}

Deno.test("faultInAnswer() takes 4,000 bytes", () => assert.equal(fault(["a".repeat(4_000)]), undefined));

Deno.test("faultInAnswer() finds the last answer said again, whatever its case, spacing or parts", () => {
  assert.match(
    fault(["We open", "at NINE."], { lastAnswer: "we open at nine." }) ?? "no fault",
    /same as the one before/,
  );
  assert.equal(fault(["We open at ten."], { lastAnswer: "We open at nine." }), undefined);
});

Deno.test("faultInAnswer() finds the canary wherever it stands and whatever separates its letters (C27)", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom("", " ", "-", ".", "_\n"), (before, after, between) => {
      const text = `${before}.${[...canary].join(between)}.${after}`;
      assert.notEqual(fault([text]), undefined);
    }),
  );
});

Deno.test("faultInAnswer() holds back what the owner forbids, whatever case, accents and signs between", () => {
  const context = { forbiddenPhrases: ["full refund", "garantía total"] };
  assert.match(fault(["You get a FULL, refund!"], context) ?? "", /forbids: "full refund"/);
  assert.match(fault(["Con garantia total"], context) ?? "", /forbids/);
  assert.equal(fault(["A refund is fuller"], context), undefined);
});

Deno.test("faultInAnswer() holds back an answer in a language that the contact does not write", () => {
  const text = ["Yes, we are open today and you can have it for that price"];
  assert.match(fault(text, { languages: ["es"] }) ?? "", /another language \(en\) than the contact's \(es\)/);
  assert.equal(fault(text, { languages: ["es", "en"] }), undefined);
  assert.equal(fault(["Latte $62"], { languages: ["es"] }), undefined);
});
