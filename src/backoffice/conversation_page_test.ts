import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, hostile, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import type { Settings } from "@/conversation/settings.ts";
import type { Store } from "@/store/store.ts";
import { QuietPhone } from "@/backoffice/testing/quiet_phone.ts";

interface Scene extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly visitor: Visitor;
  readonly ids: Readonly<Record<string, string>>;
}

interface SceneOptions {
  readonly settings?: Partial<Settings>;
  readonly simulator?: QuietPhone;
}

async function openScene({ settings = {}, simulator }: SceneOptions = {}): Promise<Scene> {
  const fixture = await openFixture({ simulator });
  await seedAccount(fixture.store, settings);
  const ids = await seedStories(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { fixture, visitor, ids, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

async function pageOf({ visitor }: Scene, path: string): Promise<string> {
  const response = await visitor.get(path);
  assert.equal(response.status, 200, path);
  return await response.text();
}

const newLine = /New since somebody last looked[\s\S]*?<div class="text" dir="auto">([^<]*)</;

Deno.test("what came since somebody last looked stands below a line, until the conversation is opened again", async () => {
  await using scene = await openScene();
  const path = `/admin/inbox/${scene.ids.ana}`;
  assert.doesNotMatch(await pageOf(scene, path), newLine);
  const story = new Story(scene.fixture.store, "101");
  await story.says("sigo aquí", 0, { mid: "new_1" });
  await story.says("¿hola?", 0, { mid: "new_2" });
  const page = await pageOf(scene, path);
  assert.equal(page.match(newLine)?.[1], "sigo aquí");
  const refreshed = page.match(/hx-get="([^"]*timeline[^"]*)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
  assert.equal((await pageOf(scene, refreshed)).match(newLine)?.[1], "sigo aquí");
  assert.doesNotMatch(await pageOf(scene, path), newLine);
});

Deno.test("the page leads to the conversations above and below it in the list, as the list stands", async () => {
  await using scene = await openScene();
  const list = await pageOf(scene, "/admin/inbox?tab=all&sort=newest");
  const ids = [...list.matchAll(/id="row-([^"]+)"/g)].map(([, id]) => id!);
  const page = await pageOf(scene, `/admin/inbox/${ids[1]}?tab=all&sort=newest`);
  const links = [...page.matchAll(/href="\/admin\/inbox\/([^"?]+)[^"]*" aria-label="The conversation (above|below)"/g)];
  assert.deepEqual(links.map(([, id, where]) => [where, id]), [["above", ids[0]], ["below", ids[2]]]);
});

Deno.test("what leads back to the list and along it is the same after news", async () => {
  await using scene = await openScene();
  const page = await pageOf(scene, `/admin/inbox/${scene.ids.ana}?tab=all&sort=newest`);
  const path = page.match(/hx-get="([^"]*timeline[^"]*)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const ways = /class="back" href="[^"]*"/g;
  assert.equal(page.match(ways)?.length, 3);
  assert.deepEqual((await pageOf(scene, path)).match(ways), page.match(ways));
});

/** Lets something happen right after a conversation is read for the first time. */
function interruptReading({ conversations }: Store, happens: () => Promise<unknown>): void {
  const load = conversations.load.bind(conversations);
  let isFirst = true;
  conversations.load = async (id) => {
    const found = await load(id);
    if (isFirst) {
      isFirst = false;
      await happens();
    }
    return found;
  };
}

Deno.test("a message that comes while the page is read is new on it as well", async () => {
  await using scene = await openScene();
  const { fixture: { store }, ids } = scene;
  const story = new Story(store, "101");
  await pageOf(scene, `/admin/inbox/${ids.ana}`);
  await story.says("antes", 0, { mid: "before_1" });
  interruptReading(store, () => story.says("entretanto", 0, { mid: "while_1" }));
  const page = await pageOf(scene, `/admin/inbox/${ids.ana}`);
  assert.equal(page.match(newLine)?.[1], "antes");
});

/** What a form or link of the page leads to, by what its address ends in. */
function addressOf(page: string, end: string): string {
  const found = page.match(new RegExp(`(?:action|formaction|href|hx-get)="([^"]*${end}[^"]*)"`))?.[1];
  assert.ok(found, end);
  return found.replaceAll("&amp;", "&");
}

Deno.test("the way to earlier messages leaves the list beside the conversation as it was", async () => {
  await using scene = await openScene();
  const long = new Story(scene.fixture.store, "990");
  for (let n = 0; n < 60; n += 1) await long.says(`m${n}.`, (100 - n) * 60_000, { mid: `long_${n}` });
  const page = await pageOf(scene, `/admin/inbox/${long.id}?tab=all&sort=newest`);
  const earlier = await pageOf(scene, addressOf(page, "before="));
  assert.match(earlier, />m0\.</);
  assert.match(earlier, /href="[^"]*sort=newest[^"]*"/);
  const since = page.match(/id="shown-since"[^>]*value="([^"]*)"/)?.[1] ?? "";
  const grown = await pageOf(scene, `${addressOf(page, "/earlier")}&${new URLSearchParams({ since })}`);
  assert.deepEqual([grown.includes(">m0.<"), grown.includes(">m59.<"), grown.includes("before=")], [true, true, false]);
});

Deno.test("nothing on a page of earlier messages is told as new", async () => {
  await using scene = await openScene();
  const long = new Story(scene.fixture.store, "990");
  for (let n = 0; n < 60; n += 1) await long.says(`m${n}.`, (100 - n) * 60_000, { mid: `long_${n}` });
  const path = `/admin/inbox/${long.id}`;
  const earlier = addressOf(await pageOf(scene, path), "before=");
  await long.says("otra", 0, { mid: "long_60" });
  assert.doesNotMatch(await pageOf(scene, earlier), newLine);
});

Deno.test("taking a change back leaves the list beside the conversation as it was", async () => {
  await using scene = await openScene();
  const { visitor, ids } = scene;
  const changed = await visitor.post(`/admin/inbox/${ids.ana}/change?tab=all&sort=newest`, { handler: "person" });
  const page = await pageOf(scene, changed.headers.get("location")!.replace("#latest", ""));
  const entry = page.match(/name="entry" value="([^"]*)"/)?.[1] ?? "";
  const undone = await visitor.post(addressOf(page, "/undo"), { entry });
  assert.equal(undone.headers.get("location"), `/admin/inbox/${ids.ana}?tab=all&sort=newest#latest`);
});

Deno.test("what is changed on a conversation leaves the list beside it as it was", async () => {
  await using scene = await openScene();
  const { visitor, ids } = scene;
  const page = await pageOf(scene, `/admin/inbox/${ids.ana}?tab=all&sort=newest`);
  const action = page.match(/action="([^"]*\/change[^"]*)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const changed = await visitor.post(action, { handler: "person" });
  assert.match(changed.headers.get("location") ?? "", /\?tab=all&sort=newest&undo=[^&]+#latest$/);
});

Deno.test("the window tells which message it is counted from", async () => {
  await using scene = await openScene();
  assert.match(await pageOf(scene, `/admin/inbox/${scene.ids.ana}`), /title="Counted from the message of 1\d:\d\d"/);
  const mentioned = await pageOf(scene, `/admin/inbox/${scene.ids.evil}`);
  assert.match(mentioned, /title="Counted from the mention in a story of /);
});

Deno.test("giving a conversation back says that the bot introduces itself, where it does", async () => {
  await using scene = await openScene({ settings: { disclosure: "A machine answers here." } });
  assert.match(await pageOf(scene, `/admin/inbox/${scene.ids.luis}`), /given back, the bot introduces itself again/);
  await using silent = await openScene();
  assert.doesNotMatch(await pageOf(silent, `/admin/inbox/${silent.ids.luis}`), /introduces itself/);
});

Deno.test("a real contact's profile is a link away, and no contact can lead elsewhere with it (C28)", async () => {
  await using scene = await openScene();
  const link = /<a href="(https:\/\/www\.instagram\.com\/[^"]*)" target="_blank" rel="noopener noreferrer">/;
  const ana = await pageOf(scene, `/admin/inbox/${scene.ids.ana}`);
  assert.equal(ana.match(link)?.[1], "https://www.instagram.com/ana.sofia/");
  const evil = await pageOf(scene, `/admin/inbox/${scene.ids.evil}`);
  assert.equal(evil.match(link)?.[1], `https://www.instagram.com/${encodeURIComponent(hostile.username)}/`);
  await using sandbox = await openScene({ simulator: new QuietPhone(accountId, []) });
  assert.doesNotMatch(await pageOf(sandbox, `/admin/inbox/${sandbox.ids.ana}`), link);
});
