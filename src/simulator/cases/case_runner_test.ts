import assert from "node:assert/strict";
import { makeNoModelAgent } from "@/agent/no_model_agent.ts";
import { openFixture } from "@/backoffice/testing/fixture.ts";
import { accountId, seedAccount } from "@/backoffice/testing/seed.ts";
import type { Settings } from "@/conversation/settings.ts";
import { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import { runChain } from "@/rules/chain.ts";
import { pass, type Rule, silence } from "@/rules/contract.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";
import { type CaseDifference, CaseRunner } from "@/simulator/cases/case_runner.ts";
import type { Message, OutboundItem, Simulation, SimulationStep, Turn } from "@/store/records.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

const noon = new Date("2026-11-20T12:00:00Z");

interface Wish {
  readonly says: readonly (string | Partial<SimulationStep["says"][number]>)[];
  /** Seconds after noon. Default 0. */
  readonly at?: number;
  readonly faults?: readonly string[];
  readonly expected?: Partial<SimulationStep["expected"]>;
}

const answered = { outcome: "replied", by: "rule:prices", contains: "From $20.", arrived: 1 } as const;

function makeCase(wishes: readonly Wish[]): Simulation {
  const steps = wishes.map(({ says, at = 0, faults, expected }): SimulationStep => ({
    at: new Date(noon.getTime() + at * 1_000),
    says: says.map((said) => ({
      kind: "text",
      attachments: [],
      ...(typeof said === "string" ? { text: said } : said),
    })),
    ...(faults === undefined ? {} : { faults }),
    expected: { ...answered, ...expected },
  }));
  return { id: "c1", accountId, name: "case", contact: { name: "Lucía" }, steps, savedAt: noon, savedBy: "admin" };
}

const cooldown: Rule = {
  name: "cooldown",
  description: "Keeps a pause between two answers",
  apply: ({ conversation }) => conversation.cooldownLeftMs > 0 ? silence("cooldown") : pass(),
};

const keywordRules = [
  'name: prices\ndescription: Says prices\nmatch: { any: [price, cost] }\nreply: "From $20."\n',
  'name: later\ndescription: Asks again\nmatch: { any: [later] }\nreply: "Fine."\nfollowUp: { in: 1h, text: "And now?" }\n',
].flatMap((text, index) => {
  const content = loadYamlRules(`${index}.yaml`, text);
  assert.ok(content.kind !== "broken");
  return content.rules.map(({ rule }) => rule);
});

/** What a run left in its own store. */
interface Trail {
  readonly difference?: CaseDifference;
  /** Webhooks as they came. */
  readonly accepted: readonly { readonly result: "stored" | "duplicate"; readonly body: string }[];
  readonly turns: readonly Turn[];
  readonly messages: readonly Message[];
  readonly outbound: readonly OutboundItem[];
}

/** Plays the case with rules that answer what costs something, and ask again later. */
async function play(wishes: readonly Wish[], settings: Partial<Settings> = {}): Promise<Trail> {
  await using fixture = await openFixture();
  await seedAccount(fixture.store, settings);
  const path = await Deno.makeTempFile({ suffix: ".db" });
  const accepted: Trail["accepted"][number][] = [];
  const clock = new ManualClock(noon);
  const runner = new CaseRunner({
    store: fixture.store,
    rules: { run: (turn) => runChain({ version: "v1", rules: [cooldown, ...keywordRules] }, turn, clock) },
    agent: makeNoModelAgent(),
    openStore: async (at) => {
      const store = await openSqliteStore({ path, clock: at });
      const accept = store.envelopes.accept.bind(store.envelopes);
      store.envelopes.accept = async (envelope) => {
        const result = await accept(envelope);
        accepted.push({ result, body: new TextDecoder().decode(envelope.body) });
        return result;
      };
      return store;
    },
  });
  const run = await runner.run(makeCase(wishes));
  assert.ok(run !== undefined);
  await using left = await openSqliteStore({ path, clock });
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(path) };
  const id = `${accountId}_6190000000000001`;
  return {
    difference: run.difference,
    accepted,
    turns: (await left.turns.list(id, { limit: 50 })).toReversed(),
    messages: (await left.messages.page(id, { limit: 50 })).items,
    outbound: (await left.outbound.list({ limit: 50 })).items.toReversed(),
  };
}

