import assert from "node:assert/strict";
import { type Change, startChange } from "@/conversation/aggregate.ts";
import { changeContact, changeConversation } from "@/conversation/operator.ts";
import { defaultSettings } from "@/conversation/settings.ts";
import { undoChange } from "@/conversation/undo.ts";
import { afterNoon, type AggregatePatch, makeAggregate, noon } from "@/store/testing/factories.ts";

const options = { operator: "ada", settings: defaultSettings, now: noon };
type Step = (change: Change) => Change;

/** What the step changed and taking it back, one commit after the other. */
function thereAndBack(
  patch: AggregatePatch,
  step: Step,
  between: Step = (change) => change,
): ReturnType<typeof undoChange> {
  const changed = step(startChange(makeAggregate(patch)));
  const [entry] = changed.audit;
  assert.ok(entry);
  return undoChange(between(startChange(changed.next)), entry, options);
}

function valuesOf(outcome: ReturnType<typeof undoChange>): unknown[] {
  assert.ok(outcome.kind === "undone");
  const { conversation, contact } = outcome.change.next;
  return [conversation.state, conversation.handler.kind, conversation.assignee, contact.tags];
}

const steps: Readonly<Record<string, Step>> = {
  "marking it done": (change) => changeConversation(change, { state: "closed" }, options),
  "taking over": (change) => changeConversation(change, { handler: "person" }, options),
  "assigning it": (change) => changeConversation(change, { assignee: "grace" }, options),
  "tags": (change) => changeContact(change, { tags: ["vip", "late"] }, options),
};

for (const [name, step] of Object.entries(steps)) {
  Deno.test(`undoChange() takes back ${name}, and writes who did`, () => {
    const outcome = thereAndBack({ contact: { tags: ["vip"] } }, step);
    assert.deepEqual(valuesOf(outcome), ["open", "bot", undefined, ["vip"]]);
    assert.deepEqual(outcome.kind === "undone" && outcome.change.audit.map(({ actor }) => actor), ["ada"]);
  });
}

Deno.test("undoChange() gives a conversation back to the person who had it, until when they had it", () => {
  const until = afterNoon(3_600_000);
  const handler = { kind: "person", since: noon, until, by: "ada", reason: "answered", needed: false } as const;
  const outcome = thereAndBack(
    { conversation: { handler, assignee: "ada" } },
    (change) => changeConversation(change, { handler: "bot", assignee: null }, options),
  );
  assert.ok(outcome.kind === "undone");
  const { handler: now, assignee } = outcome.change.next.conversation;
  assert.deepEqual([now.kind, now.kind === "person" && now.until, assignee], ["person", until, "ada"]);
});

Deno.test("undoChange() changes nothing when somebody has changed it since, or when nothing was changed", () => {
  const done: Step = (change) => changeConversation(change, { state: "closed" }, options);
  const reopened: Step = (change) => changeConversation(change, { state: "open" }, options);
  assert.equal(thereAndBack({}, done, reopened).kind, "gone");
  assert.equal(thereAndBack({}, reopened).kind, "gone");
});
