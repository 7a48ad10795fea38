/** What every store's `Transfer` must keep. Both adapters run it. */
import assert from "node:assert/strict";
import type { StoreUnderTest } from "@/store/testing/check.ts";
import { adaId, claimBy, mustLoad, save } from "@/store/testing/check.ts";
import { makeAuditEntry, makeEnvelope, makeMessage } from "@/store/testing/factories.ts";
import { fillLively } from "@/store/testing/lively_store.ts";
import { type CollectionName, collectionNames, type Collections, pageSize, type Transfer } from "@/store/transfer.ts";

export interface MovableStore extends StoreUnderTest {
  /** One more handle, on the data as a whole; the caller disposes it. */
  transfer(): Promise<Transfer>;
}

/** Everything of every collection, in the store's order. */
export async function readWhole(transfer: Transfer): Promise<Readonly<Record<CollectionName, readonly object[]>>> {
  const entries = await Promise.all(collectionNames.map(async (name) => [name, await readCollection(transfer, name)]));
  return Object.fromEntries(entries);
}

async function readCollection<Name extends CollectionName>(
  transfer: Transfer,
  name: Name,
  after?: string,
): Promise<Collections[Name][]> {
  const records: Collections[Name][] = [];
  for await (const page of transfer.read(name, after)) records.push(...page.records);
  return records;
}

async function writeWhole(transfer: Transfer, data: Awaited<ReturnType<typeof readWhole>>): Promise<void> {
  for (const name of collectionNames) await transfer.write(name, data[name] as never, 0);
}

export interface TransferCheck {
  readonly promise: string;
  readonly run: (store: MovableStore) => Promise<void>;
}

export const transferChecks: readonly TransferCheck[] = [
  {
    promise: "Transfer.read() tells everything that the store holds, and count() how much",
    run: async (store) => {
      await fillLively(store.one);
      await using transfer = await store.transfer();
      await transfer.settle();
      const whole = await readWhole(transfer);
      for (const name of collectionNames) {
        assert.ok(whole[name].length > 0, `${name} is empty`);
        assert.equal(await transfer.count(name), whole[name].length, name);
      }
      assert.deepEqual(whole.accounts, await store.one.accounts.list());
      const ada = await mustLoad(store.one);
      assert.deepEqual(whole.conversations.find((one) => "id" in one && one.id === adaId), ada.conversation);
      assert.deepEqual(whole.envelopes, (await store.one.envelopes.list({ limit: 9 })).toReversed());
    },
  },
  {
    promise: "Transfer.write() gives back what was read, and the same again changes nothing",
    run: async (store) => {
      await fillLively(store.one);
      await using transfer = await store.transfer();
      const before = await readWhole(transfer);
      const page = await store.two.conversations.list({ limit: 200, q: "hol" });
      await transfer.empty();
      for (const name of collectionNames) assert.equal(await transfer.count(name), 0, name);
      await writeWhole(transfer, before);
      assert.deepEqual(await readWhole(transfer), before);
      assert.deepEqual(await store.two.conversations.list({ limit: 200, q: "hol" }), page);
      await writeWhole(transfer, before);
      assert.deepEqual(await readWhole(transfer), before);
    },
  },
  {
    promise: "what was moved in is worked on like what was committed",
    run: async (store) => {
      await fillLively(store.one);
      const ada = await mustLoad(store.one);
      await using transfer = await store.transfer();
      const whole = await readWhole(transfer);
      await transfer.empty();
      await writeWhole(transfer, whole);
      assert.deepEqual(await mustLoad(store.two), ada);
      store.clock.advance(1_000);
      assert.deepEqual(await store.one.conversations.claimTurns(claimBy("x")), [adaId]);
      assert.deepEqual(await store.one.conversations.claimSends(claimBy("x")), [adaId]);
      assert.deepEqual((await store.one.envelopes.claim(claimBy("x"))).map(({ id }) => id), ["e3"]);
      await save(store.one, { contact: { name: "Later" } }, { messages: [makeMessage({ text: "otra" })] });
      assert.equal((await mustLoad(store.two)).contact.name, "Later");
      assert.equal((await store.two.messages.byIds(["shop:msg:m1"]))[0].text, "otra");
      const counts = await store.two.outbound.countByState();
      assert.deepEqual([counts.sent, counts.uncertain, counts.queued], [1, 1, 1]);
      assert.equal(await store.one.conversations.erase(adaId), "erased");
      assert.deepEqual((await store.two.messages.page(adaId, { limit: 9 })).items, []);
    },
  },
  {
    promise: "entries without a key of their own keep their order, and later ones come after them",
    run: async (store) => {
      await using transfer = await store.transfer();
      const entries = ["z", "a", "m"].map((id) => makeAuditEntry({ id }));
      const envelopes = ["z", "a", "m"].map((id) => ({ ...makeEnvelope({ id }), state: "new" as const, attempts: 0 }));
      await transfer.write("audit_log", entries.slice(0, 1), 0);
      await transfer.write("audit_log", entries.slice(1), 1);
      await transfer.write("envelopes", envelopes, 0);
      await store.one.audit.add([makeAuditEntry({ id: "later" })]);
      await store.one.envelopes.accept(makeEnvelope({ id: "later" }));
      const listed = await store.two.audit.list({ limit: 9 });
      assert.deepEqual(listed.map(({ id }) => id), ["later", "m", "a", "z"]);
      const claimed = await store.two.envelopes.claim(claimBy("x"));
      assert.deepEqual(claimed.map(({ id }) => id), ["z", "a", "m", "later"]);
    },
  },
  {
    promise: "Transfer.read() goes on from a position without leaving anything out",
    run: async (store) => {
      await using transfer = await store.transfer();
      const ids = Array.from({ length: pageSize + 20 }, (_, n) => `e${String(n).padStart(5, "0")}`);
      const sessions = ids.map((id) => ({ ...makeSessionOf(id) }));
      for (let at = 0; at < ids.length; at += 100) await transfer.write("sessions", sessions.slice(at, at + 100), at);
      const { done, value } = await transfer.read("sessions")[Symbol.asyncIterator]().next();
      assert.ok(!done && value.records.length === pageSize);
      assert.deepEqual(await readCollection(transfer, "sessions", value.position), sessions.slice(pageSize));
    },
  },
  {
    promise: "a copy's mark is kept and can be moved on",
    run: async (store) => {
      await using transfer = await store.transfer();
      assert.equal(await transfer.mark(), undefined);
      const mark = { from: "./data", fingerprint: "1", startedAt: store.clock.now() };
      await transfer.setMark(mark);
      const further = { ...mark, progress: { name: "messages" as const, written: 5, position: "7.x" } };
      await transfer.setMark(further);
      await using other = await store.transfer();
      assert.deepEqual(await other.mark(), further);
    },
  },
];

function makeSessionOf(id: string): Collections["sessions"] {
  const at = new Date("2026-11-24T12:00:00Z");
  return { id, operator: "grace", csrfToken: "token", createdAt: at, seenAt: at, expiresAt: at };
}

/** Registers the suite: one test a promise, each with a database of its own that `open` makes. */
export function testTransfer(
  name: string,
  open: () => Promise<MovableStore>,
  checks: readonly TransferCheck[] = transferChecks,
): void {
  for (const { promise, run } of checks) {
    Deno.test(`${name}: ${promise}`, async () => {
      await using store = await open();
      await run(store);
    });
  }
}
