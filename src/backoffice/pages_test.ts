import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { accountId, hostile, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";
import { save } from "@/store/testing/check.ts";
import { makeInstance, makeMessage } from "@/store/testing/factories.ts";

async function signedIn(fixture: Fixture): Promise<Visitor> {
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return visitor;
}

async function textOf(visitor: Visitor, path: string): Promise<string> {
  const response = await visitor.get(path);
  assert.equal(response.status, 200, path);
  return await response.text();
}

/** Tags of a page, as a browser would find them. */
function tags(page: string): Set<string> {
  return new Set([...page.matchAll(/<([a-z][\w-]*)/gi)].map(([, name]) => name!));
}

Deno.test("what contacts, rules and the model wrote is text on every page (C28)", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { evil } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const pages = [
    "/admin/inbox?tab=all",
    `/admin/inbox/${evil}`,
    `/admin/turns/${evil}_t1`,
    "/admin/queue",
    `/admin/inbox?q=${encodeURIComponent(hostile.text)}`,
  ];
  for (const path of pages) {
    const page = await textOf(visitor, path);
    assert.ok(!tags(page).has("img"), path);
    assert.equal([...page.matchAll(/<script/g)].length, 1, path);
    assert.doesNotMatch(page, /(?:href|src)="javascript:/i, path);
    assert.doesNotMatch(page.replace(/="[^"]*"/g, ""), /<[^>]*\s(?:on\w+|style)\b/i, path);
  }
});

Deno.test("the answer to a message says who decided, and why", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { ana, luis, typing } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const page = await textOf(visitor, `/admin/inbox/${ana}`);
  assert.match(page, /Bot · rule prices/);
  assert.match(page, /Stayed silent<\/strong>\s*<span dir="auto">\s*the contact only said thanks/);
  assert.match(page, /gpt-5-mini: 2 calls, 1,842 \+ 96 tokens/);
  assert.match(await textOf(visitor, `/admin/inbox/${luis}`), /Handed to a person/);
  assert.match(await textOf(visitor, `/admin/inbox/${typing}`), /Waits until \d/);
});

Deno.test("a sent form shows its message at once as queued, without JavaScript and with", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { typing } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const form = { text: "Hi Marta!", commandId: "command-number-1" };
  const plain = await visitor.post(`/admin/inbox/${typing}/messages`, form);
  assert.equal(plain.status, 303);
  assert.equal(plain.headers.get("location"), `/admin/inbox/${typing}#latest`);
  assert.match(await textOf(visitor, `/admin/inbox/${typing}`), /Hi Marta!/);
  const second = { text: "Are you there?", commandId: "command-number-2" };
  const parts = await visitor.post(`/admin/inbox/${typing}/messages`, second, { "hx-request": "true" });
  const body = await parts.text();
  assert.match(body, /^<div id="composer"/);
  assert.match(body, /Are you there\?[\s\S]*Queued/);
  assert.doesNotMatch(body, /value="command-number-2"/);
});

Deno.test("the same form sent twice makes one message (C15)", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = await signedIn(fixture);
  const form = { text: "Hi!", commandId: "command-number-1" };
  const send = (): Promise<Response> => visitor.post(`/admin/inbox/${story.id}/messages`, form);
  assert.deepEqual((await Promise.all([send(), send()])).map(({ status }) => status), [303, 303]);
  assert.equal((await story.aggregate()).outbound.length, 1);
});

Deno.test("a text that cannot be sent stays in the composer, with the reason", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = await signedIn(fixture);
  await fixture.deps.actions.sendMessage(story.id, { text: "one", commandId: "command-number-1" }, "admin");
  const response = await visitor.post(`/admin/inbox/${story.id}/messages`, {
    text: "keep <this>",
    commandId: "command-number-1",
  });
  assert.equal(response.status, 422);
  const page = await response.text();
  assert.match(page, /keep &lt;this><\/textarea>/);
  assert.match(page, /sent before with another text/);
});

