import assert from "node:assert/strict";
import { accountId, conversation, decide, hear, live, openApi, openTalkingApi } from "@/api/testing.ts";
import { echoEvent, noon, replyWith, textEvent } from "@/conversation/testing.ts";
import { beginSend, recordSend, settleSend, timeOutSend } from "@/conversation/send.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { makeInstance } from "@/store/testing/factories.ts";

const item = `${conversation}_o1`;

Deno.test("GET /turns shows the decision with its reason and what it led to", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("Hi"));
  const { json } = await fixture.ask("GET", `/conversations/${conversation}/turns`);
  assert.equal(json.items.length, 1);
  assert.equal(json.nextCursor, null);
  const [turn] = json.items;
  assert.deepEqual(turn.outcome, { kind: "replied", reason: "asked", by: "agent", texts: ["Hi"] });
  assert.deepEqual([turn.number, turn.outboundIds, turn.decidedAt], [1, [item], "2026-11-24T12:00:04.000Z"]);
  assert.deepEqual((await fixture.ask("GET", `/turns/${turn.id}`)).json, turn);
});

Deno.test("GET /turns pages back through all of them", async () => {
  await using fixture = await openApi();
  for (const n of [1, 2, 3]) {
    await hear(fixture.store, textEvent(`m${n}`, { at: fixture.clock.now() }));
    await decide(fixture, { kind: "silence", reason: "thanks", by: "agent" });
  }
  const first = await fixture.ask("GET", `/conversations/${conversation}/turns?limit=2`);
  assert.deepEqual(first.json.items.map(({ number }: { number: number }) => number), [3, 2]);
  const rest = await fixture.ask("GET", `/conversations/${conversation}/turns?limit=2&cursor=${first.json.nextCursor}`);
  assert.deepEqual(rest.json.items.map(({ number }: { number: number }) => number), [1]);
  assert.equal(rest.json.nextCursor, null);
});

Deno.test("what is not there is 404 everywhere", async () => {
  await using fixture = await openApi();
  const paths = ["/conversations/x", "/conversations/x/messages", "/conversations/x/turns", "/turns/x", "/outbound/x"];
  for (const path of [...paths, "/contacts/x", "/settings?account=x"]) {
    const { status, json } = await fixture.ask("GET", path);
    assert.deepEqual([status, json.error.code], [404, "not_found"], path);
  }
  for (const action of ["retry", "arrived", "discard", "cancel"]) {
    assert.equal((await fixture.ask("POST", `/outbound/x/${action}`)).status, 404);
  }
  assert.equal((await fixture.ask("DELETE", "/contacts/x")).status, 404);
  assert.equal((await fixture.ask("PATCH", "/contacts/x", { optOut: true })).status, 404);
});

Deno.test("GET /outbound lists by state and conversation", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one", "two"));
  const count = async (query: string): Promise<number> => (await fixture.ask("GET", `/outbound?${query}`)).json.total;
  assert.equal(await count(""), 2);
  assert.equal(await count("state=queued"), 2);
  assert.equal(await count("state=failed,held,expired"), 0);
  assert.equal(await count(`conversation=${conversation}`), 2);
  assert.equal(await count("conversation=other"), 0);
});

Deno.test("POST /outbound/:id/cancel stops what waits; a second time it is 409", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  const done = await fixture.ask("POST", `/outbound/${item}/cancel`);
  assert.deepEqual([done.status, done.json.state, done.json.reason], [200, "cancelled", "cancelled by api"]);
  const again = await fixture.ask("POST", `/outbound/${item}/cancel`);
  assert.deepEqual([again.status, again.json.error.code], [409, "conflict"]);
  assert.equal((await fixture.ask("POST", `/outbound/${item}/retry`)).status, 409);
});

