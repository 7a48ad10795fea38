import assert from "node:assert/strict";
import type { ProfileAnswer, ProfileQuery } from "@/instagram/client.ts";
import { ProfileWorker } from "@/instagram/profile_worker.ts";
import type { Account, Conversation } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { mustLoad, save } from "@/store/testing/check.ts";
import { makeAccount, noon } from "@/store/testing/factories.ts";
import { ManualClock } from "@tests/support/manual_clock.ts";

const token = { sealed: "sealed", ending: "oken", savedAt: noon };
const sealer = { open: (sealed: string): Promise<string> => Promise.resolve(`${sealed} opened`) };
const wrote: Partial<Conversation> = { lastUserAt: noon };
const throttled: ProfileAnswer = { kind: "failed", class: "throttle", error: { message: "too many calls" } };

/** A worker on a store with one account; `asked` lists whom Instagram was asked about, and when in seconds. */
async function setUp(
  { account = {}, answer = () => ({ kind: "known", name: "Zoe" }) }: {
    readonly account?: Partial<Account>;
    readonly answer?: (psid: string, store: Store) => ProfileAnswer | Promise<ProfileAnswer>;
  } = {},
): Promise<
  & { store: Store; clock: ManualClock; asked: [psid: string, atSeconds: number][]; makeWorker: () => ProfileWorker }
  & AsyncDisposable
> {
  const opened = await openTemporaryStore();
  const clock = ManualClock.jumping();
  const store = opened.one;
  const pass = clock.advance.bind(clock);
  clock.advance = (ms) => {
    pass(ms);
    opened.clock.advance(ms);
  };
  await store.accounts.put(makeAccount({ token, ...account }), 0);
  const asked: [string, number][] = [];
  const profile = async ({ psid, token }: ProfileQuery): Promise<ProfileAnswer> => {
    assert.equal(token, "sealed opened");
    asked.push([psid, (clock.now().getTime() - noon.getTime()) / 1_000]);
    return await answer(psid, store);
  };
  const makeWorker = (): ProfileWorker => new ProfileWorker({ store, clock, sealer, instagram: { profile } });
  return { store, clock, asked, makeWorker, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

Deno.test("ProfileWorker finds after a start whom nobody asked for, and asks no faster than the reading pace", async () => {
  await using test = await setUp();
  for (const psid of ["a", "b", "c"]) await save(test.store, { psid, conversation: wrote });
  await save(test.store, { psid: "never-wrote" });
  await save(test.store, { psid: "known", contact: { profile: "known" }, conversation: wrote });
  await test.makeWorker().drain();
  assert.deepEqual(test.asked, [["a", 0], ["b", 1], ["c", 2]]);
  const { contact, conversation } = await mustLoad(test.store, "shop_b");
  assert.deepEqual([contact.name, contact.profile, conversation.rev], ["Zoe", "known", 0]);
});

Deno.test("ProfileWorker looks through the store again each hour, and not in between", async () => {
  await using test = await setUp();
  const worker = test.makeWorker();
  await worker.drain();
  await save(test.store, { psid: "late", conversation: wrote });
  test.clock.advance(3_599_000);
  assert.equal(await worker.drain(), 0);
  test.clock.advance(1_000);
  await worker.drain();
  assert.deepEqual(test.asked, [["late", 3_600]]);
});

const barred: Readonly<Record<string, Partial<Account>>> = {
  "that is paused": { state: "paused" },
  "without a token": { token: undefined },
};

for (const [which, account] of Object.entries(barred)) {
  Deno.test(`ProfileWorker asks nothing for an account ${which}`, async () => {
    await using test = await setUp({ account });
    await save(test.store, { conversation: wrote });
    const worker = test.makeWorker();
    worker.want("shop_ada");
    await worker.drain();
    assert.deepEqual(test.asked, []);
  });
}

Deno.test("ProfileWorker leaves a throttled account alone, longer each time, and then asks for everybody", async () => {
  let refusals = 3;
  await using test = await setUp({ answer: () => refusals-- > 0 ? throttled : { kind: "known" } });
  for (const psid of ["a", "b"]) await save(test.store, { psid, conversation: wrote });
  const worker = test.makeWorker();
  for (let seconds = 0; seconds < 600; seconds += 1) {
    await worker.drain();
    test.clock.advance(1_000);
  }
  assert.deepEqual(test.asked.map(([psid]) => psid).toSorted(), ["a", "a", "a", "b", "b"].slice(0, test.asked.length));
  const gaps = test.asked.slice(1).map(([, at], index) => at - test.asked[index][1]);
  assert.ok(gaps[0] >= 15 && gaps[1] >= 30 && gaps[2] >= 60, gaps.join());
  for (const id of ["shop_a", "shop_b"]) assert.equal((await mustLoad(test.store, id)).contact.profile, "known");
});

Deno.test("ProfileWorker keeps what happened to the conversation while Instagram was asked (C22)", async () => {
  await using test = await setUp({
    answer: async (_psid, store) => {
      await save(store, { conversation: { unread: 7, rev: 3 } });
      return { kind: "known", name: "Zoe" };
    },
  });
  await save(test.store, { conversation: wrote });
  await test.makeWorker().drain();
  const { conversation, contact } = await mustLoad(test.store);
  assert.deepEqual([conversation.unread, conversation.rev, contact.name], [7, 3, "Zoe"]);
});

Deno.test("ProfileWorker's news shows up in the feed that live updates are made of", async () => {
  await using test = await setUp();
  await save(test.store, { conversation: wrote });
  const written = await test.store.feed.newest();
  await test.makeWorker().drain();
  const learned = await test.store.feed.after(written, 9);
  assert.deepEqual(learned.map(({ conversationId }) => conversationId), ["shop_ada"]);
});
