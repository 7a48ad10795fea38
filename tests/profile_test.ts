/** Contacts have names, and no message waits for one. */
import assert from "node:assert/strict";
import { TestMoca } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";

Deno.test("a contact's name and handle are asked from Instagram, and found by the search", async () => {
  await using test = await TestMoca.start();
  test.instagram.setContact(ana, { name: "Ana María Núñez", username: "ana.mn" });
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.settle();
  const { items: [found] } = await test.get("/conversations?q=nunez");
  assert.deepEqual([found.contact.name, found.contact.username], ["Ana María Núñez", "ana.mn"]);
});

Deno.test("a profile is asked for once, however much its contact writes", async () => {
  await using test = await TestMoca.start();
  for (let count = 0; count < 3; count += 1) {
    await test.instagram.contactSends(ana, { kind: "text", text: `n ${count}` });
    await test.settle();
  }
  assert.equal(test.instagram.log.filter(({ call }) => call === "profile").length, 1);
});

Deno.test("a contact whom Instagram cannot be asked about is answered all the same, and asked for again", async () => {
  await using test = await TestMoca.start({ settings: { cooldownMs: 0 } });
  test.instagram.fail({ fault: "serverError", on: "read" });
  await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
  await test.pass(6_000);
  assert.equal(test.delivered(ana).length, 1);
  await test.instagram.contactSends(ana, { kind: "text", text: "hola otra vez" });
  await test.settle();
  assert.equal(test.instagram.log.filter(({ call }) => call === "profile").length, 2);
});
