import assert from "node:assert/strict";
import { makeSealer, SealError } from "@/seal.ts";

const key = new Uint8Array(32).fill(1);
const otherKey = new Uint8Array(32).fill(2);
const token = "IGAAsecret-token ✓";

Deno.test("open() gives back what seal() was given", async () => {
  const sealer = await makeSealer(key);
  assert.equal(await sealer.open(await sealer.seal(token, "1784"), "1784"), token);
});

Deno.test("seal() shows nothing of the secret and never repeats itself (C26)", async () => {
  const sealer = await makeSealer(key);
  const [one, two] = [await sealer.seal(token, "1784"), await sealer.seal(token, "1784")];
  assert.notEqual(one, two);
  assert.ok(!one.includes("IGAA"));
});

Deno.test("open() refuses a text that was sealed for another account", async () => {
  const sealer = await makeSealer(key);
  const sealed = await sealer.seal(token, "1784");
  await assert.rejects(sealer.open(sealed, "1785"), SealError);
});

Deno.test("open() names the key that is missing when the key was changed", async () => {
  const sealed = await (await makeSealer(key)).seal(token, "1784");
  const sealer = await makeSealer(otherKey);
  await assert.rejects(sealer.open(sealed, "1784"), { name: "SealError", message: /sealed with key [0-9a-f]{8}/ });
});

Deno.test("open() reads what an earlier key sealed when both are given", async () => {
  const sealed = await (await makeSealer(key)).seal(token, "1784");
  const sealer = await makeSealer([otherKey, key]);
  assert.equal(await sealer.open(sealed, "1784"), token);
});

for (const damaged of ["", "v1.x", "v2.a.b.c", "plain token"]) {
  Deno.test(`open() refuses "${damaged}", which no sealer made`, async () => {
    await assert.rejects((await makeSealer(key)).open(damaged, "1784"), SealError);
  });
}

Deno.test("open() refuses a text of which one letter was changed", async () => {
  const sealer = await makeSealer(key);
  const sealed = await sealer.seal(token, "1784");
  const at = sealed.length - 10;
  const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
  await assert.rejects(sealer.open(changed, "1784"), SealError);
});

Deno.test("makeSealer() refuses a key that has not 32 bytes", async () => {
  await assert.rejects(makeSealer(new Uint8Array(16)), { name: "RangeError", message: /16 bytes, 32 are wanted/ });
});
