import assert from "node:assert/strict";
import { adminToken, openFixture, origin, Visitor } from "@/backoffice/testing/fixture.ts";

Deno.test("a page asked for without a session leads to the sign-in page and back", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  const response = await visitor.get("/admin/queue?state=failed");
  assert.equal(response.status, 303);
  const target = response.headers.get("location")!;
  assert.equal(target, "/admin/login?next=%2Fadmin%2Fqueue%3Fstate%3Dfailed");
  assert.match(await (await visitor.get(target)).text(), /name="next" value="\/admin\/queue\?state=failed"/);
  const signedIn = await visitor.post("/admin/login", { token: adminToken, next: "/admin/queue?state=failed" });
  assert.equal(signedIn.headers.get("location"), "/admin/queue?state=failed");
  assert.equal((await visitor.get("/admin/queue?state=failed")).status, 200);
});

Deno.test("signing in gives a cookie that scripts cannot read and whose value is not stored", async () => {
  await using fixture = await openFixture();
  const response = await new Visitor(fixture.app).post("/admin/login", { token: adminToken });
  const line = response.headers.getSetCookie()[0]!;
  assert.match(line, /^moca_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.equal(await fixture.store.sessions.get(line.slice("moca_session=".length, line.indexOf(";"))), undefined);
});

Deno.test("over https the cookie is bound to the host and never sent in the clear", async () => {
  await using fixture = await openFixture({ config: { publicUrl: "https://moca.example" } });
  const headers = { origin: "https://moca.example" };
  const response = await new Visitor(fixture.app).post("/admin/login", { token: adminToken, keep: "yes" }, headers);
  assert.equal(response.status, 303);
  assert.match(
    response.headers.getSetCookie()[0]!,
    /^__Host-moca=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
});

Deno.test("a wrong token is refused without saying more, and is not repeated on the page", async () => {
  await using fixture = await openFixture();
  const response = await new Visitor(fixture.app).post("/admin/login", { username: "Maria", token: "not-the-token" });
  assert.equal(response.status, 401);
  assert.equal(response.headers.getSetCookie().length, 0);
  const page = await response.text();
  assert.match(page, /role="alert"/);
  assert.match(page, /name="username" value="maria"/);
  assert.doesNotMatch(page, /not-the-token|correct-horse/);
});

Deno.test("after five wrong tokens an address waits, twice as long each time, and another does not", async () => {
  await using fixture = await openFixture();
  const from = (hostname: string) => (token: string): Promise<Response> => {
    fixture.clock.advance(1_000);
    const body = new URLSearchParams({ token });
    const headers = { origin, host: "moca.test" };
    const connection = { remoteAddr: { hostname, port: 1, transport: "tcp" } };
    return Promise.resolve(fixture.app.request(`${origin}/admin/login`, { method: "POST", body, headers }, connection));
  };
  const guess = from("198.51.100.7");
  for (let tries = 0; tries < 5; tries += 1) assert.equal((await guess("wrong")).status, 401);
  const refused = await guess(adminToken);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.equal((await from("203.0.113.9")(adminToken)).status, 303);
  fixture.clock.advance(2_000);
  assert.equal((await guess("wrong")).status, 401);
  fixture.clock.advance(2_000);
  assert.equal((await guess("wrong")).status, 429);
  fixture.clock.advance(4_000);
  assert.equal((await guess(adminToken)).status, 303);
});

Deno.test("signing in from another site's form is refused", async () => {
  await using fixture = await openFixture();
  const foreign: Record<string, string>[] = [{ origin: "https://evil.example" }, { origin: "null" }, {
    "sec-fetch-site": "cross-site",
  }];
  for (const headers of foreign) {
    const response = await new Visitor(fixture.app).post("/admin/login", { token: adminToken }, headers);
    assert.equal(response.status, 403);
    assert.equal(response.headers.getSetCookie().length, 0);
  }
});

Deno.test("signing in again begins a new session and ends the one before", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const before = visitor.cookies;
  await visitor.signIn();
  assert.notEqual(visitor.cookies, before);
  visitor.cookies = before;
  assert.equal((await visitor.get("/admin/inbox")).status, 303);
});

Deno.test("signing out ends the session, also for who kept the cookie", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  const kept = visitor.cookies;
  assert.equal((await visitor.post("/admin/logout")).headers.get("location"), "/admin/login");
  visitor.cookies = kept;
  assert.equal((await visitor.get("/admin/inbox")).status, 303);
});

Deno.test("a session ends after half an hour without a person, though its page goes on refreshing", async () => {
  await using fixture = await openFixture();
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  fixture.clock.advance(20 * 60_000);
  assert.equal((await visitor.get("/admin/inbox")).status, 200);
  fixture.clock.advance(20 * 60_000);
  assert.notEqual((await visitor.get("/admin/inbox/list", { "hx-request": "true", "hx-ptag": "x" })).status, 401);
  fixture.clock.advance(20 * 60_000);
  const late = await visitor.get("/admin/inbox/list", { "hx-request": "true", "hx-ptag": "x" });
  assert.equal(late.status, 401);
  assert.equal(late.headers.get("hx-redirect"), "/admin/login?next=%2Fadmin%2Finbox");
});

Deno.test("a session ends after twelve hours, one that was to be kept after thirty days", async () => {
  for (const { keep, hours } of [{ keep: "", hours: 12 }, { keep: "yes", hours: 720 }]) {
    await using fixture = await openFixture();
    const visitor = new Visitor(fixture.app);
    await visitor.signIn({ keep });
    const steps = keep === "yes" ? 2 : hours * 3;
    for (let step = 1; step < steps; step += 1) {
      fixture.clock.advance(hours * 3_600_000 / steps);
      assert.equal((await visitor.get("/admin/inbox")).status, 200);
    }
    fixture.clock.advance(hours * 3_600_000 / steps + 1);
    assert.equal((await visitor.get("/admin/inbox")).status, 303);
  }
});

Deno.test("nobody is led to another site after signing in", async () => {
  await using fixture = await openFixture();
  const hostile = [
    "//evil.example",
    "https://evil.example/admin/",
    "/\\evil.example",
    "/admin/../../x",
    "/admin//evil.example",
    "javascript:alert(1)",
  ];
  for (const next of hostile) {
    fixture.clock.advance(1_000);
    const response = await new Visitor(fixture.app).post("/admin/login", { token: adminToken, next });
    assert.equal(response.headers.get("location"), "/admin/inbox", next);
  }
});