Deno.test("outside Instagram's window the reason stands where the composer was", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { late } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const page = await textOf(visitor, `/admin/inbox/${late}`);
  assert.match(page, /You cannot write now/);
  assert.match(page, /name="tag" value="HUMAN_AGENT" required/);
  const response = await visitor.post(`/admin/inbox/${late}/messages`, { text: "Hi", commandId: "command-number-1" });
  assert.equal(response.status, 409);
});

Deno.test("a stuck message is retried or discarded by its buttons; a late click is told why not", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { evil } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const item = `${evil}_o1`;
  const back = `/admin/inbox/${evil}#latest`;
  const retried = await visitor.post(`/admin/outbound/${item}/retry`, { back });
  assert.equal(retried.headers.get("location"), back);
  const late = await visitor.post(`/admin/outbound/${item}/discard`, { back: "https://evil.example" });
  assert.equal(late.status, 409);
  assert.match(await late.text(), /Cannot discard an item that is queued/);
  assert.equal(
    (await visitor.post(`/admin/outbound/${item}/cancel`, { back: "https://evil.example" })).headers.get("location"),
    "/admin/inbox",
  );
});

Deno.test("the send ledger of a text says what is proven and is reached from conversation and queue", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { ana, lost } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  assert.match(await textOf(visitor, `/admin/inbox/${ana}`), new RegExp(`href="/admin/outbound/${ana}_o1"`));
  assert.match(await textOf(visitor, "/admin/queue?state=held"), new RegExp(`href="/admin/outbound/${lost}_o1"`));
  const page = await textOf(visitor, `/admin/outbound/${ana}_o1`);
  assert.match(page, /Sent once: mid mid_\S+, Instagram’s answer at/);
  assert.equal((await visitor.get("/admin/outbound/nothing_o1")).status, 404);
});

Deno.test("a held text says why, and a person who saw it in Instagram ends it as sent, once", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { lost } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const path = `/admin/outbound/${lost}_o1`;
  const held = await textOf(visitor, path);
  assert.match(held, /it may not have arrived, and the contact wrote on meanwhile/);
  assert.match(held, /Moca writes it down as sent/);
  const done = await visitor.post(`${path}/arrived`, { back: path });
  assert.equal(done.headers.get("location"), path);
  assert.match(await textOf(visitor, path), /Sent once: confirmed by a person/);
  assert.equal((await visitor.post(`${path}/arrived`, { back: path })).status, 409);
});

Deno.test("a message whose answer was pulled back is shown as waiting, not as replied to", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  await story.decides({ kind: "reply", texts: ["Hi"], reason: "greeted", by: "agent" });
  await story.says("one more thing");
  const visitor = await signedIn(fixture);
  assert.doesNotMatch(await textOf(visitor, `/admin/inbox/${story.id}`), /Replied/);
  assert.match(await textOf(visitor, `/admin/turns/${story.id}_t1`), /Taken back/);
});

Deno.test("several stuck texts are retried or discarded together, and a given-up webhook by its button", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { evil, lost } = await seedStories(fixture.store);
  const { envelopes } = fixture.store;
  const id = "c".repeat(64);
  await envelopes.accept({ id, body: new Uint8Array([1]), receivedAt: fixture.store.now() });
  await envelopes.finish([{ id, state: "dead", note: "the account is not known" }]);
  const visitor = await signedIn(fixture);
  const page = await textOf(visitor, "/admin/queue");
  assert.equal([...page.matchAll(/type="checkbox" name="id"/g)].length, 2);
  assert.match(page, /the account is not known/);
  const form = new URLSearchParams({ _csrf: visitor.csrf, action: "discard", commandId: "bulk-command-1" });
  for (const item of [`${evil}_o1`, `${lost}_o1`]) form.append("id", item);
  const done = await visitor.send("/admin/queue/bulk", form);
  assert.equal(done.headers.get("location"), "/admin/queue?done=2&refused=0");
  assert.match(await textOf(visitor, "/admin/queue?done=2&refused=0"), /2 done, none refused/);
  await visitor.post(`/admin/envelopes/${id}/retry`, { back: "/admin/queue" });
  assert.equal((await envelopes.get(id))?.state, "new");
});

