import assert from "node:assert/strict";
import { type Fixture, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { QuietPhone } from "@/backoffice/testing/quiet_phone.ts";
import { accountId, seedAccount, Story } from "@/backoffice/testing/seed.ts";

interface Simulated extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly visitor: Visitor;
}

async function openCases(): Promise<Simulated> {
  const phone = new QuietPhone(accountId, [{ psid: "1", name: "Lucía", username: "lucia" }]);
  const fixture = await openFixture({ simulator: phone });
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { fixture, visitor, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

/** Runs all cases, or one, to the end; answers the page that tells what came of it. */
async function runCases({ visitor, fixture }: Simulated, form: Readonly<Record<string, string>> = {}): Promise<string> {
  const started = await visitor.post("/admin/simulator/cases/run", form);
  assert.equal(started.headers.get("location"), "/admin/simulator/cases#run");
  await fixture.deps.cases?.ended();
  return await (await visitor.get("/admin/simulator/cases")).text();
}

/** A price is asked for twice; what was decided on the second is `second`. */
async function tellPrices({ store }: Fixture, second: string): Promise<void> {
  const story = new Story(store, "1");
  const reply = (text: string) => ({ kind: "reply", texts: [text], reason: "", by: "rule:prices" }) as const;
  await story.says("hi", 120_000);
  await story.says("what is the price?", 120_000);
  await story.decides(reply("From $20."));
  await story.sends();
  await story.says("and the cost of two?", 60_000);
  await story.decides(reply(second));
  await story.sends();
}

Deno.test("a conversation saved as a case passes while the same is decided, and is nowhere among what is live", async () => {
  await using simulated = await openCases();
  const { fixture, visitor } = simulated;
  await tellPrices(fixture, "From $20.");
  const before = await fixture.store.turns.list(`${accountId}_1`, { limit: 10 });
  const saved = await visitor.post("/admin/simulator/cases", { persona: "1", name: "prices", words: "yes" });
  assert.equal(saved.headers.get("location"), "/admin/simulator/cases?persona=1");
  const page = await runCases(simulated);
  assert.match(page, /1 of 1 passed/);
  assert.deepEqual(await fixture.store.turns.list(`${accountId}_1`, { limit: 10 }), before);
  assert.equal((await fixture.store.conversations.list({ limit: 10 })).items.length, 1);
});

Deno.test("a case that goes otherwise says at which step, what was wanted and what came", async () => {
  await using simulated = await openCases();
  const { fixture, visitor } = simulated;
  await tellPrices(fixture, "Two are $38.");
  await visitor.post("/admin/simulator/cases", { persona: "1", name: "two", words: "yes" });
  await visitor.post("/admin/simulator/cases", { persona: "1", name: "any words" });
  const page = await runCases(simulated);
  assert.match(page, /1 of 2 passed/);
  assert.match(page, /Step 2: wanted “Two are \$38\.” in the answer, it says “From \$20\.”/);
  const [anyWords] = await fixture.store.simulations.list(accountId);
  const alone = await runCases(simulated, { id: anyWords?.id ?? "" });
  assert.match(alone, /1 of 1 passed/);
});

Deno.test("a case needs a name and a decision, and can be removed", async () => {
  await using simulated = await openCases();
  const { fixture, visitor } = simulated;
  const save = (name: string): Promise<Response> => visitor.post("/admin/simulator/cases", { persona: "1", name });
  assert.equal((await save(" ")).status, 422);
  assert.match(await (await save("empty")).text(), /nothing was decided/);
  await tellPrices(fixture, "From $20.");
  await save("prices");
  const id = (await fixture.store.simulations.list(accountId))[0]?.id;
  assert.equal((await visitor.post(`/admin/simulator/cases/${id}/remove`, {})).status, 303);
  assert.deepEqual(await fixture.store.simulations.list(accountId), []);
  assert.equal((await visitor.post("/admin/simulator/cases/run", {})).status, 404);
});
