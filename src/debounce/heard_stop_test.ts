import assert from "node:assert/strict";
import { defaultSettings } from "@/conversation/settings.ts";
import { heardStop } from "@/debounce/heard_stop.ts";
import { makeMessage } from "@/store/testing/factories.ts";
import type { Message } from "@/store/records.ts";

function heard(...messages: readonly Partial<Message>[]): string | undefined {
  return heardStop(messages.map((patch, index) => makeMessage({ id: `m${index}`, ...patch })), defaultSettings);
}

Deno.test("heardStop() hears a message that says only the word, alone or in a burst", () => {
  assert.equal(heard({ text: "STOP!" }), "stop");
  assert.equal(heard({ text: "hola" }, { text: "baja" }, { text: "gracias" }), "baja");
});

Deno.test("heardStop() hears nothing in a sentence, in a text taken back and in Meta's test event", () => {
  assert.equal(heard({ text: "can you stop by the shop?" }), undefined);
  assert.equal(heard({ text: "stop", unsentAt: new Date() }), undefined);
  assert.equal(heard({ text: "stop", test: true }), undefined);
  assert.equal(heard({ text: undefined }), undefined);
});
