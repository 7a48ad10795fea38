/** Contacts have names, and no message waits for one. */
import assert from "node:assert/strict";
import { TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";
const lucia = "6170000000000101";

function timesAsked({ instagram }: TestMoca): number {
  return instagram.log.filter(({ call, event }) => call === "profile" && event === "request").length;
}

Deno.test("a contact's name and handle are asked from Instagram, and found by the search", async () => {
  await using test = await TestMoca.start();
  await test.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await test.settle();
  for (const q of ["mendez", "lucia.men"]) {
    const { items: [found] } = await test.get(`/conversations?q=${q}`);
    assert.deepEqual([found.contact.name, found.contact.username], ["Lucía Méndez", "lucia.mendez"]);
  }
});

Deno.test("a profile is asked for once, however much its contact writes", async () => {
  await using test = await TestMoca.start();
  for (let count = 0; count < 3; count += 1) {
    await test.instagram.contactSends(ana, { kind: "text", text: `n ${count}` });
    await test.settle();
  }
  assert.equal(timesAsked(test), 1);
});

Deno.test("a profile that Instagram will not tell leaves the contact with its id and is not asked again", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  test.instagram.setContact(ana, { name: "Ana", blocked: true });
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(6_000);
  await test.instagram.contactSends(ana, { kind: "text", text: "¿hay alguien?" });
  await test.pass(2 * 3_600_000, 600_000);
  const contact = await test.get(`/contacts/${test.conversation(ana)}`);
  assert.deepEqual([contact.profile, contact.name, contact.username, contact.psid], ["unavailable", null, null, ana]);
  assert.equal(timesAsked(test), 1);
  const { items: [found] } = await test.get(`/conversations?q=${ana}`);
  assert.equal(found.contact.psid, ana);
});

Deno.test("a contact whom Instagram cannot be asked about is answered all the same, and asked for again later", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  test.instagram.fail({ fault: "serverError", on: "read" });
  await test.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await test.pass(6_000);
  assert.equal(test.delivered(lucia).length, 1);
  await test.instagram.contactSends(lucia, { kind: "text", text: "hola otra vez" });
  await test.pass(6_000);
  assert.equal(timesAsked(test), 1);
  await test.pass(60_000, 1_000);
  assert.equal(timesAsked(test), 2);
  assert.equal((await test.get(`/contacts/${test.conversation(lucia)}`)).name, "Lucía Méndez");
});
