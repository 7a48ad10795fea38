import assert from "node:assert/strict";
import { conversation, decide, hear, openApi, openTalkingApi } from "@/api/testing.ts";
import { editEvent, replyWith, seenEvent, textEvent } from "@/conversation/testing.ts";
import { windowMs } from "@/conversation/window.ts";

const path = `/conversations/${conversation}`;

Deno.test("GET /conversations shows each conversation in exactly the promised shape", async () => {
  await using fixture = await openTalkingApi();
  const { json } = await fixture.ask("GET", "/conversations");
  assert.deepEqual(json, {
    items: [{
      id: conversation,
      accountId: "17841400000000001",
      contact: { psid: "6001", username: null, name: null, fields: {}, tags: [] },
      state: "open",
      handler: "bot",
      handlerUntil: null,
      handlerReason: null,
      needed: false,
      assignee: null,
      unread: 1,
      lastUserAt: "2026-11-24T12:00:00.000Z",
      lastBotAt: null,
      cooldownUntil: null,
      windowClosesAt: "2026-11-25T12:00:00.000Z",
      windowNoticeAt: null,
      draft: null,
      lastMessage: { role: "user", text: "hello", at: "2026-11-24T12:00:00.000Z" },
    }],
    nextCursor: null,
    total: 1,
    atLeast: false,
  });
  assert.deepEqual((await fixture.ask("GET", path)).json, json.items[0]);
});

Deno.test("GET /conversations filters, searches and pages through all of them once", async () => {
  await using fixture = await openApi();
  for (const n of [1, 2, 3, 4, 5]) {
    const at = new Date(fixture.clock.now().getTime() + n);
    await hear(fixture.store, textEvent(`m${n}`, { psid: `700${n}`, text: `café número ${n}`, at }));
  }
  await fixture.ask("PATCH", "/conversations/17841400000000001_7003", { handler: "person" });
  await fixture.ask("PATCH", "/conversations/17841400000000001_7004", { state: "closed" });
  const psids = async (query: string): Promise<readonly string[]> => {
    const { json } = await fixture.ask("GET", `/conversations?${query}`);
    return json.items.map((item: { contact: { psid: string } }) => item.contact.psid);
  };
  assert.deepEqual(await psids(""), ["7005", "7004", "7003", "7002", "7001"]);
  assert.deepEqual(await psids("handler=person"), ["7003"]);
  assert.deepEqual(await psids("state=closed"), ["7004"]);
  assert.deepEqual(await psids("q=CAFE%202"), ["7002"]);
  assert.equal((await psids("unread=true")).length, 5);
  const seen: string[] = [];
  let cursor = "";
  do {
    const { json } = await fixture.ask("GET", `/conversations?limit=2${cursor}`);
    seen.push(...json.items.map((item: { contact: { psid: string } }) => item.contact.psid));
    cursor = json.nextCursor === null ? "" : `&cursor=${encodeURIComponent(json.nextCursor)}`;
  } while (cursor !== "");
  assert.deepEqual(seen, ["7005", "7004", "7003", "7002", "7001"]);
});

Deno.test("PATCH /conversations/:id hands over, closes and assigns, and refuses what makes no sense", async () => {
  await using fixture = await openTalkingApi();
  const until = "2026-11-24T15:00:00.000Z";
  const taken = await fixture.ask("PATCH", path, { handler: "person", handlerUntil: until, assignee: "ben" });
  assert.deepEqual([taken.status, taken.json.handler, taken.json.handlerUntil, taken.json.assignee], [
    200,
    "person",
    until,
    "ben",
  ]);
  const back = await fixture.ask("PATCH", path, { handler: "bot", state: "closed", assignee: null });
  assert.deepEqual([back.json.handler, back.json.state, back.json.assignee], ["bot", "closed", null]);
  for (
    const bad of [
      { handlerUntil: until },
      { handler: "bot", handlerUntil: until },
      { handler: "person", handlerUntil: "2026-11-24T11:00:00Z" },
      { state: "scheduled" },
      { unread: 0 },
    ]
  ) {
    const { status, json } = await fixture.ask("PATCH", path, bad);
    assert.deepEqual([status, json.error.code], [422, "invalid"], JSON.stringify(bad));
  }
  assert.equal((await fixture.ask("PATCH", "/conversations/none", { state: "open" })).status, 404);
});

Deno.test("GET /conversations/:id/messages shows what was said, and in its place what waits to be said", async () => {
  await using fixture = await openTalkingApi();
  await decide(fixture, replyWith("One moment", "Here it is"));
  const { json } = await fixture.ask("GET", `${path}/messages`);
  assert.deepEqual(
    json.items.map((item: Record<string, unknown>) => [item.role, item.author, item.text, item.delivery]),
    [
      ["user", "contact", "hello", "received"],
      ["assistant", "bot", "One moment", "queued"],
      ["assistant", "bot", "Here it is", "queued"],
    ],
  );
  assert.deepEqual(Object.keys(json.items[0]), [
    "id",
    "mid",
    "role",
    "author",
    "operator",
    "kind",
    "text",
    "attachments",
    "quickReplies",
    "at",
    "delivery",
    "turnId",
    "source",
  ]);
  assert.ok(json.items.every(({ turnId }: { turnId: string }) => turnId === `${conversation}_t1`));
});

