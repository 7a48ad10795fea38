/** The whole way of a message, over HTTP, by the pretended Instagram's own log: the same promises on every store. */
import assert from "node:assert/strict";
import { signBody } from "@/simulator/envelope.ts";
import type { Json, TestMoca, TestMocaOptions } from "@tests/support/test_moca.ts";

const ana = "1000000000000001";

/** Registers the tests for one store. */
export function testPipeline(store: string, start: (options?: TestMocaOptions) => Promise<TestMoca>): void {
  const test = (promise: string, fn: () => Promise<void>): void => Deno.test(`${store}: ${promise}`, fn);

  test("a text is answered one debounce later, and stands in the history as sent, with its turn and trace", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "Hola, ¿cuánto cuesta?" });
    await test.pass(3_000);
    assert.deepEqual(test.delivered(ana), []);
    await test.pass(1_000);
    assert.equal(test.delivered(ana).length, 1);
    const { items } = await test.get(`/conversations/${test.conversation(ana)}/messages`);
    assert.deepEqual(items.map((item: Json) => [item.role, item.author, item.delivery]), [
      ["user", "contact", "received"],
      ["assistant", "bot", "sent"],
    ]);
    assert.equal(items[0].turnId, items[1].turnId);
    const turn = await test.get(`/turns/${items[0].turnId}`);
    assert.equal(turn.outcome.kind, "replied");
    assert.ok(turn.rules.length >= 6, "every shipped rule left its verdict");
    assert.ok(turn.agent.tools.some((tool: Json) => tool.name === "reply"));
  });

  test("three messages within two seconds are one turn, and the one answer has seen all three", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(1_000);
    await test.instagram.contactSends(ana, { kind: "text", text: "cuanto cuesta?" });
    await test.pass(1_000);
    await test.instagram.contactSends(ana, { kind: "text", text: "y a que hora abren?" });
    await test.pass(6_000);
    const { items: turns } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
    assert.equal(turns.length, 1);
    assert.equal(turns[0].messageIds.length, 3);
    const answer = test.delivered(ana).join(" ");
    assert.match(answer, /preci|cuest|\$/i);
    assert.match(answer, /abr|hora|horario/i);
  });

  test("a message inside the cooldown gets no second answer, and its decision says so", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(5_000);
    await test.instagram.contactSends(ana, { kind: "text", text: "cuanto cuesta?" });
    await test.pass(15_000);
    assert.equal(test.delivered(ana).length, 1);
    const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
    assert.equal(turn.outcome.kind, "silent");
    assert.match(turn.outcome.by, /^rule:/);
    assert.match(turn.outcome.reason, /cooldown/i);
  });

  test("a message that waits out the cooldown is answered when the policy is to defer", async () => {
    await using test = await start({ settings: { cooldownPolicy: "defer" } });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(5_000);
    await test.instagram.contactSends(ana, { kind: "text", text: "cuanto cuesta?" });
    await test.pass(15_000);
    assert.equal(test.delivered(ana).length, 2);
  });

  test("the same webhook five times is one message and one answer (C2, C7)", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" }, { copies: 5 });
    await test.pass(20_000);
    const { items } = await test.get(`/conversations/${test.conversation(ana)}/messages`);
    assert.equal(bySender(items, "user").length, 1);
    assert.equal(test.delivered(ana).length, 1);
  });

  test("every kind of event a contact can cause is kept, and ends in a decision or shows on its message (C6)", async () => {
    await using test = await start({ settings: { cooldownMs: 0 } });
    const [first = ""] = (await test.instagram.contactSends(ana, { kind: "text", text: "hola" })).mids;
    for (
      const event of [
        { kind: "image" },
        { kind: "voice" },
        { kind: "attachment", type: "hologram" },
        { kind: "storyReply", text: "qué lindo" },
        { kind: "storyMention" },
        { kind: "share" },
        { kind: "quickReply", title: "Sí", payload: "YES" },
        { kind: "postback", title: "Start", payload: "START" },
        { kind: "unsupported" },
        { kind: "referral", ref: "ad-1" },
        { kind: "reaction", mid: first, emoji: "❤️" },
        { kind: "edit", mid: first, text: "hola!" },
        { kind: "standby", text: "para otra app" },
      ] as const
    ) {
      await test.instagram.contactSends(ana, event);
      await test.pass(5_000);
    }
    const { items } = await test.get(`/conversations/${test.conversation(ana)}/messages?limit=100`);
    const inbound = bySender(items, "user");
    assert.equal(inbound.length, 12);
    assert.deepEqual(inbound.filter((item) => !item.turnId), []);
    assert.equal(inbound[0].text, "hola!");
    assert.equal(test.instagram.log.filter(({ applied }) => applied).length, test.delivered(ana).length);
  });

  test("an unsent message is erased, and nothing is answered to it", async () => {
    await using test = await start();
    const [mid = ""] = (await test.instagram.contactSends(ana, { kind: "text", text: "my card number is 4111" })).mids;
    await test.pass(1_000);
    await test.instagram.contactSends(ana, { kind: "unsend", mid });
    await test.pass(10_000);
    assert.deepEqual(test.delivered(ana), []);
    const { items } = await test.get(`/conversations/${test.conversation(ana)}/messages`);
    assert.ok(!JSON.stringify(items).includes("4111"));
    const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
    assert.match(turn.outcome.reason, /took the message back/);
  });

  test("a manual message takes the conversation over: it is sent, and the bot is silent until given back", async () => {
    await using test = await start({ settings: { cooldownMs: 0 } });
    const id = test.conversation(ana);
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    const answered = test.delivered(ana).length;
    const { status } = await test.send("POST", `/conversations/${id}/messages`, { text: "Soy Eva", commandId: "c-1" });
    assert.equal(status, 202);
    await test.pass(3_000);
    assert.equal(test.delivered(ana).at(-1), "Soy Eva");
    await test.instagram.contactSends(ana, { kind: "text", text: "cuanto cuesta?" });
    await test.pass(10_000);
    assert.equal(test.delivered(ana).length, answered + 1);
    await test.send("PATCH", `/conversations/${id}`, { handler: "bot" });
    await test.instagram.contactSends(ana, { kind: "text", text: "y el horario?" });
    await test.pass(10_000);
    assert.equal(test.delivered(ana).length, answered + 2);
  });

  test("somebody who answers in the Instagram app takes over in the same moment", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(1_000);
    await test.instagram.appSends(ana, "Ya te atiendo");
    await test.pass(10_000);
    assert.deepEqual(test.delivered(ana), []);
    const conversation = await test.get(`/conversations/${test.conversation(ana)}`);
    assert.equal(conversation.handler, "person");
  });

  test("the same command twice sends once; another text under its name is refused (C15)", async () => {
    await using test = await start();
    const path = `/conversations/${test.conversation(ana)}/messages`;
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.settle();
    const one = await test.send("POST", path, { text: "Hi", commandId: "c-1" });
    const two = await test.send("POST", path, { text: "Hi", commandId: "c-1" });
    const other = await test.send("POST", path, { text: "Bye", commandId: "c-1" });
    assert.deepEqual([one.status, two.status, other.status], [202, 202, 422]);
    assert.equal(one.body.outboundId, two.body.outboundId);
    await test.pass(10_000);
    assert.deepEqual(test.delivered(ana), ["Hi"]);
  });

  test("after the 24 h window nothing is sent, and a manual message is refused (C11)", async () => {
    await using test = await start();
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(5_000);
    const callsAboutAna = (): number => test.instagram.log.filter(({ psid }) => psid === ana).length;
    const before = callsAboutAna();
    assert.ok(before > 0);
    test.clock.advance(25 * 3_600_000);
    const path = `/conversations/${test.conversation(ana)}/messages`;
    assert.equal((await test.send("POST", path, { text: "late", commandId: "c-2" })).status, 409);
    await test.settle();
    assert.equal(callsAboutAna(), before);
    assert.equal(test.delivered(ana).length, 1);
  });

  test("a contact who opts out is not written to again (C13)", async () => {
    await using test = await start({ settings: { cooldownMs: 0 } });
    await test.instagram.contactSends(ana, { kind: "text", text: "STOP" });
    await test.pass(6_000);
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    assert.deepEqual(test.delivered(ana), []);
    const contact = await test.get(`/contacts/${test.conversation(ana)}`);
    assert.equal(contact.optOut, true);
  });

  test("who asks to stop is heard with the rule for it off, the bot off, or a person at it (C13)", async () => {
    const situations = [
      { settings: { rulesOff: ["opt-out"] } },
      { settings: { botEnabled: false } },
      { settings: {}, change: { handler: "person" } },
    ];
    for (const { settings, change } of situations) {
      await using test = await start({ settings: { cooldownMs: 0, debounceMs: 0, ...settings } });
      if (change !== undefined) {
        await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
        await test.pass(6_000);
        await test.send("PATCH", `/conversations/${test.conversation(ana)}`, change);
      }
      const before = test.delivered(ana).length;
      await test.instagram.contactSends(ana, { kind: "text", text: "Baja" });
      await test.pass(6_000);
      assert.equal((await test.get(`/contacts/${test.conversation(ana)}`)).optOut, true, JSON.stringify(settings));
      assert.equal(test.delivered(ana).length, before);
      const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
      assert.equal(turn.outcome.kind, "silent");
      const said = [turn.outcome.reason, ...turn.checks.map(({ detail }: Json) => detail)];
      assert.ok(said.includes('the contact asked not to be written to: "baja"'), JSON.stringify(said));
    }
  });

  test("who asks for a person and to stop gets a person, whichever rule comes first (C13)", async () => {
    const settings = { rulesOff: ["opt-out"], handOffPhrases: ["hablar con una persona"] };
    await using test = await start({ settings });
    await test.instagram.contactSends(ana, { kind: "text", text: "quiero hablar con una persona" });
    await test.instagram.contactSends(ana, { kind: "text", text: "baja" });
    await test.pass(6_000);
    const { items: [turn] } = await test.get(`/conversations/${test.conversation(ana)}/turns`);
    assert.equal(turn.outcome.kind, "handedOff");
    assert.equal((await test.get(`/contacts/${test.conversation(ana)}`)).optOut, true);
    assert.deepEqual(test.delivered(ana), []);
  });

  test("being throttled costs a message no try; it is sent when Instagram allows it again", async () => {
    await using test = await start();
    test.instagram.fail({ fault: "code613", times: 3 });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(10_000);
    assert.deepEqual(test.delivered(ana), []);
    await test.pass(15 * 60_000, 5_000);
    assert.equal(test.delivered(ana).length, 1);
    const { items: [item] } = await test.get("/outbound");
    assert.equal(item.state, "sent");
  });

  test("a server error after the text was delivered never becomes a second text (C7)", async () => {
    await using test = await start();
    test.instagram.fail({ fault: "serverErrorApplied" });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(5 * 60_000, 1_000);
    assert.equal(test.delivered(ana).length, 1);
    const { items: [item] } = await test.get("/outbound");
    assert.equal(item.state, "sent");
  });

  test("a server error before the text was delivered is settled by the thread and sent once", async () => {
    await using test = await start();
    test.instagram.fail({ fault: "serverError" });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(5 * 60_000, 1_000);
    assert.equal(test.delivered(ana).length, 1);
  });

  test("a text that Instagram refuses for good is a dead letter with its reason, and can be retried by a person", async () => {
    await using test = await start();
    test.instagram.fail({ fault: "badParameter" });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(10_000);
    const { items: [dead] } = await test.get("/outbound?state=failed");
    assert.ok(dead.reason.length > 0);
    assert.equal((await test.send("POST", `/outbound/${dead.id}/retry`, {})).status, 200);
    await test.pass(5_000);
    assert.equal(test.delivered(ana).length, 1);
  });

  test("a rule file that is dropped in changes the next decision; a broken one leaves the last good one running", async () => {
    const rulesDir = await Deno.makeTempDir();
    const rule = `${rulesDir}/10_hello.yaml`;
    await Deno.writeTextFile(rule, "- name: hello\n  match: { any: [hola] }\n  reply: Version one\n");
    await using test = await start({ rulesDir, settings: { cooldownMs: 0 } });
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    const first = await test.get("/rules");
    await Deno.writeTextFile(rule, "- name: hello\n  match: { any: [hola] }\n  reply: Version two\n");
    await ruleState(test, (rules) => rules.version !== first.version);
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    await Deno.writeTextFile(rule, "- name: hello\n  match: { any: [hola\n");
    const broken = await ruleState(test, (rules) => rules.problems.length > 0);
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    assert.deepEqual(test.delivered(ana), ["Version one", "Version two", "Version two"]);
    assert.equal(broken.problems[0].file, "10_hello.yaml");
    await Deno.remove(rulesDir, { recursive: true });
  });

  test("a rule's follow-up leaves when it is due, and not when the contact wrote before (C11)", async () => {
    const rulesDir = await Deno.makeTempDir();
    const rule =
      'match: { any: [hola] }\nreply: Hola\nquickReplies: [Sí]\nfollowUp: { in: 2h, text: "¿Sigues ahí?" }\n';
    await Deno.writeTextFile(`${rulesDir}/10_hello.yaml`, `name: hello\n${rule}`);
    await using test = await start({ rulesDir, settings: { cooldownMs: 0 } });
    const hour = 3_600_000;
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    assert.equal((await test.get("/conversations")).items[0].state, "scheduled");
    await test.instagram.contactSends(ana, { kind: "text", text: "hola" });
    await test.pass(6_000);
    await test.pass(2 * hour, hour / 4);
    assert.deepEqual(test.delivered(ana), ["Hola", "Hola", "¿Sigues ahí?"]);
    const { items } = await test.get("/outbound?state=cancelled");
    assert.deepEqual(items.map((item: Json) => [item.text, item.reason]), [
      ["¿Sigues ahí?", "the contact wrote before it was due"],
    ]);
    assert.equal((await test.get("/conversations")).items[0].state, "open");
    await Deno.remove(rulesDir, { recursive: true });
  });

  test("events of an account that nobody entered are kept apart and never answered", async () => {
    await using test = await start();
    assert.equal((await test.get("/conversations")).total, 0);
    const event = {
      sender: { id: ana },
      recipient: { id: "999" },
      timestamp: test.clock.now().getTime(),
      message: { mid: "m1", text: "hola" },
    };
    const body = JSON.stringify({
      object: "instagram",
      entry: [{ id: "999", time: event.timestamp, messaging: [event] }],
    });
    const headers = { "x-hub-signature-256": await signBody(body, "test-app-secret") };
    const response = await fetch(`${test.moca.url}/webhook`, { method: "POST", body, headers });
    assert.equal(response.status, 200);
    await response.body?.cancel();
    await test.pass(6_000);
    assert.equal((await test.get("/conversations")).total, 0);
    assert.equal((await test.get("/envelopes?state=dead")).items.length, 1);
  });
}

function bySender(items: readonly Json[], role: string): readonly Json[] {
  return items.filter((item) => item.role === role);
}

/** The API's word on the rules once it fits; asks until then, for 5 s at most. */
async function ruleState(test: TestMoca, fits: (rules: Json) => boolean): Promise<Json> {
  const giveUpAt = performance.now() + 5_000;
  for (;;) {
    const rules = await test.get("/rules");
    if (fits(rules)) return rules;
    assert.ok(performance.now() < giveUpAt, "the rules did not become what was awaited within 5 s");
  }
}