Deno.test("of many that are retried together, those that were refused tell why", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const late = new Story(fixture.store, "1");
  await late.says("hola", 20 * 3_600_000);
  await late.writes("buenas", "late-command-1");
  await late.sends("failed");
  await late.is({ optOut: true });
  const open = new Story(fixture.store, "2");
  await open.says("hola", 60_000);
  await open.decides({ kind: "reply", texts: ["sí"], reason: "r", by: "agent" });
  await open.sends("failed");
  await open.is({ optOut: true });
  const visitor = await signedIn(fixture);
  const form = new URLSearchParams({ _csrf: visitor.csrf, action: "retry", commandId: "bulk-command-2" });
  for (const { id } of [late, open]) form.append("id", `${id}_o1`);
  const page = (await (await visitor.send("/admin/queue/bulk", form)).text()).replace(/<[^>]*>/g, " ").replace(
    /\s+/g,
    " ",
  );
  assert.match(page, /1 done, 1 refused 1 × Cannot retry: the contact asked not to be written to/);
});

Deno.test("the queue is narrowed to a contact, by name or handle", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const rows = async (contact: string): Promise<number> => {
    const page = await textOf(visitor, `/admin/queue?${new URLSearchParams({ contact })}`);
    return [...page.matchAll(/<tr[^>]*id="q-/g)].length;
  };
  assert.ok(await rows("") > 1);
  assert.equal(await rows("Camila"), 1);
  assert.equal(await rows("nobody at all"), 0);
});

Deno.test("an empty queue says when the last text was sent", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  assert.match(await textOf(visitor, "/admin/queue?state=expired"), /Nothing here\. Last sent <time/);
});

Deno.test("everything in a state is discarded after a page that says how many, but for what came since", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { evil, lost } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const page = await textOf(visitor, "/admin/queue/all?state=failed&action=discard");
  assert.match(page, /Failed: 1, as of/);
  const [, until = ""] = page.match(/name="until" value="([^"]+)"/) ?? [];
  const early = new Date(Date.parse("2026-11-24T00:00:00Z")).toISOString();
  const order = (until: string): Promise<Response> =>
    visitor.post("/admin/queue/all?state=failed", { action: "discard", until });
  const before = await order(early);
  assert.equal(before.headers.get("location"), "/admin/queue?done=0&refused=0");
  const done = await order(until);
  assert.equal(done.headers.get("location"), "/admin/queue?done=1&refused=0");
  const states = await Promise.all([evil, lost].map((id) => fixture.store.outbound.get(`${id}_o1`)));
  assert.deepEqual(states.map((item) => item?.state), ["cancelled", "held"]);
});

Deno.test("taking over, giving back and marking done lead back to the conversation", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = await signedIn(fixture);
  const change = (form: Record<string, string>): Promise<Response> =>
    visitor.post(`/admin/inbox/${story.id}/change`, form);
  assert.equal(
    (await change({ handler: "person" })).headers.get("location")?.replace(/\?undo=[^#]+/, ""),
    `/admin/inbox/${story.id}#latest`,
  );
  assert.equal((await story.aggregate()).conversation.handler.kind, "person");
  await change({ handler: "bot" });
  assert.equal((await story.aggregate()).conversation.handler.kind, "bot");
  await change({ state: "closed" });
  assert.equal((await story.aggregate()).conversation.state, "closed");
});

Deno.test("looking at a conversation makes it read; a page that refreshes by itself does not", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const story = new Story(fixture.store, "1");
  await story.says("hola");
  const visitor = await signedIn(fixture);
  await visitor.get(`/admin/inbox/${story.id}/timeline`, { "hx-request": "true" });
  assert.equal((await story.aggregate()).conversation.unread, 1);
  await visitor.get(`/admin/inbox/${story.id}`);
  assert.equal((await story.aggregate()).conversation.unread, 0);
});

