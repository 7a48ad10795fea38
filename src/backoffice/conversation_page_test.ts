import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, hostile, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import type { Settings } from "@/conversation/settings.ts";
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
