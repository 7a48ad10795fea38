import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount } from "@/backoffice/testing/seed.ts";
import { searchAudit } from "@/backoffice/search_audit.ts";
import type { AuditEntry } from "@/store/records.ts";
import { makeAuditEntry } from "@/store/testing/factories.ts";

type Fixture = Awaited<ReturnType<typeof openFixture>>;

async function open(): Promise<{ readonly fixture: Fixture; readonly admin: Visitor }> {
  const fixture = await openFixture();
  await seedAccount(fixture.store);
  const admin = new Visitor(fixture.app);
  await admin.signIn();
  return { fixture, admin };
}

Deno.test("the audit log narrows by person, action and days of the reader's calendar", async () => {
  const { fixture, admin } = await open();
  await using _ = fixture;
  const at = (text: string): Date => new Date(text);
  await fixture.store.audit.add([
    makeAuditEntry({ id: "1", at: at("2026-11-20T12:00:00Z"), actor: "ana", action: "note.add", object: "first" }),
    makeAuditEntry({ id: "2", at: at("2026-11-21T12:00:00Z"), actor: "ana", action: "note.add", object: "second" }),
    makeAuditEntry({ id: "3", at: at("2026-11-22T12:00:00Z"), actor: "ben", action: "note.add", object: "third" }),
  ]);
  const shown = async (query: string): Promise<string[]> => {
    const page = await (await admin.get(`/admin/audit?${query}`)).text();
    return ["first", "second", "third"].filter((object) => page.includes(`<bdi>${object}</bdi>`));
  };
  assert.deepEqual(await shown("actor=ana"), ["first", "second"]);
  assert.deepEqual(await shown("action=note.add&actor=ben"), ["third"]);
  assert.deepEqual(await shown("from=2026-11-21&to=2026-11-21"), ["second"]);
  assert.deepEqual(await shown("from=nonsense"), ["first", "second", "third"]);
});

Deno.test("the audit log says topics and fields of contacts as their rows do, not as they are stored", async () => {
  const { fixture, admin } = await open();
  await using _ = fixture;
  await fixture.store.audit.add([makeAuditEntry({
    action: "settings.change",
    changes: {
      topics: { before: [], after: [{ name: "prices", mode: "draft", words: ["price", "cost"] }] },
      contactFields: {
        before: [{ name: "age", kind: "number", options: [] }],
        after: [{ name: "size", kind: "choice", options: ["S", "M"] }, { name: "invoice", kind: "yesNo", options: [] }],
      },
    },
  })]);
  const page = await (await admin.get("/admin/audit")).text();
  assert.match(page, /prices \(writes drafts\): price, cost</);
  assert.match(page, /age \(number\)</);
  assert.match(page, /size \(choice\): S, M; invoice \(yes or no\)</);
});

Deno.test("the audit log is searched for words of what was done, accents and case folded, page by page", async () => {
  const { fixture, admin } = await open();
  await using _ = fixture;
  const changes = (after: string): AuditEntry["changes"] => ({ persona: { before: "", after } });
  await fixture.store.audit.add([
    makeAuditEntry({ id: "1", object: "first", changes: changes("Envío gratis") }),
    makeAuditEntry({ id: "2", object: "second", changes: changes("No refunds") }),
  ]);
  const shown = async (q: string): Promise<string[]> => {
    const page = await (await admin.get(`/admin/audit?${new URLSearchParams({ q })}`)).text();
    return ["first", "second"].filter((object) => page.includes(`<bdi>${object}</bdi>`));
  };
  assert.deepEqual(await shown("ENVIO grat"), ["first"]);
  assert.deepEqual(await shown("refunds"), ["second"]);
  await fixture.store.audit.add([
    makeAuditEntry({ id: "3", object: "third", changes: { rulesOrder: { after: ["a"] } } }),
  ]);
  assert.match(await (await admin.get("/admin/audit?q=order+of+the+rules")).text(), /<bdi>third<\/bdi>/);
  assert.deepEqual(await shown("refunds gratis"), []);
  const many = Array.from(
    { length: 1_100 },
    (_, n) => makeAuditEntry({ id: `m${n}`, changes: changes(`odd${n % 10}`) }),
  );
  await fixture.store.audit.add(many);
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 9; pages++) {
    const found = await searchAudit(fixture.store.audit, { text: "odd7", wordsOf: () => "", cursor, limit: 50 });
    ids.push(...found.items.map(({ id }) => id));
    cursor = found.nextCursor;
    if (cursor === undefined) break;
  }
  assert.deepEqual([ids.length, new Set(ids).size], [110, 110]);
});

Deno.test("the audit log's second page goes on after an entry of the same instant", async () => {
  const { fixture, admin } = await open();
  await using _ = fixture;
  const entries = Array.from({ length: 60 }, (_, n) => makeAuditEntry({ id: `${n}`, object: `object-${n}` }));
  await fixture.store.audit.add(entries);
  const first = await (await admin.get("/admin/audit?action=settings.change")).text();
  const next = first.match(/href="(\/admin\/audit\?[^"]*cursor=[^"]*)"/)?.[1]?.replaceAll("&amp;", "&");
  const second = await (await admin.get(next ?? "")).text();
  const objects = [...`${first}${second}`.matchAll(/<bdi>object-(\d+)<\/bdi>/g)].map(([, n]) => Number(n));
  assert.deepEqual(objects, Array.from({ length: 60 }, (_, n) => 59 - n));
});

Deno.test("the audit log says fields and values in words, in the reader's language, and no secret", async () => {
  const { fixture, admin } = await open();
  await using _ = fixture;
  await fixture.store.audit.add([makeAuditEntry({
    changes: {
      botEnabled: { before: true, after: false },
      debounceMs: { before: 3_500, after: 5_000 },
      mode: { before: "auto", after: "draft" },
      persona: { before: "0 characters", after: "12 characters" },
      token: { before: "changed", after: "changed" },
      "fields.open": { after: "open" },
    },
  })]);
  const page = await (await admin.get("/admin/audit?lang=es")).text();
  const text = page.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  assert.match(text, /El bot responde: antes: sí después: no/);
  assert.match(text, /antes: 3,5 s después: 5 s/);
  assert.match(text, /antes: 0 caracteres después: 12 caracteres/);
  assert.match(text, /Token de acceso: cambió, no se muestra/);
  assert.match(text, /open : después: open/);
});
