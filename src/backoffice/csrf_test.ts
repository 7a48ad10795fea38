import assert from "node:assert/strict";
import { openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, Story } from "@/backoffice/testing/seed.ts";

const refusals: Readonly<Record<string, { form?: Record<string, string>; headers?: Record<string, string> }>> = {
  "without the session's token": { form: { _csrf: "" } },
  "with another session's token": { form: { _csrf: "A".repeat(43) } },
  "from another site": { headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" } },
  "from a sub-domain": { headers: { origin: "http://evil.moca.test", "sec-fetch-site": "same-site" } },
  "from another port": { headers: { origin: "http://moca.test:8080" } },
  "from a page without an origin": { headers: { origin: "null" } },
  "with no origin at all": { headers: { origin: "" } },
  "by a link that a page of another site opened": { headers: { "sec-fetch-site": "none" } },
};

for (const [how, { form = {}, headers = {} }] of Object.entries(refusals)) {
  Deno.test(`an action is refused when it comes ${how}, and changes nothing`, async () => {
    await using fixture = await openFixture();
    await seedAccount(fixture.store);
    const story = new Story(fixture.store, "1");
    await story.says("hola");
    const visitor = new Visitor(fixture.app);
    await visitor.signIn();
    const before = await story.aggregate();
    const response = await visitor.post(`/admin/inbox/${story.id}/change`, { handler: "person", ...form }, headers);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /reload the page/);
    assert.deepEqual(await story.aggregate(), before);
  });
}

Deno.test("an action with a JSON or plain text body is refused: its form holds no token", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  for (const type of ["application/json", "text/plain"]) {
    const response = await visitor.post("/admin/logout", {}, { "content-type": type });
    assert.equal(response.status, 403);
  }
  assert.equal((await visitor.get("/admin/inbox")).status, 200);
});

Deno.test("an action is taken with the token in a header, as programs send it", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const response = await visitor.post("/admin/logout", { _csrf: "" }, { "x-csrf-token": visitor.csrf });
  assert.equal(response.headers.get("location"), "/admin/login");
});

Deno.test("an action is taken from the public address, whatever host the proxy asks for", async () => {
  await using fixture = await openFixture({ config: { publicUrl: "https://moca.example" } });
  const visitor = new Visitor(fixture.app);
  const headers = { origin: "https://moca.example", host: "10.0.0.5:8000" };
  await visitor.post("/admin/login", { token: fixture.deps.config.adminToken }, headers);
  const page = await (await visitor.get("/admin/rules")).text();
  visitor.csrf = page.match(/name="_csrf" value="([^"]+)"/)![1]!;
  assert.equal((await visitor.post("/admin/logout", {}, headers)).status, 303);
});
