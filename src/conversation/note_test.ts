import assert from "node:assert/strict";
import { startChange } from "@/conversation/aggregate.ts";
import { isContent } from "@/conversation/event.ts";
import { addNote } from "@/conversation/note.ts";
import { makeAggregate, noon } from "@/store/testing/factories.ts";

const note = { text: "She wants it by Friday", commandId: "c1", bodyHash: "h" };

Deno.test("addNote() keeps the note with its writer and touches nothing else of the conversation", () => {
  const base = makeAggregate();
  const { change, messageId } = addNote(startChange(base), note, { operator: "ada", now: noon });
  const [written] = change.messages;
  assert.equal(written?.id, messageId);
  assert.deepEqual([written?.kind, written?.text, written?.operator], ["note", note.text, "ada"]);
  assert.deepEqual(change.next.conversation, { ...base.conversation, updatedAt: noon });
  assert.deepEqual([change.next.debounce, change.next.outbound], [base.debounce, base.outbound]);
  assert.deepEqual(change.audit.map(({ actor, action, changes }) => [actor, action, changes]), [[
    "ada",
    "note.add",
    {},
  ]]);
});

Deno.test("a note is nothing that a rule, the model or Instagram is shown", () => {
  const { change } = addNote(startChange(makeAggregate()), note, { operator: "ada", now: noon });
  const [written] = change.messages;
  assert.equal(written?.role, "system");
  assert.equal(isContent(written.kind), false);
  assert.deepEqual(change.next.outbound, []);
});