Deno.test("a region that did not change is not sent again", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { ana } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  for (const path of [`/admin/inbox/${ana}/timeline`, "/admin/inbox/list?tab=all", "/admin/queue"]) {
    const first = await visitor.get(path, { "hx-request": "true" });
    const stamp = first.headers.get("hx-ptag")!;
    assert.equal(first.status, 200);
    assert.equal((await visitor.get(path, { "hx-request": "true", "hx-ptag": stamp })).status, 304, path);
  }
});

Deno.test("a contact's card is changed by its form: fields, a new one, tags, never the bot", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { ana } = await seedStories(fixture.store);
  const visitor = await signedIn(fixture);
  const form = {
    "field.email": "",
    "field.city": "Oaxaca",
    newName: "size",
    newValue: "M",
    tags: "vip, new",
    neverBot: "yes",
  };
  await visitor.post(`/admin/inbox/${ana}/contact`, form);
  const contact = (await fixture.store.conversations.load(ana!))!.contact;
  assert.deepEqual(Object.entries(contact.fields).map(([name, { value, source }]) => [name, value, source]), [[
    "city",
    "Oaxaca",
    "person",
  ], ["size", "M", "person"]]);
  assert.deepEqual([contact.tags, contact.neverBot, contact.optOut], [["vip", "new"], true, false]);
  const bad = await visitor.post(`/admin/inbox/${ana}/contact`, { newName: "__proto__", newValue: "x" });
  assert.equal(bad.status, 422);
});

Deno.test("fields of contacts are typed in rows; a choice without options is refused, and what was typed stays", async () => {
  await using fixture = await openFixture();
  const { id } = await seedAccount(fixture.store);
  const visitor = await signedIn(fixture);
  const form = {
    ...formOf(await textOf(visitor, "/admin/settings")),
    "contactFields.0.name": "size",
    "contactFields.0.kind": "choice",
    "contactFields.1.name": "birthday",
    "contactFields.1.kind": "date",
  };
  const refused = await visitor.post(`/admin/settings/${id}`, form);
  const page = await refused.text();
  assert.equal(refused.status, 422);
  assert.match(page, /href="#contactFields"/);
  assert.match(page, /Wants each field once/);
  assert.match(page, /name="contactFields\.1\.name"[^>]*value="birthday"/);
  const taken = await visitor.post(`/admin/settings/${id}`, { ...form, "contactFields.0.options": "S, M ,, L" });
  assert.equal(taken.status, 303);
  assert.deepEqual((await fixture.store.accounts.get(id))?.settings["contactFields"], [
    { name: "size", kind: "choice", options: ["S", "M", "L"] },
    { name: "birthday", kind: "date", options: [] },
  ]);
});

Deno.test("settings that cannot be are named one by one, and what was typed stays", async () => {
  await using fixture = await openFixture();
  const account = await seedAccount(fixture.store);
  const visitor = await signedIn(fixture);
  const page = await textOf(visitor, "/admin/settings");
  const form = {
    ...formOf(page),
    debounceMs: "99",
    timezone: "Mars/Base",
    "hours.mon": "late",
    alwaysOpen: "",
    persona: "kept <as> typed",
  };
  const response = await visitor.post(`/admin/settings/${account.id}`, form);
  assert.equal(response.status, 422);
  const refused = await response.text();
  assert.match(refused, /Not saved: 3 settings need attention/);
  for (const name of ["debounceMs", "timezone", "businessHours"]) assert.match(refused, new RegExp(`href="#${name}"`));
  assert.match(refused, /kept &lt;as> typed/);
  assert.deepEqual((await fixture.store.accounts.get(account.id))?.settings, {});
});

