import assert from "node:assert/strict";
import { adminToken, type Fixture, openFixture, origin, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount } from "@/backoffice/testing/seed.ts";
import type { Role } from "@/store/records.ts";

/** Adds a person by the page and answers their key. */
async function add(admin: Visitor, name: string, role: Role): Promise<string> {
  const page = await (await admin.post("/admin/people", { name, role })).text();
  return /<code class="key">([^<]+)</.exec(page)?.[1] ?? assert.fail("no key was shown");
}

async function signedIn(fixture: Fixture, username?: string, token = adminToken): Promise<Visitor> {
  const visitor = new Visitor(fixture.app);
  const response = await visitor.signIn({ token, ...(username === undefined ? {} : { username }) });
  assert.equal(response.status, 303);
  return visitor;
}

Deno.test("a person who was added signs in with the key that was shown once, and acts under their own name", async () => {
  await using fixture = await openFixture();
  const admin = await signedIn(fixture);
  const key = await add(admin, "Maria", "agent");
  assert.ok(!(await (await admin.get("/admin/people")).text()).includes(key), "the key is shown again");
  const maria = await signedIn(fixture, "maria", key);
  assert.equal((await maria.get("/admin/inbox")).status, 200);
  assert.equal((await maria.get("/admin/settings")).status, 403);
  const entries = await fixture.store.audit.list({ limit: 10 });
  assert.deepEqual(entries.map(({ actor, action, object }) => [actor, action, object]), [
    ["maria", "session.begin", "maria"],
    ["admin", "operator.add", "maria"],
    ["admin", "session.begin", "admin"],
  ]);
  assert.ok(!JSON.stringify(entries).includes(key));
});

Deno.test("a role that was changed holds at once, and whoever was removed is out at once", async () => {
  await using fixture = await openFixture();
  const admin = await signedIn(fixture);
  const maria = await signedIn(fixture, "maria", await add(admin, "maria", "viewer"));
  assert.equal((await maria.get("/admin/audit")).status, 403);
  await admin.post("/admin/people/operators/maria/role", { role: "admin" });
  assert.equal((await maria.get("/admin/audit")).status, 200);
  await admin.post("/admin/people/operators/maria/remove");
  assert.equal((await maria.get("/admin/inbox")).status, 303);
});

Deno.test("a new key ends the old one and the sessions that it began", async () => {
  await using fixture = await openFixture();
  const admin = await signedIn(fixture);
  const old = await add(admin, "maria", "agent");
  const maria = await signedIn(fixture, "maria", old);
  await admin.post("/admin/people/operators/maria/key");
  assert.equal((await maria.get("/admin/inbox")).status, 303);
  assert.equal((await new Visitor(fixture.app).signIn({ username: "maria", token: old })).status, 401);
});

Deno.test("a session can be ended by an admin, and is listed without what would let anybody use it", async () => {
  await using fixture = await openFixture();
  const [admin, other] = [await signedIn(fixture), new Visitor(fixture.app)];
  await other.post("/admin/login", { username: "", token: adminToken }, {
    "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0",
  });
  const page = await (await admin.get("/admin/people")).text();
  assert.match(page, /Firefox · Windows/);
  const ids = [...page.matchAll(/sessions\/([0-9a-f]{64})\/revoke/g)].map(([, id]) => id!);
  assert.equal(ids.length, 1, "one's own session is not offered");
  assert.ok(!page.includes(other.cookies.split("=")[1]!));
  await admin.post(`/admin/people/sessions/${ids[0]}/revoke`);
  assert.equal((await other.get("/admin/inbox")).status, 303);
  assert.equal((await admin.get("/admin/inbox")).status, 200);
});

Deno.test("names that stand for something else, or are taken, are refused", async () => {
  await using fixture = await openFixture();
  const admin = await signedIn(fixture);
  await add(admin, "maria", "agent");
  for (const name of ["admin", "bot", "system", "", "x", "Ma ria", "<b>", "maria"]) {
    assert.equal((await admin.post("/admin/people", { name, role: "agent" })).status, 422, name);
  }
});

Deno.test("whoever only reads is offered nothing to do, and may do nothing", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const admin = await signedIn(fixture);
  const viewer = await signedIn(fixture, "vera", await add(admin, "vera", "viewer"));
  for (const path of ["/admin/inbox", "/admin/queue", "/admin/rules"]) {
    const page = await (await viewer.get(path)).text();
    const forms = [...page.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, action]) => action);
    assert.deepEqual(forms, ["/admin/logout"], path);
  }
  assert.equal((await viewer.post("/admin/inbox/x/messages", { text: "hi" })).status, 403);
});

Deno.test("a name that is guessed at from many addresses waits, and another name does not", async () => {
  await using fixture = await openFixture();
  const key = await add(await signedIn(fixture), "maria", "agent");
  let n = 0;
  const guess = (username: string, token: string): Promise<Response> => {
    fixture.clock.advance(1_000);
    n += 1;
    const connection = { remoteAddr: { hostname: `198.51.100.${n}`, port: 1, transport: "tcp" } };
    const headers = { origin, host: "moca.test" };
    const body = new URLSearchParams({ username, token });
    return Promise.resolve(fixture.app.request(`${origin}/admin/login`, { method: "POST", body, headers }, connection));
  };
  for (let tries = 0; tries < 20; tries += 1) assert.equal((await guess("maria", "wrong")).status, 401);
  assert.equal((await guess("maria", key)).status, 429);
  assert.equal((await guess("admin", adminToken)).status, 303);
});

Deno.test("the audit log can be read, filtered and exported, with what came before and after", async () => {
  await using fixture = await openFixture();
  const admin = await signedIn(fixture);
  await add(admin, "maria", "agent");
  await admin.post("/admin/people/operators/maria/role", { role: "viewer" });
  const page = await (await admin.get("/admin/audit?object=maria")).text();
  assert.match(page, /Role: +<del>.*?Agent<\/del>[\s\S]*<ins>.*?Viewer<\/ins>/);
  assert.doesNotMatch(page, /<td>Signed in/);
  const csv = await (await admin.get("/admin/audit/export.csv?object=maria")).text();
  assert.match(csv, /"admin","operator\.role","maria"/);
  const lines = await (await admin.get("/admin/audit/export.ndjson?action=operator.role")).text();
  const [entry, ...others] = lines.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(entry.changes, { role: { before: "agent", after: "viewer" } });
  assert.deepEqual(others, []);
});
