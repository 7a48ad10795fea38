import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import { listFiltered } from "@/backoffice/queue_filter.ts";

const dayMs = 24 * 3_600_000;

async function withQueue(
  work: (
    page: (query: string) => Promise<string>,
    fixture: Fixture,
    ids: Readonly<Record<string, string>>,
  ) => Promise<void>,
): Promise<void> {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const ids = await seedStories(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  await work(async (query) => await (await visitor.get(`/admin/queue?${query}`)).text(), fixture, ids);
}

/** Ids of the texts that a page lists. */
function listed(page: string): readonly string[] {
  return [...page.matchAll(/id="q-([^"]+)"/g)].map(([, id]) => id!);
}

Deno.test("the queue is narrowed to the bot's texts, people's, and those with one of Instagram's codes", () =>
  withQueue(async (page, _, { evil, lost, arabic }) => {
    assert.deepEqual(listed(await page("kind=bot")).toSorted(), [`${evil}_o1`, `${lost}_o1`]);
    assert.deepEqual(listed(await page("kind=person")).toSorted(), [`${arabic}_o1`, `${arabic}_o2`]);
    assert.deepEqual(listed(await page("code=10")), [`${evil}_o1`]);
    assert.deepEqual(listed(await page("code=10&kind=person")), []);
    assert.match(await page(""), /<option value="10">Code 10<\/option>/);
  }));

Deno.test("the queue tells the age of its oldest open text, and is narrowed by age", () =>
  withQueue(async (page, { store }, { evil }) => {
    assert.match(await page(""), /The oldest open one has waited (2|3) h/);
    assert.deepEqual(listed(await page("age=1h")), [`${evil}_o1`]);
    const old = new Story(store, "777");
    await old.says("hola", 2 * dayMs);
    old.ago = 1.5 * dayMs;
    await old.writes("un momento", "old-command-1");
    assert.deepEqual(listed(await page("age=1d")), [`${old.id}_o1`]);
    assert.deepEqual(listed(await page("age=7d")), []);
    assert.match(await page(""), /The oldest open one has waited 36 h/);
  }));

Deno.test("the queue is searched by text, in any case and with or without accents", () =>
  withQueue(async (page, { store }) => {
    const story = new Story(store, "778");
    await story.says("hola");
    await story.writes("El ENVÍO sale mañana", "search-command-1");
    assert.deepEqual(listed(await page("q=envio")), [`${story.id}_o1`]);
    assert.deepEqual(listed(await page("q=envio&kind=bot")), []);
    assert.match(await page("q=envio"), /<input type="search" name="q"[^>]*value="envio"/);
  }));

Deno.test("everything that matches is acted on after a page that asks, and nothing else", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const texts = ["se agotó el bolso", "tu envío va tarde", "otro envío más", "gracias"];
  const ids: string[] = [];
  for (const [n, text] of texts.entries()) {
    const story = new Story(fixture.store, `6${n}`);
    await story.says("hola", 60_000);
    await story.writes(text, `match-command-${n}`);
    await story.sends("failed");
    ids.push(`${story.id}_o1`);
  }
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const shown = await (await visitor.get("/admin/queue?state=failed&q=envio")).text();
  assert.match(shown, /href="\/admin\/queue\/all\?state=failed&amp;q=envio&amp;action=discard">Discard all that match/);
  const asked = await (await visitor.get("/admin/queue/all?state=failed&q=envio&action=discard")).text();
  assert.match(asked, /Failed: 2, as of/);
  const [, until = ""] = asked.match(/name="until" value="([^"]+)"/) ?? [];
  await visitor.post("/admin/queue/all?state=failed&q=envio", { action: "discard", until });
  const states = await Promise.all(ids.map(async (id) => (await fixture.store.outbound.get(id))?.state));
  assert.deepEqual(states, ["failed", "cancelled", "cancelled", "failed"]);
});

Deno.test("the queue's updates can be paused, and go on from the same view", () =>
  withQueue(async (page) => {
    assert.match(await page("state=failed"), /<div id="queue"[^>]*data-live/);
    const paused = await page("state=failed&paused=1");
    assert.match(paused, /<div id="queue">/);
    assert.match(paused, /Updates paused since[\s\S]*?<a href="\/admin\/queue\?state=failed">Resume/);
  }));

Deno.test("what is narrowed is read page after page, without gap or double", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  for (let n = 0; n < 7; n += 1) {
    const story = new Story(fixture.store, `5${n}`);
    await story.says("hola", n * 1_000);
    await story.writes(`respuesta ${n}`, `paged-command-${n}`);
  }
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { state: ["queued"] as const, limit: 3, cursor };
    const page = await listFiltered(fixture.store.outbound, query, {
      filter: { kind: "person" },
      now: fixture.store.now(),
    });
    found.push(...page.items.map(({ text }) => text));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.deepEqual(found, Array.from({ length: 7 }, (_, n) => `respuesta ${n}`));
});