async function differenceOf(
  wishes: readonly Wish[],
  settings: Partial<Settings> = {},
): Promise<CaseDifference | undefined> {
  return (await play(wishes, settings)).difference;
}

Deno.test("a burst keeps its gaps: within the debounce it is one turn, beyond it is another", async () => {
  const says = ["hi", { text: "the price?", afterMs: 2_000 }, { text: "please", afterMs: 2_000 }];
  const { difference, turns, messages } = await play([{ says }]);
  assert.deepEqual([difference, turns.length], [undefined, 1]);
  const said = messages.filter(({ author }) => author === "contact");
  assert.deepEqual(said.map(({ at }) => at.getTime() - noon.getTime()), [0, 2_000, 4_000]);
  const apart = ["the price?", { text: "the price of two?", afterMs: 30_000 }];
  assert.equal((await play([{ says: apart, expected: { arrived: 2 } }])).turns.length, 2);
});

Deno.test("each webhook comes twice and is answered once", async () => {
  const { difference, accepted } = await play([{ says: ["the price?"], faults: ["duplicate"] }]);
  assert.equal(difference, undefined);
  const ofContact = accepted.filter(({ body }) => body.includes("the price?"));
  assert.deepEqual(ofContact.map(({ result }) => result), ["stored", "duplicate"]);
});

Deno.test("webhooks in the wrong order make one turn with one answer", async () => {
  const { difference, accepted, turns } = await play([{ says: ["hi", "the price?"], faults: ["outOfOrder"] }]);
  assert.deepEqual([difference, turns.length], [undefined, 1]);
  assert.deepEqual(accepted.slice(0, 2).map(({ body }) => body.includes("the price?")), [true, false]);
});

Deno.test("an answer arrives once through a 429, a broken server and an answer that never came", async () => {
  const outcomes = {
    http429: ["throttled", "sent"],
    serverError: ["notDelivered", "sent"],
    timeout: ["notDelivered", "sent"],
    timeoutApplied: ["sent"],
  };
  for (const [fault, expected] of Object.entries(outcomes)) {
    const { difference, outbound } = await play([{ says: ["the price?"], faults: [fault] }]);
    assert.equal(difference, undefined, fault);
    assert.deepEqual(outbound[0]?.attempts.map(({ outcome }) => outcome), expected, fault);
  }
});

Deno.test("no answer arrives in a closed window or with a token that is refused", async () => {
  for (const fault of ["windowClosed", "tokenExpired"]) {
    const difference = await differenceOf([{ says: ["the price?"], faults: [fault] }]);
    assert.deepEqual(difference, { step: 1, what: "arrived", expected: 1, actual: 0 }, fault);
  }
});

Deno.test("the time between two steps passes: what is within the cooldown gets no answer, what is after it does", async () => {
  const settings = { cooldownMs: 60_000 };
  const soon = await differenceOf([{ says: ["the price?"] }, { says: ["the price of two?"], at: 30 }], settings);
  assert.deepEqual(soon, { step: 2, what: "outcome", expected: "replied", actual: "silent" });
  const { difference, turns } = await play(
    [{ says: ["the price?"] }, { says: ["of two?", "the price"], at: 90 }],
    settings,
  );
  assert.equal(difference, undefined);
  const said = turns.map(({ startedAt }) => Math.floor((startedAt.getTime() - noon.getTime()) / 60_000));
  assert.deepEqual(said, [0, 1]);
});

Deno.test("what is planned for the time between two steps happens before the second, and counts to the first", async () => {
  const later = { says: ["later"], expected: { by: "rule:later", contains: "Fine.", arrived: 2 } };
  assert.equal(await differenceOf([later, { says: ["the price?"], at: 2 * 3_600 }]), undefined);
  const early = await differenceOf([later, { says: ["the price?"], at: 1_800 }]);
  assert.deepEqual(early, { step: 1, what: "arrived", expected: 2, actual: 1 });
});