Deno.test("settings are saved as they stand in the form, in the units that people read", async () => {
  await using fixture = await openFixture();
  const account = await seedAccount(fixture.store);
  const visitor = await signedIn(fixture);
  const unchanged = await visitor.post(
    `/admin/settings/${account.id}`,
    formOf(await textOf(visitor, "/admin/settings")),
  );
  assert.equal(unchanged.status, 303);
  assert.deepEqual((await fixture.store.accounts.get(account.id))?.settings, {});
  const form = {
    ...formOf(await textOf(visitor, "/admin/settings")),
    debounceMs: "4.2",
    mode: "draft",
    alwaysOpen: "",
    "hours.mon": "9:00-14:00, 16:00-20:00",
  };
  const saved = await visitor.post(`/admin/settings/${account.id}`, form);
  assert.match(await textOf(visitor, saved.headers.get("location")!), /Saved \d\d:\d\d, effective now/);
  assert.deepEqual((await fixture.store.accounts.get(account.id))?.settings, {
    debounceMs: 4_200,
    mode: "draft",
    businessHours: { mon: [{ from: "09:00", to: "14:00" }, { from: "16:00", to: "20:00" }] },
  });
});

Deno.test("settings that somebody else saved meanwhile are not overwritten", async () => {
  await using fixture = await openFixture();
  const account = await seedAccount(fixture.store);
  const visitor = await signedIn(fixture);
  const form = { ...formOf(await textOf(visitor, "/admin/settings")), takeoverHours: "5" };
  await fixture.deps.actions.changeSettings(account.id, { cooldownMs: 1_000 }, "eva");
  const late = await visitor.post(`/admin/settings/${account.id}`, form);
  assert.equal(late.status, 409);
  assert.deepEqual((await fixture.store.accounts.get(account.id))?.settings, { cooldownMs: 1_000 });
  const page = await late.text();
  const said = page.match(/This differs:[\s\S]*?<\/ul>/)![0].replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  assert.match(said, /: now stored 1 , here in the form 7 /);
  assert.match(said, /: now stored 12 , here in the form 5 /);
  assert.equal(said.match(/now stored/g)?.length, 2);
  assert.match(page, /name="takeoverHours"[^>]*value="5"/);
  assert.equal(
    (await visitor.post(`/admin/settings/${account.id}`, { ...formOf(page), takeoverHours: "5" })).status,
    303,
  );
});

Deno.test("a saved token is never shown again, only how it ends (C26)", async () => {
  await using fixture = await openFixture();
  const account = await seedAccount(fixture.store);
  const visitor = await signedIn(fixture);
  const token = `IGAA${"x".repeat(60)}4f2a`;
  const saved = await visitor.post(`/admin/settings/${account.id}/token`, { token });
  const page = await textOf(visitor, saved.headers.get("location")!);
  assert.match(page, /Saved, ends in 4f2a/);
  assert.doesNotMatch(page, /IGAA/);
  const refused = await visitor.post(`/admin/settings/${account.id}/token`, { token: "IGAA-too-short" });
  assert.equal(refused.status, 422);
  assert.doesNotMatch(await refused.text(), /IGAA-too-short/);
});

Deno.test("pages answer in the language asked for, chosen before, or preferred by the browser", async () => {
  await using fixture = await openFixture();
  const visitor = await signedIn(fixture);
  const titleOf = async (path: string, headers = {}): Promise<string> =>
    (await (await visitor.get(path, headers)).text()).match(/<h1[^>]*>([^<]*)/)![1]!;
  assert.equal(await titleOf("/admin/rules", { "accept-language": "fr, es-MX;q=0.8, en;q=0.5" }), "Reglas");
  assert.equal(await titleOf("/admin/rules", { "accept-language": "fr" }), "Rules");
  assert.equal(await titleOf("/admin/rules?lang=es"), "Reglas");
  assert.equal(await titleOf("/admin/rules", { "accept-language": "en" }), "Reglas");
});