Deno.test("POST /outbound/:id/retry queues a dead letter again, and discard ends it", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  const { store } = fixture;
  const error = { message: "Instagram answered 400", status: 400 };
  const options = { itemId: item, rows: [], settings: defaultSettings, now: store.now() };
  const fail = async (attempt: number): Promise<void> => {
    fixture.clock.advance(2_000);
    await live(store, "6001", (change) => beginSend(change, item, { now: store.now(), requestMs: 1 }));
    const refused = { kind: "failed", reason: "refused", error } as const;
    await live(store, "6001", (change) => recordSend(change, refused, { ...options, attempt }));
  };
  await fail(1);
  const retried = await fixture.ask("POST", `/outbound/${item}/retry`);
  assert.deepEqual([retried.status, retried.json.state, retried.json.attempt], [200, "queued", 1]);
  await fail(2);
  const shown = await fixture.ask("GET", `/outbound/${item}`);
  assert.deepEqual([shown.json.state, shown.json.attempts.length, shown.json.attempts[1].error], ["failed", 2, error]);
  assert.equal((await fixture.ask("POST", `/outbound/${item}/discard`)).json.state, "cancelled");
});

Deno.test("GET /outbound/:id says in one line what is proven, with every piece of evidence", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  const { store } = fixture;
  const waiting = await fixture.ask("GET", `/outbound/${item}`);
  assert.deepEqual(waiting.json.proof, { verdict: "notSent", line: "Not sent (no try)", evidence: [] });
  const options = { itemId: item, attempt: 1, rows: [], settings: defaultSettings };
  await live(store, "6001", (change) => beginSend(change, item, { now: store.now(), requestMs: 1 }));
  await live(
    store,
    "6001",
    (change) => recordSend(change, { kind: "sent", mid: "x1" }, { ...options, now: store.now() }),
  );
  fixture.clock.advance(2_000);
  await hear(store, echoEvent("x1", { text: "one", at: noon }));
  const { json } = await fixture.ask("GET", `/outbound/${item}`);
  assert.deepEqual(json.proof, {
    verdict: "sentOnce",
    line: "Sent once: mid x1, Instagram’s answer at 2026-11-24T12:00:04.000Z, echo at 2026-11-24T12:00:06.000Z",
    evidence: [
      { kind: "answer", at: "2026-11-24T12:00:04.000Z" },
      { kind: "echo", at: "2026-11-24T12:00:06.000Z" },
    ],
  });
});

Deno.test("POST /outbound/:id/arrived ends a held text as sent, and it stands in the history", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  const { store } = fixture;
  await live(store, "6001", (change) => beginSend(change, item, { now: store.now(), requestMs: 1 }));
  await live(store, "6001", (change) => {
    const timedOut = timeOutSend(change, change.next.outbound[0]!, { now: store.now(), settleMs: 0 });
    const finding = { kind: "outOfReach" } as const;
    const settling = { rows: [], settings: defaultSettings, now: store.now() };
    return settleSend(timedOut, timedOut.next.outbound[0]!, finding, settling);
  });
  assert.equal((await fixture.ask("GET", `/outbound/${item}`)).json.proof.verdict, "perhapsSent");
  const { status, json } = await fixture.ask("POST", `/outbound/${item}/arrived`);
  assert.deepEqual([status, json.state, json.proof.evidence[0].kind], [200, "sent", "person"]);
  await hear(store, echoEvent("x1", { text: "one", at: store.now() }));
  const { json: history } = await fixture.ask("GET", `/conversations/${conversation}/messages`);
  assert.deepEqual(history.items.map(({ text }: { text: string }) => text), ["hello", "one"]);
  assert.equal((await fixture.ask("GET", `/conversations/${conversation}`)).json.handler, "bot");
});

Deno.test("POST /outbound/bulk acts on each item once, says which were refused, and knows its command again", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one", "two"));
  const { store } = fixture;
  const error = { message: "refused" };
  await live(store, "6001", (change) => beginSend(change, item, { now: store.now(), requestMs: 1 }));
  const options = { itemId: item, attempt: 1, rows: [], settings: defaultSettings, now: store.now() };
  await live(store, "6001", (change) => recordSend(change, { kind: "failed", reason: "refused", error }, options));
  const order = { action: "retry", ids: [item, `${conversation}_o2`, "none"], commandId: "bulk-1" };
  const first = await fixture.ask("POST", "/outbound/bulk", order);
  assert.deepEqual([first.status, first.json.done], [200, [item]]);
  assert.deepEqual(first.json.refused.map(({ id }: { id: string }) => id), [`${conversation}_o2`, "none"]);
  const again = await fixture.ask("POST", "/outbound/bulk", order);
  assert.deepEqual(again.json.done, [item]);
  const entries = await store.audit.list({ limit: 10 });
  assert.equal(entries.filter(({ action }) => action === "outbound.retry").length, 1);
  assert.equal((await fixture.ask("POST", "/outbound/bulk", { ...order, ids: [] })).status, 422);
});

