/** What the pages weigh on the wire, gzipped: the budgets that keep them quick on a phone. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";

const kilobyte = 1_024;

const words = "hola quería saber si todavía tienen el bolso grande café talla precio envío Monterrey gracias 🙂 mañana"
  .split(" ");

/** A text that is unlike the others, as people's are. */
function textOf(n: number): string {
  return Array.from({ length: 6 + n % 9 }, (_, at) => words[(n * 7 + at * (3 + n % 5)) % words.length]).join(" ");
}

/** A page full of conversations, one of them long. */
async function openFull(): Promise<AsyncDisposable & { visitor: Visitor; paths: Readonly<Record<string, number>> }> {
  const fixture = await openFixture();
  await seedAccount(fixture.store);
  const ids = await seedStories(fixture.store);
  for (let n = 0; n < 50; n += 1) {
    const story = new Story(fixture.store, `9${100 + n}`);
    await story.says(textOf(n), n * 60_000);
    await story.is({ name: `${words[n % 12]} ${words[(n * 5) % 12]}`, username: `user_${n}`, profile: "known" });
  }
  const long = new Story(fixture.store, "9900");
  for (let n = 0; n < 30; n += 1) {
    await long.says(textOf(n + 50), 3_000_000 - n * 90_000);
    await long.decides({ kind: "reply", texts: [textOf(n + 90)], reason: "matched “precio”", by: "rule:prices" });
    await long.sends();
  }
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return {
    visitor,
    paths: {
      "/admin/inbox?tab=all": 8,
      [`/admin/inbox/${long.id}?tab=all`]: 12,
      [`/admin/turns/${ids.ana}_t2`]: 8,
      "/admin/dashboard": 12,
      "/admin/queue": 8,
      "/admin/rules": 8,
      "/admin/rules/try": 8,
      "/admin/rules/rewind": 8,
      "/admin/settings": 8,
      "/admin/knowledge": 8,
      "/admin/people": 8,
      "/admin/display": 8,
      "/admin/audit": 8,
    },
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

async function weigh(visitor: Visitor, path: string): Promise<{ readonly body: string; readonly bytes: number }> {
  const response = await visitor.get(path);
  const body = await response.text();
  assert.equal(response.status, 200, path);
  return { body, bytes: gzipSync(body).length };
}

Deno.test("each page keeps to its weight", async () => {
  await using full = await openFull();
  for (const [path, budget] of Object.entries(full.paths)) {
    const { bytes } = await weigh(full.visitor, path);
    assert.ok(bytes <= budget * kilobyte, `${path} weighs ${bytes} bytes, wants ${budget * kilobyte} at most`);
  }
});

Deno.test("a first visit keeps to its weight and its number of requests", async () => {
  await using full = await openFull();
  const { body, bytes } = await weigh(full.visitor, "/admin/inbox?tab=all");
  const assets = [...body.matchAll(/(?:src|rel="stylesheet" href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  const style = await weigh(full.visitor, assets.find((path) => path.endsWith(".css"))!);
  const script = await weigh(full.visitor, assets.find((path) => path.endsWith(".js"))!);
  assert.ok(style.bytes <= 8 * kilobyte, `the style weighs ${style.bytes} bytes`);
  assert.ok(script.bytes <= 24 * kilobyte, `the script weighs ${script.bytes} bytes`);
  assert.ok(assets.length + 1 <= 6, `a first visit asks for ${assets}`);
  const first = bytes + style.bytes + script.bytes;
  assert.ok(first <= 48 * kilobyte, `a first visit weighs ${first} bytes`);
});
