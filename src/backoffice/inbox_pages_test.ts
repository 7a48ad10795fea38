import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { hostile, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";

interface Inbox {
  readonly fixture: Fixture;
  readonly visitor: Visitor;
  readonly ids: Readonly<Record<string, string>>;
}

async function withInbox(work: (inbox: Inbox) => Promise<void>): Promise<void> {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const ids = await seedStories(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  await work({ fixture, visitor, ids });
}

async function pageOf({ visitor }: Inbox, path: string): Promise<string> {
  const response = await visitor.get(path);
  assert.equal(response.status, 200, path);
  return await response.text();
}

/** Ids of the conversations that a page lists, in its order. */
async function listed(inbox: Inbox, query: string): Promise<string[]> {
  const page = await pageOf(inbox, `/admin/inbox?${query}`);
  return [...page.matchAll(/id="row-([^"]+)"/g)].map(([, id]) => id!);
}

Deno.test("the inbox is narrowed by its URL alone, and each filter is a link that takes it away", () =>
  withInbox(async (inbox) => {
    const { ana, luis, evil, lost, arabic } = inbox.ids;
    assert.deepEqual((await listed(inbox, "tab=needed")).toSorted(), [luis, arabic].toSorted());
    assert.deepEqual((await listed(inbox, "tab=all&failed=1")).toSorted(), [evil, lost].toSorted());
    assert.deepEqual(await listed(inbox, "tab=all&tag=vip"), [ana]);
    assert.deepEqual(await listed(inbox, "tab=all&tag=vip&handler=person"), []);
    assert.ok((await listed(inbox, "tab=all&unread=1")).includes(ana!));
    const page = await pageOf(inbox, "/admin/inbox?tab=all&tag=vip&unread=1&sort=window");
    assert.match(page, /href="\/admin\/inbox\?tab=all&amp;unread=1&amp;sort=window" title="Take this filter away"/);
    assert.match(page, /<input type="hidden" name="tag" value="vip"/);
  }));

Deno.test("a search shows the message that it found, with the words marked, and keeps markup as text (C28)", () =>
  withInbox(async (inbox) => {
    assert.match(await pageOf(inbox, "/admin/inbox?q=envio"), /y hacen <mark>envíos<\/mark>\?/);
    const page = await pageOf(inbox, `/admin/inbox?q=${encodeURIComponent(hostile.text.slice(0, 9))}`);
    assert.match(page, /&lt;<mark>img<\/mark> <mark>src<\/mark>/);
  }));

Deno.test("the list says which of how many it shows, page after page", () =>
  withInbox(async (inbox) => {
    for (let n = 0; n < 60; n += 1) await new Story(inbox.fixture.store, `9${n}`).says("hola");
    const first = await pageOf(inbox, "/admin/inbox?tab=all&sort=newest");
    assert.match(first, /1–50 of 68/);
    const next = /href="(\/admin\/inbox\?[^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    assert.match(await pageOf(inbox, next!), /51–68 of 68/);
  }));

Deno.test("an empty list says why: nothing matches, or all is done since when", () =>
  withInbox(async (inbox) => {
    assert.match(await pageOf(inbox, "/admin/inbox?tab=all&tag=nobody"), /Nothing matches these filters/);
    for (const id of [inbox.ids.luis!, inbox.ids.arabic!]) {
      await inbox.visitor.post("/admin/inbox/bulk", { action: "bot", id, view: "?tab=needed" });
    }
    assert.match(await pageOf(inbox, "/admin/inbox?tab=needed"), /Nobody needs you[\s\S]*Last message:\s*<time/);
  }));

Deno.test("ticked conversations are tagged, given to the bot and marked done together", () =>
  withInbox(async (inbox) => {
    const { ana, luis, evil } = inbox.ids;
    const post = (fields: Record<string, string>): Promise<Response> => inbox.visitor.post("/admin/inbox/bulk", fields);
    const tagged = await post({ action: "tag", tag: " wholesale, ", id: ana!, view: "?tab=all" });
    assert.equal(tagged.headers.get("location"), "/admin/inbox?tab=all&done=1&refused=0");
    assert.deepEqual(await listed(inbox, "tab=all&tag=wholesale"), [ana]);
    assert.deepEqual((await inbox.fixture.store.conversations.load(ana!))?.contact.tags.at(-1), "wholesale");
    await post({ action: "bot", id: luis!, view: "" });
    assert.deepEqual(await listed(inbox, "tab=needed"), [inbox.ids.arabic]);
    await post({ action: "done", id: evil!, view: "" });
    assert.deepEqual(await listed(inbox, "tab=closed"), [evil]);
    const gone = await post({ action: "done", id: "nobody", view: "?tab=all" });
    assert.match(await pageOf(inbox, gone.headers.get("location")!), /Nothing changed, 1 is gone\./);
    const location = (await post({ action: "tag", tag: " ", id: ana!, view: "" })).headers.get("location");
    assert.equal(location, "/admin/inbox?tab=all");
  }));

Deno.test("a view is kept under a name by each operator, and forgotten again", () =>
  withInbox(async (inbox) => {
    const view = "?tab=all&tag=vip&evil=1";
    const saved = await inbox.visitor.post("/admin/inbox/views", { name: " Best <b> ", view });
    assert.equal(saved.headers.get("location"), "/admin/inbox?tab=all&tag=vip");
    const page = await pageOf(inbox, "/admin/inbox?tab=needed");
    assert.match(page, /href="\/admin\/inbox\?tab=all&amp;tag=vip"[^>]*><bdi>Best &lt;b>/);
    const { savedViews } = inbox.fixture.store;
    assert.deepEqual((await savedViews.list("admin")).map(({ query }) => query), ["tab=all&tag=vip"]);
    assert.deepEqual(await savedViews.list("grace"), []);
    assert.match(await pageOf(inbox, "/admin/inbox?tab=all&tag=vip"), /Forget “Best &lt;b>”/);
    await inbox.visitor.post("/admin/inbox/views/remove", { name: "Best <b>", view });
    assert.deepEqual(await savedViews.list("admin"), []);
    for (let n = 0; n < 25; n += 1) await inbox.visitor.post("/admin/inbox/views", { name: `view ${n}`, view });
    assert.equal((await savedViews.list("admin")).length, 20);
  }));

Deno.test("a Moca that nobody has written to shows its first steps where the list will be", async () => {
  await using fixture = await openFixture({ config: { mode: "live" } });
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const page = await (await visitor.get("/admin/inbox")).text();
  assert.match(page, /No conversations yet[\s\S]*first-steps[\s\S]*Configure webhooks/);
});

Deno.test("a row tells the time of the contact's newest message, whoever wrote last", () =>
  withInbox(async (inbox) => {
    const story = new Story(inbox.fixture.store, "101");
    story.ago = 0;
    await story.writes("I look it up", "row-command-1");
    await story.sends();
    const { conversation } = await story.aggregate();
    const row = (await pageOf(inbox, "/admin/inbox?tab=all")).split(`id="row-${story.id}"`)[1]!;
    assert.ok(conversation.lastMessage?.text === "I look it up");
    assert.equal(row.match(/datetime="([^"]+)"/)?.[1], conversation.lastUserAt?.toISOString());
  }));
