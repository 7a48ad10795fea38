import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount } from "@/backoffice/testing/seed.ts";

Deno.test("the doctor looks when it is asked to, in the reader's language, and names the cure", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const before = await (await visitor.get("/admin/doctor")).text();
  assert.doesNotMatch(before, /class="card"/);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(before)?.[1] ?? "";
  const english = await (await visitor.post("/admin/doctor", { _csrf: csrf })).text();
  assert.match(english, /No webhook that is signed with it came/);
  assert.match(english, /META_APP_SECRET may be another app&#39;s|META_APP_SECRET may be another app's/);
  await visitor.get("/admin/doctor?lang=es");
  const spanish = await (await visitor.post("/admin/doctor", { _csrf: csrf })).text();
  assert.match(spanish, /En los últimos 7 días no llegó ningún webhook firmado con él/);
  assert.doesNotMatch(spanish, /o webhook that is signed/);
});
