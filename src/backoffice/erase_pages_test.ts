import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";

Deno.test("a contact is erased from a page that says what goes, without JavaScript (C30)", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "6001");
  await story.says("my card is 4111");
  await story.says("are you there?");
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const path = `/admin/inbox/${story.id}/erase`;
  assert.ok((await (await visitor.get(`/admin/inbox/${story.id}`)).text()).includes(`href="${path}"`));
  const page = await (await visitor.get(path)).text();
  assert.match(page, /2 messages/);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const done = await visitor.post(path, { _csrf: csrf });
  assert.deepEqual([done.status, done.headers.get("location")], [303, "/admin/inbox"]);
  assert.equal(await fixture.store.conversations.load(story.id), undefined);
  assert.equal((await visitor.get(path)).status, 404);
});
