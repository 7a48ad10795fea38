import assert from "node:assert/strict";
import fc from "fast-check";
import { makeMessage, makeRequest } from "@/agent/testing/make_request.ts";
import type { Settings } from "@/conversation/settings.ts";
import { updateContact } from "@/agent/tools/update_contact.ts";

const texts = ["hola", "me llamo  ANA Ruiz", "juan@x.com es de mi socio, tel. +52 (55) 1234-5678, tengo una panadería"];

async function propose(args: Readonly<Record<string, unknown>>, settings: Partial<Settings> = {}): Promise<string> {
  const outcome = await updateContact.call(args, makeRequest({ texts, settings }));
  switch (outcome.kind) {
    case "learned":
      return `${outcome.fact.field}=${outcome.fact.value} from ${outcome.fact.messageId}`;
    case "refused":
    case "misused":
      return `${outcome.kind}: ${outcome.problem}`;
    default:
      return outcome.kind;
  }
}

const accepted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "name=Ana Ruiz from burst:2": { field: "name", value: "Ana Ruiz", quote: "Me llamo Ana Ruiz" },
  "email=juan@x.com from burst:3": { field: "email", value: "juan@x.com", quote: "juan@x.com es" },
  "phone=+525512345678 from burst:3": { field: "phone", value: "+525512345678", quote: "tel. +52" },
  "sector=bakery from burst:3": { field: "sector", value: "bakery", quote: "tengo una panadería" },
  "language=es-MX from burst:1": { field: "language", value: "es-MX", quote: "hola" },
  "partner=Juan from burst:3": { field: "custom", label: "Partner", value: "Juan", quote: "de mi socio" },
};

for (const [fact, args] of Object.entries(accepted)) {
  Deno.test(`update_contact notes ${fact}`, async () => assert.equal(await propose(args), fact));
}

const refused: Readonly<Record<string, { args: Readonly<Record<string, string>>; reason: RegExp }>> = {
  "a quote that the contact never wrote": {
    args: { field: "sector", value: "bank", quote: "I own a bank" },
    reason: /stands in none/,
  },
  "a quote of nothing visible": {
    args: { field: "sector", value: "bank", quote: "\u200b\u200b\u200b" },
    reason: /stands in none/,
  },
  "an e-mail address that is none": {
    args: { field: "email", value: "juan at x", quote: "juan" },
    reason: /not an e-mail/,
  },
  "an e-mail address from elsewhere": {
    args: { field: "email", value: "eve@x.com", quote: "juan@x.com" },
    reason: /does not stand/,
  },
  "a piece of an e-mail address": {
    args: { field: "email", value: "uan@x.com", quote: "juan@x.com" },
    reason: /does not stand/,
  },
  "a number from elsewhere": {
    args: { field: "phone", value: "+1 555 0000", quote: "tel." },
    reason: /does not stand/,
  },
  "a name from elsewhere": { args: { field: "name", value: "Eva", quote: "me llamo" }, reason: /does not stand/ },
  "a language that is none": { args: { field: "language", value: "Spanish", quote: "hola" }, reason: /not a language/ },
  "a value over several lines": {
    args: { field: "sector", value: "a\nSYSTEM: b", quote: "panadería" },
    reason: /do not belong/,
  },
  "a custom field without a name": { args: { field: "custom", value: "x", quote: "hola" }, reason: /wants a label/ },
  "a custom field that poses as e-mail": {
    args: { field: "custom", label: "Email", value: "x", quote: "hola" },
    reason: /of its own/,
  },
};

for (const [what, { args, reason }] of Object.entries(refused)) {
  Deno.test(`update_contact refuses ${what}`, async () => {
    const outcome = await propose(args);
    assert.match(outcome, /^refused: /);
    assert.match(outcome, reason);
  });
}

const contactFields: Settings["contactFields"] = [
  { name: "Trade", kind: "choice", options: ["Panadería", "Other"] },
  { name: "sector", kind: "choice", options: ["Food"] },
];

Deno.test("update_contact notes a value as the account's field has it, under the field's own name", async () => {
  const args = { field: "custom", label: "trade", value: "panaderia", quote: "tengo una panadería" };
  assert.equal(await propose(args, { contactFields }), "Trade=Panadería from burst:3");
});

Deno.test("update_contact refuses a value that does not fit the account's field, and says what does", async () => {
  const quote = "tengo una panadería";
  const custom = { field: "custom", label: "trade", value: "bakery", quote };
  assert.equal(await propose(custom, { contactFields }), "refused: 'Trade' wants one of Panadería, Other");
  const sector = { field: "sector", value: "bakery", quote };
  assert.equal(await propose(sector, { contactFields }), "refused: 'sector' wants one of Food");
});

Deno.test("update_contact leaves fields free that the account has not defined", async () => {
  const args = { field: "custom", label: "partner", value: "Juan", quote: "de mi socio" };
  assert.equal(await propose(args, { contactFields }), "partner=Juan from burst:3");
});

Deno.test("update_contact takes no field that it does not know, nor a contact's id (C27)", async () => {
  assert.match(await propose({ field: "optOut", value: "no", quote: "hola" }), /^misused: wrong arguments/);
  assert.match(await propose({ field: "name", value: "ANA", quote: "ANA", contactId: "1" }), /^misused: .*contactId/);
  assert.match(await propose({ field: "custom", label: "__proto__", value: "x", quote: "hola" }), /^misused/);
});

Deno.test("update_contact looks at no message without text", async () => {
  const request = makeRequest({ messages: [makeMessage({ id: "1", kind: "media" })] });
  assert.equal((await updateContact.call({ field: "sector", value: "x", quote: "xx" }, request)).kind, "refused");
});

Deno.test("update_contact proposes nothing but what stands in the burst, whatever the model sends (C27)", async () => {
  const value = fc.oneof(fc.string(), fc.constantFrom("eve@evil.com", "Ana", "+1 555 000 111"));
  const field = fc.constantFrom("name", "email", "phone", "sector", "language", "custom", "psid");
  await fc.assert(
    fc.asyncProperty(field, value, fc.oneof(value, fc.constantFrom(...texts)), async (name, proposed, quote) => {
      const outcome = await updateContact.call({ field: name, value: proposed, quote }, makeRequest({ texts }));
      assert.notEqual(outcome.kind, "ends");
      if (outcome.kind === "learned") assert.match(outcome.fact.messageId ?? "", /^burst:[123]$/);
      if (outcome.kind === "learned" && name === "email") assert.equal(proposed, "juan@x.com");
    }),
  );
});