Deno.test("POST /envelopes/:id/retry has a given-up webhook taken apart again, and writes who asked for it", async () => {
  await using fixture = await openApi();
  const { store } = fixture;
  const id = "b".repeat(64);
  await store.envelopes.accept({ id, body: new Uint8Array([1]), receivedAt: store.now() });
  assert.equal((await fixture.ask("POST", `/envelopes/${id}/retry`)).status, 409);
  await store.envelopes.finish([{ id, state: "dead", note: "not JSON" }]);
  const { status, json } = await fixture.ask("POST", `/envelopes/${id}/retry`);
  assert.deepEqual([status, json.state, json.attempts, json.note], [200, "new", 0, null]);
  assert.deepEqual((await store.audit.list({ limit: 1 })).map(({ action, object }) => [action, object]), [
    ["envelope.retry", id],
  ]);
});

Deno.test("a turn whose answer was pulled back does not say that it replied", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  await hear(fixture.store, textEvent("m2", { at: fixture.clock.now() }));
  const { json } = await fixture.ask("GET", `/conversations/${conversation}/turns`);
  assert.deepEqual([json.items[0].outcome.kind, json.items[0].outcome.by], ["pulledBack", "core"]);
  assert.equal((await fixture.ask("GET", `/turns/${json.items[0].id}`)).json.outcome.kind, "pulledBack");
});

Deno.test("PATCH /contacts/:id sets, removes and keeps; the answer says who knows what", async () => {
  await using fixture = await openTalkingApi();
  const path = `/contacts/${conversation}`;
  await fixture.ask("PATCH", path, { fields: { email: "a@x.mx", sector: "food" }, tags: ["vip"] });
  const { json } = await fixture.ask("PATCH", path, { fields: { sector: null }, optOut: true });
  assert.deepEqual(json.fields, {
    email: {
      value: "a@x.mx",
      source: "person",
      by: "api",
      messageId: null,
      at: "2026-11-24T12:00:00.000Z",
      previous: null,
    },
  });
  assert.deepEqual([json.tags, json.optOut, json.neverBot, json.psid], [["vip"], true, false, "6001"]);
  assert.deepEqual((await fixture.ask("GET", path)).json, json);
});

Deno.test("PATCH /contacts/:id takes what fits the account's fields, and names each value that does not", async () => {
  await using fixture = await openTalkingApi();
  const contactFields = [{ name: "pieces", kind: "number" }, { name: "size", kind: "choice", options: ["S", "M"] }];
  await fixture.ask("PATCH", "/settings", { contactFields });
  const path = `/contacts/${conversation}`;
  const refused = await fixture.ask("PATCH", path, { fields: { pieces: "many", size: "L", shoe: "24", old: null } });
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.json.error.fields, {
    "fields.pieces": "wants a number, e.g. 12.5, without thousands separators",
    "fields.size": "wants one of S, M",
    "fields.shoe": "is none of the account's contactFields; wants null",
  });
  assert.deepEqual((await fixture.ask("GET", path)).json.fields, {});
  const { json } = await fixture.ask("PATCH", path, { fields: { pieces: "2,5", size: "m" } });
  assert.deepEqual([json.fields.pieces.value, json.fields.size.value], ["2.5", "M"]);
});

Deno.test("DELETE /contacts/:id leaves nothing of the contact and says so in the audit log (C30)", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("one"));
  assert.equal((await fixture.ask("DELETE", `/contacts/${conversation}`)).status, 204);
  for (const path of [`/contacts/${conversation}`, `/conversations/${conversation}`, `/outbound/${item}`]) {
    assert.equal((await fixture.ask("GET", path)).status, 404, path);
  }
  assert.equal((await fixture.ask("GET", "/conversations?q=hello")).json.total, 0);
  assert.equal((await fixture.store.audit.list({ limit: 10 }))[0]?.action, "contact.erase");
});

