import assert from "node:assert/strict";
import { eraseContact } from "@/backoffice/erase_contact.ts";
import { conversationId } from "@/store/records.ts";
import { openFixture } from "@/backoffice/testing/fixture.ts";
import { accountId, Story } from "@/backoffice/testing/seed.ts";

const id = conversationId(accountId, "777001");
const body = new TextEncoder().encode('{"sender":{"id":"777001"},"message":{"text":"hola"}}');

Deno.test("erasing waits for a webhook that names the contact, and erases what it brought (C30)", async () => {
  await using fixture = await openFixture();
  const { store, clock } = fixture;
  await new Story(store, "777001").says("hola", 0, { mid: "m1" });
  await store.envelopes.accept({ id: "e1", body, receivedAt: store.now() });
  const splitting = {
    wait: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await new Story(store, "777001").says("otra", 0, { mid: "m2" });
      await store.envelopes.finish([{ id: "e1", state: "split" }]);
    },
  };
  assert.equal(await eraseContact({ store, clock: splitting }, { id, operator: "admin" }), "erased");
  assert.equal(await store.conversations.load(id), undefined);
  assert.equal(await store.envelopes.get("e1"), undefined);
});

Deno.test("erasing says so when such a webhook stays, and forgets what is kept all the same", async () => {
  await using fixture = await openFixture();
  const { store, clock } = fixture;
  await new Story(store, "777001").says("hola", 0, { mid: "m1" });
  await store.envelopes.accept({ id: "e1", body, receivedAt: store.now() });
  assert.equal(await eraseContact({ store, clock }, { id, operator: "admin" }), "waiting");
  assert.equal(await store.conversations.load(id), undefined);
  assert.equal(await eraseContact({ store, clock }, { id, operator: "admin" }), "absent");
});
