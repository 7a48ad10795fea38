import assert from "node:assert/strict";
import { SimulatedInstagram } from "@tests/support/simulated_instagram.ts";
import { parseFields } from "./fields.ts";

const [lucia, tomas] = ["6170000000000101", "6170000000000102"];

async function read(simulated: SimulatedInstagram, path: string): Promise<Record<string, unknown>> {
  return await (await simulated.call(path)).json();
}

Deno.test("parseFields() takes nested fields and limits apart", () => {
  assert.deepEqual(parseFields("id,messages.limit(2){id,from{id}},updated_time"), [
    { name: "id", fields: [] },
    {
      name: "messages",
      limit: 2,
      fields: [{ name: "id", fields: [] }, { name: "from", fields: [{ name: "id", fields: [] }] }],
    },
    { name: "updated_time", fields: [] },
  ]);
});

Deno.test("a contact's profile can be read once the contact has written, and not with a field that is not there", async () => {
  await using simulated = await SimulatedInstagram.open();
  assert.match(JSON.stringify(await read(simulated, `/v25.0/${lucia}?fields=name`)), /"code":230/);
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  assert.deepEqual(await read(simulated, `/v25.0/${lucia}?fields=name,username,is_user_follow_business`), {
    id: lucia,
    name: "Lucía Méndez",
    username: "lucia.mendez",
    is_user_follow_business: true,
  });
  assert.match(JSON.stringify(await read(simulated, `/v25.0/${lucia}?fields=name,biography`)), /"code":100/);
});

Deno.test("conversations come newest first, one contact's alone when asked, and in pages", async () => {
  await using simulated = await SimulatedInstagram.open();
  await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  simulated.clock.advance(1_000);
  await simulated.instagram.contactSends(tomas, { kind: "text", text: "buenas" });
  const ids = [tomas, lucia].map((psid) => simulated.instagram.thread(psid)?.id);
  const base = "/v25.0/me/conversations?platform=instagram";
  const first = await (await simulated.call(`${base}&limit=1`)).json();
  assert.deepEqual(first.data, [{ id: ids[0], updated_time: "2026-11-24T12:00:01+0000" }]);
  const next = new URL(first.paging.next);
  assert.deepEqual((await read(simulated, next.pathname + next.search)).data, [
    { id: ids[1], updated_time: "2026-11-24T12:00:00+0000" },
  ]);
  assert.deepEqual((await read(simulated, `${base}&user_id=${lucia}&fields=id`)).data, [{ id: ids[1] }]);
});

Deno.test("a conversation shows its 20 newest messages, newest first, and an older one answers deleted", async () => {
  await using simulated = await SimulatedInstagram.open();
  const texts = Array.from({ length: 21 }, (_, index) => `text ${index}`);
  const { mids } = await simulated.instagram.contactSends(lucia, { kind: "burst", texts });
  const path = `/v25.0/${simulated.instagram.thread(lucia)?.id}?fields=messages{id,message}`;
  const { messages } = await (await simulated.call(path)).json();
  assert.deepEqual(messages.data.map(({ id }: { id: string }) => id), mids.slice(1).toReversed());
  assert.match(JSON.stringify(await read(simulated, `/v25.0/${mids[0]}?fields=message`)), /"code":9000001/);
});

Deno.test("a message can be read by its mid with who wrote it to whom, edits included, until it is unsent", async () => {
  await using simulated = await SimulatedInstagram.open();
  const { mids: [mid] } = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  await simulated.instagram.contactSends(lucia, { kind: "edit", mid, text: "hola!" });
  const contact = { username: "lucia.mendez", id: lucia };
  assert.deepEqual(await read(simulated, `/v25.0/${mid}?fields=id,created_time,from,to,message`), {
    id: mid,
    created_time: "2026-11-24T12:00:00+0000",
    from: contact,
    to: { data: [{ username: "moca.shop", id: "17841400000000000" }] },
    message: "hola!",
  });
  await simulated.instagram.contactSends(lucia, { kind: "unsend", mid });
  assert.match(JSON.stringify(await read(simulated, `/v25.0/${mid}?fields=message`)), /"error_subcode":33/);
});

Deno.test("with a read lag a message can be read only after that time", async () => {
  await using simulated = await SimulatedInstagram.open();
  simulated.instagram.setReadLag(10_000);
  const { mids: [mid] } = await simulated.instagram.contactSends(lucia, { kind: "text", text: "hola" });
  assert.ok("error" in await read(simulated, `/v25.0/${mid}?fields=message`));
  simulated.clock.advance(10_000);
  assert.equal((await read(simulated, `/v25.0/${mid}?fields=message`)).message, "hola");
});
