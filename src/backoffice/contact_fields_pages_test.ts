import assert from "node:assert/strict";
import type { Settings } from "@/conversation/settings.ts";
import type { Contact } from "@/store/records.ts";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, seedStories } from "@/backoffice/testing/seed.ts";

const contactFields: Settings["contactFields"] = [
  { name: "size", kind: "choice", options: ["Chica", "Grande"] },
  { name: "birthday", kind: "date", options: [] },
  { name: "pieces", kind: "number", options: [] },
  { name: "invoice", kind: "yesNo", options: [] },
  { name: "city", kind: "text", options: [] },
];

interface Card {
  readonly fixture: Fixture;
  readonly visitor: Visitor;
  readonly path: string;
  readonly contact: () => Promise<Contact>;
}

/** Ana's card: of her the e-mail address and the city are known. */
async function openCard(fixture: Fixture, settings: Partial<Settings>): Promise<Card> {
  await seedAccount(fixture.store, settings);
  const { ana = "" } = await seedStories(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const contact = async (): Promise<Contact> => (await fixture.store.conversations.load(ana))!.contact;
  return { fixture, visitor, path: `/admin/inbox/${ana}`, contact };
}

async function pageOf({ visitor, path }: Card): Promise<string> {
  return await (await visitor.get(path)).text();
}

function editForm(page: string): string {
  return page.match(/<details id="edit-contact"[\s\S]*?<\/details>/)?.[0] ?? "";
}

async function valuesOf({ contact }: Card): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(Object.entries((await contact()).fields).map(([name, { value }]) => [name, value]));
}

Deno.test("the account's fields stand in their order, each with its control; others can only be removed", async () => {
  await using fixture = await openFixture();
  const form = editForm(await pageOf(await openCard(fixture, { contactFields })));
  const controls = [...form.matchAll(/name="((?:field|remove)\.\w+|newName)"/g)].map(([, name]) => name);
  const defined = ["field.size", "field.birthday", "field.pieces", "field.invoice", "field.city"];
  assert.deepEqual(controls, [...defined, "remove.email"]);
  assert.match(form, /<select name="field\.size">[\s\S]*?<option value="Chica">/);
  assert.match(form, /<input name="field\.birthday" type="date"/);
  assert.match(form, /<input name="field\.pieces" inputmode="decimal"/);
  assert.match(form, /<select name="field\.invoice">[\s\S]*?<option value="yes">Yes</);
  assert.match(form, /name="field\.city"[^>]*value="Puebla"/);
  assert.match(form, /Remove email: ana@example\.com/);
});

Deno.test("without fields of the account's the form takes any", async () => {
  await using fixture = await openFixture();
  const form = editForm(await pageOf(await openCard(fixture, {})));
  const controls = [...form.matchAll(/name="((?:field|remove)\.\w+|newName)"/g)].map(([, name]) => name);
  assert.deepEqual(controls, ["field.email", "field.city", "newName"]);
});

Deno.test("values that fit are stored as the field has them; what was not touched stays", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, { contactFields });
  const form = { "field.size": "chica", "field.pieces": "2,5", "field.invoice": "yes", "field.birthday": "1990-02-28" };
  const answer = await card.visitor.post(`${card.path}/contact`, { ...form, "field.city": "Puebla" });
  assert.equal(answer.status, 303);
  assert.deepEqual(await valuesOf(card), {
    email: "ana@example.com",
    city: "Puebla",
    size: "Chica",
    birthday: "1990-02-28",
    pieces: "2.5",
    invoice: "yes",
  });
});

Deno.test("a value outside the account's fields is removed by its tick", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, { contactFields });
  await card.visitor.post(`${card.path}/contact`, { "field.city": "Puebla", "remove.email": "yes" });
  assert.deepEqual(await valuesOf(card), { city: "Puebla" });
});

Deno.test("values that do not fit are refused by name with what is wanted, and all that was typed stays", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, { contactFields });
  const form = { "field.pieces": "1,500", "field.birthday": "tomorrow", "field.city": "Oaxaca", tags: "typed" };
  const answer = await card.visitor.post(`${card.path}/contact`, { ...form, "remove.email": "yes", neverBot: "yes" });
  const page = await answer.text();
  assert.equal(answer.status, 422);
  assert.match(page, /role="alert">Not saved: see birthday, pieces\./);
  const shown = editForm(page);
  assert.match(shown, /^<details id="edit-contact" open/);
  assert.match(
    shown,
    /name="field\.pieces" aria-invalid="true" aria-describedby="field\.pieces-error"[^>]*value="1,500"/,
  );
  assert.match(shown, /id="field\.pieces-error"[^>]*>Wants a number such as 12\.5/);
  assert.match(shown, /name="field\.birthday"[^>]*value="tomorrow"/);
  assert.match(shown, /name="field\.city"[^>]*value="Oaxaca"/);
  assert.match(shown, /name="tags" value="typed"/);
  assert.match(shown, /name="remove\.email"[^>]*checked/);
  assert.match(shown, /name="neverBot"[^>]*checked/);
  assert.deepEqual(await valuesOf(card), { email: "ana@example.com", city: "Puebla" });
});

Deno.test("a field that cannot be named so is refused, and its name and value stay typed", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, {});
  const answer = await card.visitor.post(`${card.path}/contact`, { newName: "no spaces", newValue: "kept" });
  const shown = editForm(await answer.text());
  assert.equal(answer.status, 422);
  assert.match(shown, /name="newName" value="no spaces"/);
  assert.match(shown, /name="newValue" value="kept"/);
});

Deno.test("a form from before the account had fields adds none beside them", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, { contactFields });
  const answer = await card.visitor.post(`${card.path}/contact`, { newName: "shoe", newValue: "24" });
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /see shoe\. None of this account(?:'|&#39;)s fields/);
});

Deno.test("a known value that no longer fits is shown in its control, and saving the form keeps it", async () => {
  await using fixture = await openFixture();
  const city = { name: "city", kind: "choice", options: ["CDMX"] } as const;
  const email = { name: "email", kind: "date", options: [] } as const;
  const defined = [city, email].map((field) => ({ ...field, options: [...field.options] }));
  const card = await openCard(fixture, { contactFields: defined });
  const form = editForm(await pageOf(card));
  assert.match(form, /<option value="Puebla" selected>Puebla</);
  assert.doesNotMatch(form, /type="date"/);
  const shown = { "field.city": "Puebla", "field.email": "ana@example.com" };
  assert.equal((await card.visitor.post(`${card.path}/contact`, shown)).status, 303);
  assert.deepEqual(await valuesOf(card), { email: "ana@example.com", city: "Puebla" });
});

Deno.test("the card says yes and no in the reader's language", async () => {
  await using fixture = await openFixture();
  const card = await openCard(fixture, { contactFields });
  await card.visitor.post(`${card.path}/contact`, { "field.invoice": "yes" });
  await card.visitor.get("/admin/display?lang=es");
  assert.match(await pageOf(card), /<bdi>invoice<\/bdi><\/dt>\s*<dd><span dir="auto">Sí</);
});
