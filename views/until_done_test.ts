import assert from "node:assert/strict";
import { type CaseJob, caseRun } from "@views/cases.ts";
import { renderFragment } from "@views/html.ts";
import { translator } from "@views/i18n.ts";
import { rewindRegion } from "@views/rewind.ts";
import type { Ui } from "@views/ui.ts";

const ui: Ui = {
  locale: "en",
  t: translator("en"),
  timeZone: "UTC",
  now: new Date("2026-11-24T12:00:00Z"),
  csrf: "",
  role: "admin",
  operator: "admin",
};

function caseRegion(state: CaseJob["state"]): string {
  return renderFragment(caseRun(ui, { state, version: "3f9a", total: 2, runs: [] }));
}

function rewindOf(state: "running" | "done"): string {
  const counts = { turns: 0, skipped: 0, same: 0, changed: 0, model: { asked: 0, tokens: 0, budget: 0 } };
  const run = { id: "r1", state, days: 7, version: "3f9a", startedAt: ui.now, progress: 0, ...counts };
  return renderFragment(rewindRegion(ui, { run, changes: [], page: 1, pages: 1 }));
}

Deno.test("cases and a rewind are asked after for as long as they run, and no longer", () => {
  for (const region of [caseRegion, rewindOf]) {
    assert.match(region("running"), /^<div id="\w+" hx-get="[^"]+" hx-trigger="every 1s" hx-swap="outerMorph">/);
    assert.doesNotMatch(region("done"), /hx-/);
  }
});