Deno.test("an edit within the burst is decided on, and a message taken back in time is not", async () => {
  const first = { author: "contact", place: 0 } as const;
  const edit = { kind: "edit", text: "the price?", about: first, afterMs: 1_000 } as const;
  assert.equal(await differenceOf([{ says: ["hello", edit] }]), undefined);
  const unsend = { kind: "unsend", text: undefined, about: first, afterMs: 1_000 } as const;
  const taken = await play([{ says: ["the price?", unsend] }]);
  assert.deepEqual(taken.difference, { step: 1, what: "outcome", expected: "replied", actual: "silent" });
});

Deno.test("a reaction is to the message that it was to, at its place", async () => {
  const reaction = { action: "react", emoji: "\u{1F525}" };
  const react = { kind: "reaction", text: undefined, about: { author: "bot", place: 0 }, reaction } as const;
  const played = await play([{ says: ["the price?", { ...react, afterMs: 60_000 }] }, {
    says: ["the price of two?"],
    at: 600,
  }]);
  assert.equal(played.difference, undefined);
  const answers = played.messages.filter(({ author }) => author === "bot");
  assert.deepEqual(answers.map(({ reactionEmoji }) => reactionEmoji), ["\u{1F525}", undefined]);
  const row = played.messages.find(({ kind }) => kind === "reaction");
  assert.equal(row?.at.getTime(), noon.getTime() + 60_000);
});

Deno.test("a sign on an answer that does not come is left out", async () => {
  const react = { kind: "reaction", text: undefined, about: { author: "bot", place: 5 } } as const;
  assert.equal(await differenceOf([{ says: ["the price?", react] }]), undefined);
});

Deno.test("a story that is answered, a picture and a button are played as what they were", async () => {
  const says = [
    { kind: "storyReply", text: "the price?", replyTo: { story: { id: "s1", url: "https://cdn.example/s.jpg" } } },
    { kind: "media", attachments: [{ type: "image", url: "https://cdn.example/x.jpg" }] },
    { kind: "quickReply", text: "Size M", payload: "m" },
  ] as const;
  assert.equal(await differenceOf([{ says }]), undefined);
});

Deno.test("a case says at which step it went otherwise", async () => {
  const steps = [{ says: ["the price?"] }, { says: ["hello"], at: 600 }];
  const difference = await differenceOf(steps);
  assert.deepEqual(difference, { step: 2, what: "outcome", expected: "replied", actual: "handedOff" });
  const off = await differenceOf(steps, { botEnabled: false });
  assert.deepEqual(off, { step: 1, what: "outcome", expected: "replied", actual: "silent" });
});

Deno.test("cases run one after the other, one job at a time, and stop when somebody cancels", async () => {
  const gate = Promise.withResolvers<void>();
  const jobs = new CaseJobs({ run: async (simulation) => (await gate.promise, { simulation }) }, () => "v1");
  const both = [makeCase([]), makeCase([])];
  assert.equal(jobs.start(both), "started");
  assert.equal(jobs.start(both), "busy");
  jobs.cancel();
  gate.resolve();
  await jobs.ended();
  assert.deepEqual([jobs.last?.state, jobs.last?.runs.length, jobs.last?.total], ["cancelled", 1, 2]);
  assert.equal(jobs.start(both), "started");
  await jobs.ended();
  assert.deepEqual([jobs.last?.state, jobs.last?.runs.length], ["done", 2]);
});

Deno.test("a run that breaks says so, and the next one can begin", async () => {
  const jobs = new CaseJobs({ run: () => Promise.reject(new Error("the disk is full")) }, () => "v1");
  jobs.start([makeCase([])]);
  await jobs.ended();
  assert.equal(jobs.last?.state, "failed");
  assert.equal(jobs.start([makeCase([])]), "started");
  await jobs.ended();
});
