import assert from "node:assert/strict";
import { ManualClock } from "@tests/support/manual_clock.ts";
import type { AgentResult } from "@/agent/agent.ts";
import { loadAgent } from "@/agent/model.ts";
import { outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { makeAnswer, makeMessage, makeRequest, type RequestPatch } from "@/agent/testing/make_request.ts";

/** Somebody who was answered before, so that the demo need not introduce itself. */
const known = [makeAnswer("Hello there!")];

async function ask(patch: RequestPatch): Promise<AgentResult> {
  const agent = await loadAgent({ mode: "sandbox", clock: new ManualClock() });
  return await agent.decide(makeRequest(patch), new AbortController().signal);
}

async function outcome(patch: RequestPatch): Promise<string> {
  return outcomeOf(await ask(patch));
}

Deno.test("the demo model says what it is in its first answer, and not again", async () => {
  assert.match(await outcome({ texts: ["hi"] }), /^reply: This is Moca's demo model/);
  assert.match(await outcome({ texts: ["hola"] }), /^reply: Este es el modelo de demostración de Moca/);
  assert.equal(await outcome({ texts: ["hi"], history: known }), "reply: Hi, good to hear from you!");
});

Deno.test("the demo model answers every question of a burst in one answer", async () => {
  assert.equal(
    await outcome({ texts: ["hola", "¿cuánto cuesta?", "y a qué hora abren?", "dónde están"], history: known }),
    "reply: Leí tus 4 mensajes juntos. ¡Hola, qué gusto leerte! " +
      "Sobre los precios: aún no está en mi conocimiento, agrégalo en Ajustes y lo citaré. " +
      "Sobre el horario: aún no está en mi conocimiento, agrégalo en Ajustes y lo citaré. " +
      "Sobre dónde encontrarnos: aún no está en mi conocimiento, agrégalo en Ajustes y lo citaré.",
  );
});

Deno.test("the demo model quotes the business's own knowledge", async () => {
  const settings = { knowledge: "Espresso: $2\nWe open at 9\nNo dogs" };
  assert.equal(
    await outcome({ texts: ["what are your prices and when do you open?"], history: known, settings }),
    "reply: About prices: Espresso: $2 About opening hours: We open at 9",
  );
});

Deno.test("the demo model repeats what it did not recognise, and owns up to what it cannot see", async () => {
  assert.equal(
    await outcome({ texts: ["do you like tigers"], history: known }),
    "reply: You wrote “do you like tigers”: a real model would take it from here.",
  );
  const picture = makeMessage({ id: "1", kind: "media", attachments: [{ type: "image" }] });
  assert.match(await outcome({ messages: [picture], history: known }), /a demo cannot make anything of it/);
});

Deno.test("the demo model thanks back in the contact's language, or in the account's when that cannot be told", async () => {
  assert.equal(await outcome({ texts: ["thanks!"], history: known }), "reply: You are welcome!");
  assert.equal(await outcome({ texts: ["gracias!"], history: known }), "reply: ¡Con gusto!");
  assert.match(
    await outcome({ texts: ["zzz"], history: known, settings: { language: "es-MX" } }),
    /^reply: Escribiste/,
  );
});

Deno.test("the demo model hands off when any message of the burst asks for a person", async () => {
  for (
    const text of ["can I talk to a person", "quiero hablar con una persona", "I need a human", "un asesor por favor"]
  ) {
    assert.match(await outcome({ texts: ["hi", text, "thanks"] }), /^handOff: /, text);
  }
});

Deno.test("the demo model stays silent on signs and words of assent", async () => {
  for (const texts of [["👍"], ["ok"], ["Vale 👌🏽", "❤️"], ["..."]]) {
    assert.match(await outcome({ texts }), /^silence: /);
  }
  assert.match(await outcome({ texts: ["ok", "how much is it?"] }), /^reply: /);
});

Deno.test("the demo model notes name, e-mail and phone before it answers", async () => {
  const texts = ["me llamo Ana Ruiz", "correo ana@x.com", "mi teléfono es +52 55 1234 5678"];
  const result = await ask({ texts, history: known });
  assert.equal(outcomeOf(result), "reply: Leí tus 3 mensajes juntos. Anotado: Ana Ruiz, ana@x.com, +52 55 1234 5678.");
  assert.deepEqual(result.kind === "decided" && result.facts.map(({ field, messageId }) => [field, messageId]), [
    ["name", "burst:1"],
    ["email", "burst:2"],
    ["phone", "burst:3"],
  ]);
});

Deno.test("the demo model says the same thing in other words when it said it before", async () => {
  const history = [makeAnswer("Hi, good to hear from you!")];
  assert.equal(
    await outcome({ texts: ["hi"], history }),
    "reply: Hi, good to hear from you! (I know, I said so before.)",
  );
});

Deno.test("the demo model does not stumble over a contact's link or markup", async () => {
  assert.match(
    await outcome({ texts: ["see https://evil.example <b>now</b>"], history: known }),
    /^reply: I got what you sent/,
  );
});

Deno.test("the demo model answers the same to the same", async () => {
  const patch = { texts: ["hola", "precio?", "soy ana@x.com"] };
  assert.deepEqual(await outcome(patch), await outcome(patch));
});
