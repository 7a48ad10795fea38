/** The first account comes from the environment; what an operator enters later is not lost to it. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { enterFirstAccount } from "@/first_account.ts";
import { makeSealer } from "@/seal.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";
import { makeOperatorActions } from "@/backoffice/operator_actions.ts";
import type { Account } from "@/store/records.ts";

const given = { token: "token-of-the-environment", id: "17841400000000001" };
const instagram = { me: () => Promise.reject(new Error("not to be asked: the id is given")) };

async function openScene(): Promise<
  AsyncDisposable & {
    readonly enter: (token: string) => Promise<Account>;
    readonly save: (token: string) => Promise<unknown>;
    readonly tokenNow: () => Promise<string>;
  }
> {
  const { one: store, [Symbol.asyncDispose]: dispose } = await openTemporaryStore();
  const sealer = await makeSealer(new Uint8Array(32).fill(7));
  const actions = makeOperatorActions({ store, clock: systemClock, sealer, wake: () => {} });
  return {
    enter: (token) => enterFirstAccount({ account: { ...given, token }, store, sealer, instagram, clock: systemClock }),
    save: (token) => actions.saveToken(given.id, token, "eva"),
    tokenNow: async () => {
      const account = await store.accounts.get(given.id);
      return await sealer.open(account?.token?.sealed ?? "", given.id);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

Deno.test("a token entered in Settings survives a restart with the old one still in the environment", async () => {
  await using scene = await openScene();
  await scene.enter(given.token);
  await scene.save("token-of-the-settings-page");
  await scene.enter(given.token);
  assert.equal(await scene.tokenNow(), "token-of-the-settings-page");
});

Deno.test("a new token in the environment is taken at the next start", async () => {
  await using scene = await openScene();
  await scene.enter(given.token);
  await scene.enter("another-token-of-the-environment");
  assert.equal(await scene.tokenNow(), "another-token-of-the-environment");
});

Deno.test("an account is entered once, and its token is not readable in the store", async () => {
  await using scene = await openScene();
  const first = await scene.enter(given.token);
  const second = await scene.enter(given.token);
  assert.equal(second.ver, first.ver + 1);
  assert.ok(!JSON.stringify(second).includes(given.token));
});
