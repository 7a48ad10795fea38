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