Deno.test("GET /settings shows every setting, of the token its ending, and never the token", async () => {
  await using fixture = await openApi();
  const token = "IGAAtoken0000000000000000000000abcd";
  const saved = await fixture.ask("PATCH", "/settings", { cooldownMs: 9_000, token });
  assert.equal(saved.status, 200);
  const { json } = await fixture.ask("GET", `/settings?account=${accountId}`);
  const nextRefreshAt = new Date(noon.getTime() + 24 * 3_600_000).toISOString();
  assert.deepEqual(json, {
    ...defaultSettings,
    cooldownMs: 9_000,
    businessHours: null,
    token: { ending: "abcd", expiresAt: null, refreshedAt: null, nextRefreshAt, daysLeft: null },
    account: { id: accountId, username: "tienda", state: "active", pausedReason: null },
  });
  assert.deepEqual(saved.json, json);
});

Deno.test("PATCH /settings names each bad field and changes nothing, the token neither", async () => {
  await using fixture = await openApi();
  const token = "IGAAtoken0000000000000000000000abcd";
  const bad = { debounceMs: -1, cooldownPolicy: "never", timezone: "Mars/Olympus", nonsense: 1, mode: "off", token };
  const { status, json } = await fixture.ask("PATCH", "/settings", bad);
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(json.error.fields).toSorted(), ["cooldownPolicy", "debounceMs", "nonsense", "timezone"]);
  const short = await fixture.ask("PATCH", "/settings", { mode: "off", token: "short" });
  assert.deepEqual([short.status, Object.keys(short.json.error.fields)], [422, ["token"]]);
  const after = await fixture.ask("GET", "/settings");
  assert.deepEqual([after.json.mode, after.json.token], ["auto", null]);
});

Deno.test("PATCH /settings brings a default back with null", async () => {
  await using fixture = await openApi();
  await fixture.ask("PATCH", "/settings", { cooldownMs: 1 });
  assert.equal((await fixture.ask("PATCH", "/settings", { cooldownMs: null })).json.cooldownMs, 7_000);
});

Deno.test("GET /settings wants to know which account when there are several", async () => {
  await using fixture = await openApi();
  const account = await fixture.store.accounts.get(accountId);
  assert.ok(account !== undefined);
  await fixture.store.accounts.put({ ...account, id: "2", ver: 0 }, 0);
  const { status, json } = await fixture.ask("GET", "/settings");
  assert.deepEqual([status, Object.keys(json.error.fields)], [400, ["account"]]);
  assert.equal((await fixture.ask("GET", "/settings?account=2")).json.account.id, "2");
});

Deno.test("GET /rules shows the live chain", async () => {
  await using fixture = await openApi();
  const { json } = await fixture.ask("GET", "/rules");
  assert.deepEqual(Object.keys(json), ["version", "filesVersion", "loadedAt", "rules", "problems", "warnings"]);
  const { name, position, filePosition, enabled } = json.rules[0];
  assert.deepEqual([name, position, filePosition, enabled], ["prices", 1, 1, true]);
});

Deno.test("GET /rules shows what an account has switched off, and under another version", async () => {
  await using fixture = await openApi();
  await fixture.ask("PATCH", "/settings", { rulesOff: ["prices"] });
  const { json } = await fixture.ask("GET", "/rules");
  assert.equal(json.rules[0].enabled, false);
  assert.notEqual(json.version, json.filesVersion);
  assert.equal((await fixture.ask("GET", "/rules?account=nobody")).status, 404);
});

Deno.test("POST /rules/test runs texts through the rules and changes nothing", async () => {
  await using fixture = await openApi();
  const hit = await fixture.ask("POST", "/rules/test", { texts: ["price"], at: "2026-11-24T08:00:00-06:00" });
  assert.deepEqual([hit.json.version, hit.json.rule, hit.json.verdict], [
    "v1",
    "prices",
    { kind: "reply", texts: ["From $20."], reason: "asked for a price" },
  ]);
  const miss = await fixture.ask("POST", "/rules/test", { texts: ["hello"] });
  assert.deepEqual([miss.json.rule, miss.json.verdict.kind, miss.json.rules.length], [null, "pass", 1]);
  assert.equal((await fixture.ask("POST", "/rules/test", { texts: [] })).status, 422);
  assert.equal((await fixture.ask("GET", "/conversations")).json.total, 0);
});

