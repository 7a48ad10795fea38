import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "@/clock.ts";
import { conclude, copy } from "@/copy.ts";
import { type CopyOutcome, copyStore } from "@/copy/copy_store.ts";
import { fillStore } from "@/seed/fill.ts";
import { makeSealer } from "@/seal.ts";
import { lockDataDir } from "@/store/data_dir_lock.ts";
import { Database } from "@/store/mongodb/database.ts";
import { openMongoStore } from "@/store/mongodb/mongodb_store.ts";
import { dropDatabase, withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import { nameOf, openTransfer } from "@/store/open_transfer.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { save } from "@/store/testing/check.ts";
import { makeAccount, noon } from "@/store/testing/factories.ts";
import { fillLively } from "@/store/testing/lively_store.ts";
import { readWhole } from "@/store/testing/transfer_checks.ts";
import type { Transfer } from "@/store/transfer.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

interface Places extends AsyncDisposable {
  /** A data folder that is filled, and two that are not there yet. */
  readonly old: string;
  readonly next: string;
  readonly third: string;
  /** An empty database. */
  readonly mongo: string;
  readonly lines: string[];
  copy(from: string, to: string, options?: { secretKey?: string; signal?: AbortSignal }): Promise<CopyOutcome>;
}

const never = new AbortController().signal;

async function openPlaces(serverUri: string, fill: (store: Store) => Promise<unknown> = fillLively): Promise<Places> {
  const dir = await Deno.makeTempDir({ prefix: "moca-copy-" });
  const [old, next, third] = ["old", "next", "third"].map((name) => `${dir}/${name}`);
  const mongo = withDatabase(serverUri, `moca_copy_${crypto.randomUUID().replaceAll("-", "")}`);
  await Deno.mkdir(old);
  await withStore(old, fill);
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  return {
    ...{ old, next, third, mongo, lines },
    copy: (from, to, options) => copy({ from, to }, { say, signal: never, ...options }),
    [Symbol.asyncDispose]: async () => {
      await dropDatabase(mongo);
      await Deno.remove(dir, { recursive: true });
    },
  };
}

async function withStore(place: string, work: (store: Store) => Promise<unknown>): Promise<void> {
  const clock = systemClock;
  await using store = place.startsWith("mongodb")
    ? await openMongoStore({ uri: place, clock })
    : await openSqliteStore({ path: `${place}/moca.db`, clock });
  await work(store);
}

/** Everything in the place, in an order of its own. */
async function contentOf(place: string): Promise<unknown> {
  await using transfer = await openTransfer(place);
  const whole = await readWhole(transfer);
  const keyOf = (record: object): string => JSON.stringify(Object.entries(record).toSorted());
  return Object.entries(whole).map((
    [name, records],
  ) => [name, records.toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1)]);
}

/** The transfer, with something done before a write. */
function beforeWrite(transfer: Transfer, act: (write: number) => void): Transfer {
  let writes = 0;
  return new Proxy(transfer, {
    get: (_, name) => {
      const member = Reflect.get(transfer, name, transfer);
      if (typeof member !== "function") return member;
      if (name === "setMark") act(writes++);
      return member.bind(transfer);
    },
  });
}

function reasonOf(outcome: CopyOutcome): string {
  assert.equal(outcome.kind, "refused");
  return outcome.kind === "refused" ? outcome.reason : "";
}

