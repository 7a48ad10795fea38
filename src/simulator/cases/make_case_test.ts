import assert from "node:assert/strict";
import { makeSteps } from "@/simulator/cases/make_case.ts";
import type { Message, SimulationStep } from "@/store/records.ts";
import { makeMessage, makeTurn } from "@/store/testing/factories.ts";
import { noon } from "@/conversation/testing.ts";

const at = (seconds: number): Date => new Date(noon.getTime() + seconds * 1_000);

const asked = makeMessage({ mid: "q", text: "the price?", at: at(0) });
const answer = makeMessage({ mid: "a", role: "assistant", author: "bot", text: "From $20.", at: at(5) });
const turn = makeTurn({
  messageIds: [asked.id],
  decidedAt: at(4),
  outcome: { kind: "replied", reason: "", by: "rule:prices", texts: ["From $20."] },
});

/** What the contact does to a message so many seconds after noon. */
function deed(
  kind: "edit" | "unsend" | "reaction",
  refMid: string,
  seconds: number,
  more: Partial<Message> = {},
): Message {
  const fields = { kind, refMid, role: "system", text: undefined, at: at(seconds), ...more } as const;
  return { ...makeMessage(fields), id: `${kind}:${refMid}:${seconds}` };
}

function saysOf(messages: readonly Message[]): SimulationStep["says"] | undefined {
  return makeSteps({ turns: [turn], messages, mishaps: [] }, { withWords: false })[0]?.says;
}

Deno.test("a reaction to an answer stands at its place in the step, with its pause", () => {
  const reaction = { action: "react", emoji: "❤" };
  assert.deepEqual(saysOf([asked, answer, deed("reaction", "a", 60, { reaction })]), [
    { kind: "text", text: "the price?", attachments: [] },
    { kind: "reaction", attachments: [], reaction, about: { author: "bot", place: 0 }, afterMs: 60_000 },
  ]);
});

Deno.test("an edited message is said with the words of its first edit, and each edit follows", () => {
  const edited = { ...asked, text: "third" };
  const edits = [
    deed("edit", "q", 2, { text: "third", editNumber: 2 }),
    deed("edit", "q", 1, { text: "second", editNumber: 1 }),
  ];
  const says = saysOf([edited, ...edits]);
  assert.deepEqual(says?.map(({ kind, text, afterMs }) => [kind, text, afterMs]), [
    ["text", "second", undefined],
    ["edit", "second", 1_000],
    ["edit", "third", 1_000],
  ]);
});

Deno.test("what was taken back before the decision is said without words and taken back again", () => {
  const gone = { ...asked, text: undefined, unsentAt: at(2) };
  assert.deepEqual(saysOf([gone, deed("unsend", "q", 2)]), [
    { kind: "text", attachments: [] },
    { kind: "unsend", attachments: [], about: { author: "contact", place: 0 }, afterMs: 2_000 },
  ]);
});

Deno.test("a turn that read what was taken back later is no step: its words are gone", () => {
  assert.equal(saysOf([{ ...asked, text: undefined, unsentAt: at(60) }, answer, deed("unsend", "q", 60)]), undefined);
});

Deno.test("a sign on a message that is in no step is left out", () => {
  const typed = makeMessage({ mid: "o", role: "assistant", author: "operator", at: at(8) });
  assert.equal(saysOf([asked, answer, typed, deed("reaction", "o", 9)])?.length, 1);
});

Deno.test("of a burst that was decided on again the last decision is the step", () => {
  const more = makeMessage({ mid: "q2", text: "for two", at: at(3) });
  const again = { ...turn, id: "again", number: 2, messageIds: [asked.id, more.id] };
  const steps = makeSteps({ turns: [again, turn], messages: [asked, more], mishaps: [] }, { withWords: false });
  assert.deepEqual(steps.map(({ says }) => says.map(({ text }) => text)), [["the price?", "for two"]]);
});
