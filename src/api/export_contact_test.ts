import assert from "node:assert/strict";
import { conversation, decide, hear, openTalkingApi } from "@/api/testing.ts";
import { replyWith, textEvent } from "@/conversation/testing.ts";

Deno.test("GET /contacts/:id/export answers everything kept of the contact, and is written into the audit log", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("Hi", "there"));
  await fixture.ask("PATCH", `/contacts/${conversation}`, { fields: { size: 'M "wide"' } });
  const { status, json } = await fixture.ask("GET", `/contacts/${conversation}/export`);
  assert.equal(status, 200);
  assert.equal(json.contact.fields.size.value, 'M "wide"');
  assert.equal(json.conversation.id, conversation);
  assert.deepEqual(json.turns, (await fixture.ask("GET", `/conversations/${conversation}/turns`)).json.items);
  assert.deepEqual(json.outbound.map(({ text }: { text: string }) => text), ["there", "Hi"]);
  assert.deepEqual(json.audit.map(({ action }: { action: string }) => action), [
    "contact.export",
    "contact.change",
  ]);
});

Deno.test("an export holds each message once, newest first, however many there are", async () => {
  await using fixture = await openTalkingApi();
  for (let n = 0; n < 250; n += 1) {
    await hear(fixture.store, textEvent(`many${n}`, { text: `text ${n}`, at: fixture.clock.now() }));
    fixture.clock.advance(1_000);
  }
  const { json } = await fixture.ask("GET", `/contacts/${conversation}/export`);
  const texts = json.messages.map(({ text }: { text: string }) => text).filter((text: string) =>
    /^text \d+$/.test(text)
  );
  assert.deepEqual(texts, Array.from({ length: 250 }, (_, n) => `text ${249 - n}`));
});