Deno.test("what breaks is told in words, without anything of the program", async () => {
  await using fixture = await openFixture();
  const visitor = await signedIn(fixture);
  const missing = await visitor.get("/admin/inbox/nobody_1");
  assert.equal(missing.status, 404);
  assert.equal((await visitor.get("/admin/no/such/page")).status, 404);
  const broken = { ...fixture.deps.rules };
  fixture.deps.rules.state = () => {
    throw new Error("secret detail /srv/rules.ts");
  };
  const response = await visitor.get("/admin/rules");
  Object.assign(fixture.deps.rules, broken);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret detail|rules\.ts|Error:/);
});

Deno.test("every answer carries the headers that keep a page to itself", async () => {
  await using fixture = await openFixture();
  const visitor = await signedIn(fixture);
  for (const path of ["/admin/login", "/admin/inbox", "/admin/inbox/nobody_1", "/admin/inbox/list"]) {
    const { headers } = await visitor.get(path);
    const policy = headers.get("content-security-policy")!;
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.match(headers.get("referrer-policy")!, /^same-origin$/);
  }
});

Deno.test("style and script are kept by the browser for ever, under a name of their content", async () => {
  await using fixture = await openFixture();
  const page = await (await new Visitor(fixture.app).get("/admin/login")).text();
  for (const [, path] of page.matchAll(/(?:href|src)="(\/admin\/static\/[^"]+)"/g)) {
    const response = await new Visitor(fixture.app).get(path!);
    assert.equal(response.status, 200);
    assert.match(path!, /\.[0-9a-f]{12}\.(?:css|js)$/);
    assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.ok(response.headers.get("etag"));
    assert.equal(response.headers.getSetCookie().length, 0);
  }
});

/** What a browser would send of a page's settings form as it stands. */
function formOf(page: string): Record<string, string> {
  const form: Record<string, string> = {};
  const unescape = (text: string): string =>
    text.replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  for (const [tag] of page.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string): string | undefined => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
    const name = attribute("name");
    const isOff = attribute("type") === "checkbox" && !/\schecked/.test(tag);
    if (name !== undefined && name !== "_csrf" && name !== "token" && !isOff) {
      form[name] = unescape(attribute("value") ?? "");
    }
  }
  for (const [, name, text] of page.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)/g)) {
    form[name!] = unescape(text!);
  }
  for (const [, name, options] of page.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
    form[name!] =
      options!.match(/<option[^>]*value="([^"]*)"[^>]*selected|<option[^>]*selected[^>]*value="([^"]*)"/)?.slice(1)
        .find(Boolean) ?? "";
  }
  return form;
}

Deno.test("the queue shows who works on it: who runs, who is in trouble, who is gone without a word", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const { instances } = fixture.store;
  const aliveUntil = new Date(fixture.clock.now().getTime() + 3_600_000);
  await instances.beat(makeInstance({ id: "i1", host: "<b>one", aliveUntil }));
  await instances.beat(makeInstance({ id: "i2", host: "two", aliveUntil, workers: [] }));
  await instances.beat(makeInstance({ id: "i3", host: "three", aliveUntil: new Date(0) }));
  const page = await textOf(await signedIn(fixture), "/admin/queue");
  assert.match(page, /&lt;b>one[^]*in trouble: outbound[^]*two[^]*running<[^]*three[^]*gone without a word/);
});

Deno.test("the queue shows what left each minute against what the settings allow", async () => {
  await using fixture = await openFixture();
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  assert.match(await textOf(visitor, "/admin/queue"), /Nothing left in the last 60 minutes/);
  const at = new Date(fixture.store.now().getTime() - 5 * 60_000);
  const out = { accountId, at, role: "assistant" } as const;
  const messages = (["bot", "operator", "instagramApp"] as const).map((author) =>
    makeMessage({ ...out, author, mid: author })
  );
  await save(fixture.store, {}, { messages });
  assert.match(await textOf(visitor, "/admin/queue"), /At most 2 texts in one minute, at 11:5\d/);
  assert.match(await textOf(visitor, "/admin/queue/pace"), /At most 2 texts in one minute/);
});
