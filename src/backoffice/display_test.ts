import assert from "node:assert/strict";
import { isTimeZone } from "@/backoffice/display.ts";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";

/** The page's first time of day, as its reader sees it. */
function firstTime(page: string): string | undefined {
  return /<time [^>]*>([^<]*)<\/time>/.exec(page)?.[1];
}

Deno.test("times are shown in the zone that was chosen, else in the browser's, else in the account's", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store, { timezone: "America/Mexico_City" });
  await new Story(fixture.store, "1").says("hola");
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const shown = async (): Promise<string> => await (await visitor.get("/admin/inbox?tab=all")).text();
  const inZone = (timeZone: string): string =>
    new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
      fixture.store.now(),
    );
  assert.equal(firstTime(await shown()), inZone("America/Mexico_City"));
  visitor.cookies += "; moca_zone=Asia/Tokyo";
  const page = await shown();
  assert.equal(firstTime(page), inZone("Asia/Tokyo"));
  assert.match(page, /<time [^>]*title="[^"]*GMT\+9"/);
  await visitor.post("/admin/display", { zone: "Europe/Madrid" });
  assert.equal(firstTime(await shown()), inZone("Europe/Madrid"));
  await visitor.post("/admin/display", { zone: "" });
  assert.equal(firstTime(await shown()), inZone("Asia/Tokyo"));
});

Deno.test("colours, language and the key that sends are each person's own, and a zone that is none is refused", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const saved = await visitor.post("/admin/display", { zone: "", theme: "dark", enter: "1", lang: "es" });
  assert.deepEqual([saved.status, saved.headers.get("location")], [303, "/admin/display?saved=1"]);
  const page = await (await visitor.get("/admin/display?saved=1")).text();
  assert.match(page, /<html lang="es" data-theme="dark">/);
  assert.match(page, /data-enter="sends"/);
  assert.match(page, /Guardado\./);
  const refused = await visitor.post("/admin/display", { zone: 'Mars/"Olympus' });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /aria-invalid="true"[\s\S]*role="alert"/);
  const other = new Visitor(fixture.app);
  await other.signIn();
  assert.match(await (await other.get("/admin/display")).text(), /<html lang="en">/);
});

Deno.test("isTimeZone() takes names that browsers have for a zone, and no others", () => {
  for (const name of ["UTC", "Europe/Madrid", "Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Buenos_Aires"]) {
    assert.ok(isTimeZone(name), name);
  }
  for (const name of ["", "+02:00", "Mars/Olympus", "../x", "Europe/Madrid; x=1"]) assert.ok(!isTimeZone(name), name);
});
