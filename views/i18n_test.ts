import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import { translateReason, translator } from "@views/i18n.ts";
import en from "../locales/en.json" with { type: "json" };
import es from "../locales/es.json" with { type: "json" };

const keys = Object.keys(en);

function sources(folder: string): string[] {
  const root = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .map((name) => readFileSync(`${root}/${name}`, "utf8"));
}

const code = [...sources("."), ...sources("../src/backoffice")].join("\n");

/** Every key that the code names in full, and every beginning that it completes with a value. */
const named = new Set([...code.matchAll(/"([a-zA-Z]+(?:\.[\w]+)+)"/g)].map(([, key]) => key!));
const begun = [...code.matchAll(/`([a-zA-Z]+(?:\.[\w]+)*\.)\$\{[^`]*?\}((?:\.\w+)*)`/g)];

Deno.test("the two languages have the same messages", () => {
  assert.deepEqual(Object.keys(es), keys);
});

Deno.test("every message takes the same values in both languages", () => {
  for (const key of keys as (keyof typeof en)[]) {
    assert.deepEqual(argumentsOf(es[key], "es"), argumentsOf(en[key], "en"), key);
  }
});

Deno.test("every message is used by a page", () => {
  const isUsed = (key: string): boolean =>
    ["core.", "told.", "found."].some((prefix) => key.startsWith(prefix)) || named.has(key) ||
    begun.some(([, start, end]) => key.startsWith(start!) && key.endsWith(end!));
  assert.deepEqual(keys.filter((key) => !isUsed(key)), []);
});

Deno.test("every message that a page names exists", () => {
  const called = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, key]) => key!);
  assert.ok(called.length > 100);
  assert.deepEqual(called.filter((key) => !keys.includes(key)), []);
});

Deno.test("every sentence of the core that is translated is one that the core still says", () => {
  const said = [...sources("../src"), ...sources("../rules")].join("\n");
  const forgotten = Object.entries(en).filter(([key, text]) => key.startsWith("core.") && !said.includes(text));
  assert.deepEqual(forgotten, []);
});

Deno.test("every sentence made of what was found that is translated is one that Moca still makes", () => {
  const said = [...sources("../src"), ...sources("../rules")].join("\n");
  const parts = (text: string): readonly string[] =>
    text.split(/\{\w+\}/).map((part) => part.replace(/^: $/, "").trim());
  const forgotten = Object.entries(en).filter(([key, text]) =>
    key.startsWith("told.") && !parts(text).every((part) => said.includes(part))
  );
  assert.deepEqual(forgotten.map(([key]) => key), []);
});

Deno.test("every sentence of the doctor that is translated is one that the doctor still says", () => {
  const said = sources("../src/doctor").join("\n").replaceAll(/["`] \+\s+["`]/g, "");
  const parts = (text: string): string[] =>
    text.split(/\{\w+\}|developers\.facebook\.com > .* > API setup with Instagram login/).map((part) => part.trim())
      .filter((part) => part !== "");
  const isSaid = (part: string): boolean => said.includes(part) || said.includes(part.replaceAll('"', '\\"'));
  const forgotten = Object.entries(en).filter(([key, text]) => key.startsWith("found.") && !parts(text).every(isSaid));
  assert.deepEqual(forgotten.map(([key]) => key), []);
});

Deno.test("translateReason() translates the core's sentences and leaves what people and rules wrote", () => {
  assert.equal(translateReason("es", "the bot is switched off"), "el bot está apagado");
  assert.equal(
    translateReason("es", "a person has the conversation: admin answered"),
    "una persona tiene la conversación: admin respondió",
  );
  assert.equal(translateReason("es", "matched “precio”"), "matched “precio”");
  assert.equal(translateReason("en", "Instagram's 24 h window is closed"), "Instagram's 24 h window is closed");
});

Deno.test("a message counts in the reader's language", () => {
  assert.equal(translator("es")("time.days", { count: 1 }), "1 día");
  assert.equal(translator("en")("time.days", { count: 4 }), "4 days");
});

interface Part {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
}

const literal = 0;
const pound = 7;

function argumentsOf(message: string, locale: string): string[] {
  const names = (parts: readonly Part[]): string[] =>
    parts.filter(({ type }) => type !== literal && type !== pound).flatMap((part) => [
      part.value ?? "",
      ...Object.values(part.options ?? {}).flatMap(({ value }) => names(value)),
    ]);
  const ast = new IntlMessageFormat(message, locale).getAst() as unknown as readonly Part[];
  return [...new Set(names(ast))].sort();
}

Deno.test("translateReason() translates what keyword rules tell of what they found", () => {
  const told: readonly (readonly [string, string])[] = [
    ['it says "price"', 'dice "price"'],
    ['it says "presio", taken for "precio"', 'dice "presio", que se toma por "precio"'],
    ['it says none of "a", "b", "c" and 2 more', 'no dice ni "a", "b", "c" y 2 más'],
    ["the contact's size is not known", "no se conoce size del contacto"],
    ["the contact's size is not M", "size del contacto no es M"],
    ['asks about an order (it says "order")', 'asks about an order (dice "order")'],
    ["the language is en, not es", "el idioma es en, no es"],
    ["noted (its conditions hold)", "anotado (se cumplen sus condiciones)"],
    ["the agent answered in 2 messages", "el agente respondió en 2 mensajes"],
    ["ana took over", "ana tomó la conversación"],
    [
      "a person has the conversation until Tue 24 Nov, 23:30: ana answered",
      "una persona tiene la conversación hasta Tue 24 Nov, 23:30: ana respondió",
    ],
    ["the bot answered 3 s ago; cooldown, 4 s left", "el bot respondió hace 3 s; pausa, quedan 4 s"],
    ["try 2 of 5", "intento 2 de 5"],
    ["says nothing to what was just answered", "says nothing to what was just answered"],
    ["the model's provider answered 429; try 1 of 3", "el proveedor del modelo respondió 429; intento 1 de 3"],
    [
      "the model did not answer in 3 tries: the model did not answer in time",
      "el modelo no respondió en 3 intentos: el modelo no respondió a tiempo",
    ],
    [
      "the agent's tokens for the day are used up: 9 of 8 tokens within 24 h",
      "los tokens del agente para el día se agotaron: 9 de 8 tokens en 24 h",
    ],
  ];
  for (const [reason, wanted] of told) {
    assert.equal(translateReason("es", reason), wanted);
    assert.equal(translateReason("en", reason), reason);
  }
});
