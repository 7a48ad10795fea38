import assert from "node:assert/strict";
import { toAgreement } from "@/store/agreement.ts";
import type { DraftReview } from "@/store/records.ts";
import type { TurnResult } from "@/store/store.ts";

const at = new Date("2026-03-01T12:00:00Z");

function draft(topic: string | undefined, verdict?: DraftReview["verdict"]): TurnResult {
  const outcome = { kind: "drafted", reason: "r" } as const;
  const turn = { decidedAt: at, messageIds: [], outboundIds: [], outcome, ...(topic === undefined ? {} : { topic }) };
  return verdict === undefined ? turn : { ...turn, review: { verdict, by: "ana", at } };
}

Deno.test("toAgreement() counts what became of drafts by topic, and no other turns", () => {
  const replied = { ...draft("prices", "unchanged"), outcome: { kind: "replied", reason: "r" } } as const;
  const prices = [draft("prices", "unchanged"), draft("prices", "unchanged"), draft("prices", "edited")];
  const none = { unchanged: 0, edited: 0, discarded: 0, open: 0 };
  assert.deepEqual(toAgreement([draft(undefined, "discarded"), ...prices, replied, draft("hours")]), [
    { topic: "hours", ...none, open: 1 },
    { topic: "prices", ...none, unchanged: 2, edited: 1 },
    { ...none, discarded: 1 },
  ]);
});