await withMongo(({ uri }) => {
  Deno.test("copy moves a lively store to MongoDB and back, and finds it equal", async () => {
    await using places = await openPlaces(uri);
    const { old, next, mongo } = places;
    const content = await contentOf(old);
    assert.equal((await places.copy(old, mongo)).kind, "whole");
    assert.deepEqual(await contentOf(mongo), content);
    const back = await places.copy(mongo, next);
    assert.equal(back.kind, "whole");
    assert.deepEqual(await contentOf(next), content);
    assert.match(
      conclude(back, { from: mongo, to: next }),
      /^All \d+ records are in .*\/next and equal those of mongodb:/,
    );
    assert.ok(places.lines.includes("messages: 22"), places.lines.join("\n"));
    await withStore(next, (store) => save(store, { contact: { name: "Later" } }));
  });

  Deno.test("a copy that was stopped goes on where it was, and its target is not used before", async () => {
    await using places = await openPlaces(uri);
    const { old, mongo } = places;
    const stopping = new AbortController();
    const outcome = await copy({ from: old, to: mongo }, {
      say: (line) => line.startsWith("contacts:") ? stopping.abort() : undefined,
      signal: stopping.signal,
    });
    assert.equal(outcome.kind, "stopped");
    await assert.rejects(withStore(mongo, () => Promise.resolve()), /a copy of .*old into it was not finished/);
    assert.equal((await places.copy(old, mongo)).kind, "whole");
    assert.match(places.lines[0], /^Going on at contacts/);
    assert.deepEqual(await contentOf(mongo), await contentOf(old));
    await withStore(mongo, (store) => store.accounts.list());
  });

  Deno.test("a copy that is killed anywhere goes on without losing or doubling anything", async () => {
    for (const [direction, at] of [["out", 2], ["out", 7], ["out", 12], ["back", 5], ["back", 11]] as const) {
      await using places = await openPlaces(uri);
      if (direction === "back") await places.copy(places.old, places.mongo);
      const [from, to] = direction === "out" ? [places.old, places.mongo] : [places.mongo, places.next];
      await assert.rejects(copyUntil(from, to, at), /killed/);
      assert.equal((await places.copy(from, to)).kind, "whole");
      assert.deepEqual(await contentOf(to), await contentOf(places.old), `${direction} ${at}`);
    }
  });

  Deno.test("copy begins anew when the source has changed since it was stopped", async () => {
    await using places = await openPlaces(uri);
    const { old, mongo } = places;
    await assert.rejects(copyUntil(old, mongo, 9), /killed/);
    await withStore(old, (store) => store.conversations.erase("shop_ada"));
    assert.equal((await places.copy(old, mongo)).kind, "whole");
    assert.match(places.lines[0], /old has changed since the copy before was stopped: beginning anew/);
    assert.deepEqual(await contentOf(mongo), await contentOf(old));
  });

  Deno.test("copy does not call whole what was written to meanwhile, and begins anew the next time", async () => {
    await using places = await openPlaces(uri);
    const { old, mongo } = places;
    const outcome = await copy({ from: old, to: mongo }, {
      say: (line) => {
        if (line.startsWith("Comparing")) changeContact(old);
      },
      signal: never,
    });
    assert.deepEqual(outcome, { kind: "differs", collections: ["contacts"] });
    assert.match(conclude(outcome, { from: old, to: mongo }), /^Not equal: contacts/);
    await assert.rejects(withStore(mongo, () => Promise.resolve()), /was not finished/);
    assert.equal((await places.copy(old, mongo)).kind, "whole");
    assert.deepEqual(await contentOf(mongo), await contentOf(old));
  });

  Deno.test("copy refuses a target that holds data, or half a copy of something else", async () => {
    await using places = await openPlaces(uri);
    const { old, next, third, mongo } = places;
    await places.copy(old, mongo);
    assert.match(reasonOf(await places.copy(old, mongo)), /is not empty \(1 in accounts\)/);
    await assert.rejects(copyUntil(mongo, next, 6), /killed/);
    assert.match(reasonOf(await places.copy(old, next)), /holds half a copy of mongodb:.*finish that one, or empty it/);
    assert.match(reasonOf(await places.copy(next, third)), /next is itself half a copy/);
    assert.match(reasonOf(await places.copy(third, mongo)), /is not empty/);
  });

  Deno.test("copy refuses a folder without data, and to copy a place onto itself", async () => {
    await using places = await openPlaces(uri);
    const { old, next, mongo } = places;
    assert.match(reasonOf(await places.copy(next, mongo)), /there is no moca\.db in .*next/);
    assert.match(reasonOf(await places.copy(old, old)), /both places are/);
    assert.match(reasonOf(await places.copy(mongo, `${mongo}?appName=x`)), /both places are/);
  });

  Deno.test("copy refuses while Moca works on either place, and says how to stop it", async () => {
    await using places = await openPlaces(uri);
    const { old, mongo } = places;
    const lock = await lockDataDir(old);
    await assert.rejects(places.copy(old, mongo), /another Moca runs on it/);
    await lock[Symbol.asyncDispose]();
    const db = await Database.open(mongo);
    const soon = new Date(Date.now() + 60_000);
    await db.rows("instances").insertOne({ _id: "i1", host: "shop-2", aliveUntil: soon });
    assert.match(reasonOf(await places.copy(old, mongo)), /Moca works on .* \(instance shop-2\): stop every instance/);
    await db.rows("instances").deleteMany({});
    await db.rows("envelopes").insertOne({ _id: "e", lease: { owner: "x", until: soon } });
    assert.match(reasonOf(await places.copy(mongo, places.next)), /\(a lease on envelopes\)/);
    await db.close();
  });

  Deno.test("copy refuses tokens that the key does not open, and tokens of several keys", async () => {
    const [key, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const accountOf = async (id: string, sealedBy: Uint8Array): Promise<ReturnType<typeof makeAccount>> => {
      const sealed = await (await makeSealer(sealedBy)).seal("token", id);
      return makeAccount({ id, token: { sealed, ending: "oken", savedAt: noon } });
    };
    await using places = await openPlaces(uri, async (store) => store.accounts.put(await accountOf("one", key), 0));
    const { old, mongo, next } = places;
    const wrong = reasonOf(await places.copy(old, mongo, { secretKey: other.toBase64() }));
    assert.match(wrong, /MOCA_SECRET_KEY does not open the access token of account one/);
    assert.equal((await places.copy(old, mongo, { secretKey: key.toBase64() })).kind, "whole");
    await withStore(old, async (store) => store.accounts.put(await accountOf("two", other), 0));
    assert.match(reasonOf(await places.copy(old, next)), /sealed with several keys/);
  });

  Deno.test("copy moves more than a page of everything", async () => {
    await using places = await openPlaces(uri, () => Promise.resolve());
    await using source = await openTransfer(places.old);
    await fillStore(source, { contacts: 700, messages: 1_500 });
    await source[Symbol.asyncDispose]();
    assert.equal((await places.copy(places.old, places.mongo)).kind, "whole");
    assert.equal((await places.copy(places.mongo, places.next)).kind, "whole");
  });
});

/** A copy that dies before its mark number `at` is set, when what the mark tells of is written already. */
async function copyUntil(from: string, to: string, at: number): Promise<CopyOutcome> {
  await using source = await openTransfer(from);
  await using target = await openTransfer(to);
  const dying = beforeWrite(target, (write) => {
    if (write === at) throw new Error("killed");
  });
  const sides = {
    from: { transfer: source, name: nameOf(from) },
    to: { transfer: dying, name: nameOf(to) },
  };
  return await copyStore({ ...sides, say: () => {}, signal: never });
}

/** As an instance would that goes on in spite of everything. */
function changeContact(dataDir: string): void {
  const db = new DatabaseSync(`${dataDir}/moca.db`);
  db.exec(`UPDATE contacts SET data = replace(data, 'Ada', 'Eve') WHERE id = 'shop_ada'`);
  db.close();
}
