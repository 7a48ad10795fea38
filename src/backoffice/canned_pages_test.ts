import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount } from "@/backoffice/testing/seed.ts";

const reply = { account: accountId, title: "Opening hours", shortcut: "/Hours", body: "9 to 5" };

Deno.test("ready replies are written, changed and removed, each with a line in the audit log", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  assert.equal((await visitor.post("/admin/replies", reply)).status, 303);
  const [stored] = await fixture.store.cannedReplies.list(accountId);
  assert.deepEqual([stored?.title, stored?.shortcut, stored?.body], ["Opening hours", "hours", "9 to 5"]);
  const path = `/admin/replies/${stored?.id}`;
  assert.equal((await visitor.post(path, { ...reply, ver: "1", body: "9 to 6" })).status, 303);
  const stale = await visitor.post(path, { ...reply, ver: "1", body: "9 to 7" });
  assert.equal(stale.status, 409);
  assert.match(await stale.text(), /9 to 7<\/textarea>/);
  assert.match(await (await visitor.get("/admin/replies")).text(), /Opening hours[\s\S]*9 to 6/);
  assert.equal((await visitor.post(`${path}/remove`)).status, 303);
  const entries = await fixture.store.audit.list({ object: accountId, limit: 9 });
  assert.deepEqual(entries.map(({ action, actor }) => [action, actor]), [
    ["cannedReply.remove", "admin"],
    ["cannedReply.save", "admin"],
    ["cannedReply.save", "admin"],
  ]);
});

Deno.test("a ready reply that is not taken says what is wrong, and what was typed stays", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  await visitor.post("/admin/replies", reply);
  const taken = await visitor.post("/admin/replies", { ...reply, title: "Other" });
  assert.equal(taken.status, 422);
  assert.match(await taken.text(), /value="Other"[\s\S]*none that another reply has/);
  const empty = await visitor.post("/admin/replies", { ...reply, title: " ", shortcut: "no spaces", body: "" });
  assert.equal([...(await empty.text()).matchAll(/aria-invalid="true"/g)].length, 3);
});