Deno.test("GET /conversations/:id/messages says of an answer that it was sent, then that it was seen", async () => {
  await using fixture = await openTalkingApi();
  fixture.clock.advance(1_000);
  const echo = textEvent("e1", { direction: "out", text: "from the app", at: fixture.clock.now() });
  await hear(fixture.store, echo);
  const delivery = async (): Promise<unknown> =>
    (await fixture.ask("GET", `${path}/messages`)).json.items.at(-1)?.delivery;
  assert.equal(await delivery(), "sent");
  await hear(fixture.store, seenEvent("e1"));
  assert.equal(await delivery(), "seen");
});

Deno.test("GET /conversations/:id/messages lists edits and receipts only when asked for them", async () => {
  await using fixture = await openTalkingApi();
  await hear(fixture.store, editEvent("m1", 1, { text: "hello!" }));
  const kinds = async (query: string): Promise<readonly string[]> =>
    (await fixture.ask("GET", `${path}/messages${query}`)).json.items.map((item: { kind: string }) => item.kind);
  assert.deepEqual(await kinds(""), ["text"]);
  assert.deepEqual((await kinds("?events=1")).toSorted(), ["edit", "text"]);
});

Deno.test("GET /conversations/:id/messages pages back through everything exactly once", async () => {
  await using fixture = await openApi();
  const expected: string[] = [];
  for (let n = 1; n <= 7; n += 1) {
    fixture.clock.advance(10_000);
    const at = fixture.clock.now();
    await hear(fixture.store, textEvent(`m${n}`, { text: `ask ${n}`, at }));
    await hear(fixture.store, editEvent(`m${n}`, 1, { text: `ask ${n}`, at }));
    expected.push(`ask ${n}`);
    if (n % 2 === 0) continue;
    const sent = await fixture.ask("POST", `${path}/messages`, { text: `say ${n}`, commandId: `command-${n}` });
    assert.equal(sent.status, 202);
    expected.push(`say ${n}`);
  }
  for (const limit of [1, 2, 3, 50]) {
    let texts: string[] = [];
    let before = "";
    do {
      const { json } = await fixture.ask("GET", `${path}/messages?limit=${limit}${before}`);
      texts = [...json.items.map((item: { text: string }) => item.text), ...texts];
      before = json.nextCursor === null ? "" : `&before=${encodeURIComponent(json.nextCursor)}`;
    } while (before !== "");
    assert.deepEqual(texts, expected, `limit ${limit}`);
  }
  assert.equal((await fixture.ask("GET", `${path}/messages?before=nonsense`)).status, 400);
});

Deno.test("POST /conversations/:id/messages acts once for one command, and refuses the id for another text (C15)", async () => {
  await using fixture = await openTalkingApi();
  const body = { text: "by hand", commandId: "command-1" };
  const answers = await Promise.all([1, 2, 3].map(() => fixture.ask("POST", `${path}/messages`, body)));
  assert.deepEqual(answers.map(({ status }) => status), [202, 202, 202]);
  assert.equal(new Set(answers.map(({ json }) => json.outboundId)).size, 1);
  assert.equal((await fixture.ask("GET", "/outbound")).json.total, 1);
  const other = await fixture.ask("POST", `${path}/messages`, { ...body, text: "something else" });
  assert.deepEqual([other.status, other.json.error.code], [422, "command_mismatch"]);
  assert.ok(other.json.error.fields.commandId);
});

Deno.test("POST /conversations/:id/messages is 409 when the window is closed, unless a person uses the tag", async () => {
  await using fixture = await openTalkingApi();
  fixture.clock.advance(windowMs);
  const body = { text: "late", commandId: "command-1" };
  const late = await fixture.ask("POST", `${path}/messages`, body);
  assert.deepEqual([late.status, late.json.error.code], [409, "window_closed"]);
  const tagged = await fixture.ask("POST", `${path}/messages`, { ...body, tag: "human_agent" });
  assert.equal(tagged.status, 202);
  const item = await fixture.ask("GET", `/outbound/${tagged.json.outboundId}`);
  assert.deepEqual([item.json.tag, item.json.state], ["human_agent", "queued"]);
});

Deno.test("POST /conversations/:id/messages names the field that is wrong", async () => {
  await using fixture = await openTalkingApi();
  const fieldsOf = async (body: unknown): Promise<readonly string[]> => {
    const { status, json } = await fixture.ask("POST", `${path}/messages`, body);
    assert.equal(status, 422, JSON.stringify(body));
    return Object.keys(json.error.fields);
  };
  assert.deepEqual(await fieldsOf({ text: " ", commandId: "command-1" }), ["text"]);
  assert.deepEqual(await fieldsOf({ text: "hi", commandId: "no id" }), ["commandId"]);
  assert.deepEqual((await fieldsOf({})).toSorted(), ["commandId", "text"]);
  assert.deepEqual(await fieldsOf({ text: "hi", commandId: "command-1", to: "6002" }), ["to"]);
  assert.equal(
    (await fixture.ask("POST", "/conversations/none/messages", { text: "hi", commandId: "command-1" })).status,
    404,
  );
});