Deno.test("GET /envelopes lists the dead ones with the reason, without what contacts wrote", async () => {
  await using fixture = await openApi();
  const { store } = fixture;
  const body = new TextEncoder().encode("not json, but private");
  await store.envelopes.accept({ id: "a".repeat(64), body, receivedAt: store.now() });
  await store.envelopes.finish([{ id: "a".repeat(64), state: "dead", note: "not JSON" }]);
  const { json, response } = await fixture.ask("GET", "/envelopes?state=dead");
  assert.deepEqual([json.items[0].state, json.items[0].note, json.items[0].bytes], ["dead", "not JSON", 21]);
  assert.doesNotMatch(await response.text(), /private/);
});

Deno.test("GET /instances tells which processes run, and which are gone, newest start first", async () => {
  await using fixture = await openApi();
  const { store, clock } = fixture;
  await store.instances.beat(makeInstance({ id: "i1", aliveUntil: new Date(clock.now().getTime() + 30_000) }));
  const startedAt = new Date(clock.now().getTime() + 5);
  await store.instances.beat(makeInstance({ id: "i2", startedAt, aliveUntil: clock.now() }));
  const { items } = (await fixture.ask("GET", "/instances")).json;
  assert.deepEqual(items.map(({ id, state }: { id: string; state: string }) => [id, state]), [
    ["i2", "gone"],
    ["i1", "alive"],
  ]);
  assert.deepEqual(
    Object.keys(items[0]).toSorted(),
    ["aliveUntil", "beatAt", "host", "id", "ruleSet", "startedAt", "state", "version", "workers"],
  );
});

Deno.test("POST /conversations/:id/notes keeps a note once, which GET /messages shows among the events alone", async () => {
  await using fixture = await openTalkingApi();
  const path = `/conversations/${conversation}`;
  const note = { text: "Prefers oat milk", commandId: "note-1" };
  const [first, again] = [
    await fixture.ask("POST", `${path}/notes`, note),
    await fixture.ask("POST", `${path}/notes`, note),
  ];
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.deepEqual(again.json, first.json);
  const other = await fixture.ask("POST", `${path}/notes`, { ...note, text: "Another" });
  assert.deepEqual([other.status, other.json.error.code], [422, "command_mismatch"]);
  const kinds = async (query: string): Promise<string[]> =>
    (await fixture.ask("GET", `${path}/messages?${query}`)).json.items.map(({ kind }: { kind: string }) => kind);
  assert.deepEqual(await kinds(""), ["text"]);
  assert.deepEqual(await kinds("events=true"), ["text", "note"]);
  const { items } = (await fixture.ask("GET", `${path}/messages?events=true`)).json;
  assert.deepEqual([items[1].author, items[1].operator, items[1].text], ["operator", "api", note.text]);
});

Deno.test("canned replies are made, changed on the version that was read, and removed", async () => {
  await using fixture = await openTalkingApi();
  const reply = { title: "Hours", shortcut: "hours", body: "9 to 5" };
  const made = await fixture.ask("POST", "/canned-replies", reply);
  assert.deepEqual([made.status, made.json.ver, made.json.body], [201, 1, "9 to 5"]);
  const path = `/canned-replies/${made.json.id}`;
  assert.equal((await fixture.ask("PUT", path, { ...reply, body: "9 to 6", ver: 1 })).status, 200);
  assert.equal((await fixture.ask("PUT", path, { ...reply, body: "9 to 7", ver: 1 })).status, 409);
  const clash = await fixture.ask("POST", "/canned-replies", reply);
  assert.deepEqual([clash.status, clash.json.error.fields], [422, { shortcut: "is another reply's" }]);
  assert.equal((await fixture.ask("GET", "/canned-replies")).json.items[0].body, "9 to 6");
  assert.equal((await fixture.ask("DELETE", path)).status, 204);
  assert.equal((await fixture.ask("GET", path)).status, 404);
});
