import assert from "node:assert/strict";
import { oneCall, type PuppetAnswer } from "@tests/support/puppet_model.ts";
import { askPuppet, outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { makeMessage, noon, type RequestPatch } from "@/agent/testing/make_request.ts";
import type { Attachment } from "@/store/records.ts";

const hello = oneCall("reply", { messages: ["Nice!"] });
const url = "https://cdn.example/a.jpg";

function withAttachments(seesPictures: boolean, ...attachments: readonly Attachment[]): RequestPatch {
  return { settings: { seesPictures }, messages: [makeMessage({ id: "1", kind: "media", attachments })] };
}

async function shown(patch: RequestPatch, script: readonly PuppetAnswer[] = [hello]): Promise<string> {
  const { requests } = await askPuppet(script, patch);
  return JSON.stringify(requests.at(-1)?.body.messages.at(-1));
}

Deno.test("a picture is passed on to a model that can see, and named in the burst", async () => {
  const message = await shown(withAttachments(true, { type: "image", url }));
  assert.match(message, /picture 1, which you are shown/);
  assert.ok(message.includes(`"image_url":{"url":"${url}"}`));
});

Deno.test("a picture is said not to be seen where the account does not say that the model can see", async () => {
  const message = await shown(withAttachments(false, { type: "image", url }));
  assert.match(message, /a picture that cannot be seen/);
  assert.ok(!message.includes(url));
});

Deno.test("nothing but pictures over https is passed on, and none that was taken back", async () => {
  const others = await shown(withAttachments(
    true,
    { type: "audio", url },
    { type: "image", url: "http://cdn.example/a.jpg" },
    { type: "image", url: "file:///etc/passwd" },
  ));
  assert.doesNotMatch(others, /image_url/);
  assert.match(others, /a voice message that cannot be heard/);
  const taken = makeMessage({ id: "1", attachments: [{ type: "image", url }], unsentAt: noon });
  assert.doesNotMatch(await shown({ settings: { seesPictures: true }, messages: [taken] }), /image_url/);
});

Deno.test("a provider that takes no pictures is asked once more without them", async () => {
  const script: PuppetAnswer[] = [{ kind: "raw", status: 400, body: "{}" }, hello];
  const patch = withAttachments(true, { type: "image", url });
  assert.match(await shown(patch, script), /a picture that cannot be seen/);
  assert.equal(outcomeOf((await askPuppet(script, patch)).result), "reply: Nice!");
  assert.match(outcomeOf((await askPuppet(script.slice(0, 1), patch)).result), /^failed: .*400/);
});
