/** Who gets where: every route that is registered, every kind of caller, one table of expected answers. */
import assert from "node:assert/strict";
import { accessTable, requestOf } from "./access_table.ts";
import { type Caller, Target } from "./target.ts";

const callers: readonly Caller[] = [
  "nobody",
  "wrongToken",
  "program",
  "operator",
  "agent",
  "viewer",
  "forged",
  "foreign",
];

/** Names of style and script change with their content. */
function withoutHash(path: string): string {
  return path.replace(/\.[0-9a-f]{12}\./, ".<hash>.");
}

/** The registered rows of the table, by their real paths. */
function registered(target: Target): ReadonlyMap<string, string> {
  return new Map(target.moca.routes.map(({ method, path }) => [`${method} ${path}`, `${method} ${withoutHash(path)}`]));
}

Deno.test("every route that is registered is in the table of who may use it, and no other is", async () => {
  await using target = await Target.open();
  const rows = [...new Set(registered(target).values())];
  assert.deepEqual(rows.filter((row) => !Object.hasOwn(accessTable, row)), [], "routes without a row");
  assert.deepEqual(Object.keys(accessTable).filter((row) => !rows.includes(row)), [], "rows without a route");
});

for (const caller of callers) {
  Deno.test(`every route answers ${caller} as the table says`, async () => {
    await using target = await Target.open();
    const seen: Record<string, number> = {};
    const wanted: Record<string, number> = {};
    for (const [route, row] of registered(target)) {
      const [answers, inside] = accessTable[row] ?? assert.fail(`${row} is not in the table`);
      const { method, path } = requestOf(route);
      const response = await target.ask(method, path, caller);
      await response.body?.cancel();
      seen[row] = response.status;
      wanted[row] = answers[caller] === "in" ? inside : answers[caller];
    }
    assert.deepEqual(seen, wanted);
  });
}

Deno.test("whoever is not signed in is led from each page to the sign-in and nowhere else", async () => {
  await using target = await Target.open();
  for (const route of registered(target).keys()) {
    const { method, path } = requestOf(route);
    if (!path.startsWith("/admin")) continue;
    const response = await target.ask(method, path, "nobody");
    await response.body?.cancel();
    if (response.status === 303) assert.match(response.headers.get("location") ?? "", /^\/admin\/login\?next=/, route);
  }
});

Deno.test("HEAD tells nobody more than GET does", async () => {
  await using target = await Target.open();
  for (const route of registered(target).keys()) {
    const { method, path } = requestOf(route);
    if (method !== "GET") continue;
    const [get, head] = [await target.ask("GET", path, "nobody"), await target.ask("HEAD", path, "nobody")];
    assert.equal(head.status, get.status, route);
    await get.body?.cancel();
    await head.body?.cancel();
  }
});

Deno.test("a session is over after signing out, whoever kept its cookie", async () => {
  await using target = await Target.open();
  const { cookie, csrf } = await target.signIn();
  const headers = { cookie, "x-csrf-token": csrf, origin: target.moca.url };
  const out = await fetch(`${target.moca.url}/admin/logout`, { method: "POST", headers, redirect: "manual" });
  await out.body?.cancel();
  assert.equal(out.status, 303);
  const again = await fetch(`${target.moca.url}/api/v1/conversations`, { headers });
  await again.body?.cancel();
  assert.equal(again.status, 401);
});
