import assert from "node:assert/strict";
import { openFixture } from "@/backoffice/testing/fixture.ts";
import { QuietPhone } from "@/backoffice/testing/quiet_phone.ts";
import { accountId, seedAccount } from "@/backoffice/testing/seed.ts";
import type { Settings } from "@/conversation/settings.ts";
import { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import type { CaseDifference } from "@/simulator/cases/case_runner.ts";
import type { Simulation, SimulationStep } from "@/store/records.ts";

const noon = new Date("2026-11-20T12:00:00Z");

interface Wish {
  readonly says: readonly (string | Partial<SimulationStep["says"][number]>)[];
  /** Seconds after noon. Default 0. */
  readonly at?: number;
  readonly faults?: readonly string[];
  readonly expected?: Partial<SimulationStep["expected"]>;
}

const answered = { outcome: "replied", by: "rule:prices", contains: "From $20.", arrived: 1 } as const;

function makeCase(wishes: readonly Wish[]): Simulation {
  const steps = wishes.map(({ says, at = 0, faults, expected }): SimulationStep => ({
    at: new Date(noon.getTime() + at * 1_000),
    says: says.map((said) => ({
      kind: "text",
      attachments: [],
      ...(typeof said === "string" ? { text: said } : said),
    })),
    ...(faults === undefined ? {} : { faults }),
    expected: { ...answered, ...expected },
  }));
  return { id: "c1", accountId, name: "case", contact: { name: "Lucía" }, steps, savedAt: noon, savedBy: "admin" };
}

/** Plays the case with a rule that answers what costs something; undefined: it passed. */
async function differenceOf(
  wishes: readonly Wish[],
  settings: Partial<Settings> = {},
): Promise<CaseDifference | undefined> {
  await using fixture = await openFixture({ simulator: new QuietPhone(accountId, []) });
  await seedAccount(fixture.store, settings);
  const { cases } = fixture.deps;
  assert.equal(cases?.start([makeCase(wishes)]), "started");
  await cases?.ended();
  assert.equal(cases?.last?.state, "done");
  return cases?.last?.runs[0]?.difference;
}

Deno.test("a burst with gaps is one turn, and its answer arrives once although the webhook comes twice", async () => {
  const says = ["hi", { text: "the price?", afterMs: 2_000 }, { text: "please", afterMs: 2_000 }];
  assert.equal(await differenceOf([{ says, faults: ["duplicate"] }]), undefined);
});

Deno.test("webhooks in the wrong order make one turn with one answer", async () => {
  assert.equal(await differenceOf([{ says: ["hi", "the price?"], faults: ["outOfOrder"] }]), undefined);
});

Deno.test("an answer arrives once through a 429, a broken server and an answer that never came", async () => {
  for (const fault of ["http429", "serverError", "timeout", "timeoutApplied"]) {
    assert.equal(await differenceOf([{ says: ["the price?"], faults: [fault] }]), undefined, fault);
  }
});

Deno.test("no answer arrives in a closed window or with a token that is refused", async () => {
  for (const fault of ["windowClosed", "tokenExpired"]) {
    const difference = await differenceOf([{ says: ["the price?"], faults: [fault] }]);
    assert.deepEqual(difference, { step: 1, what: "arrived", expected: 1, actual: 0 }, fault);
  }
});

Deno.test("the pause between two steps passes: a question within the cooldown and one after a day", async () => {
  const second = { says: ["the price of two?"], at: 24 * 3_600 };
  assert.equal(await differenceOf([{ says: ["the price?"] }, second]), undefined);
});

Deno.test("a story that is answered, a picture and a button are played as what they were", async () => {
  const says = [
    { kind: "storyReply", text: "the price?", replyTo: { story: { id: "s1", url: "https://cdn.example/s.jpg" } } },
    { kind: "media", attachments: [{ type: "image", url: "https://cdn.example/x.jpg" }] },
    { kind: "quickReply", text: "Size M", payload: "m" },
  ] as const;
  assert.equal(await differenceOf([{ says }]), undefined);
});

Deno.test("a case says at which step it went otherwise", async () => {
  const steps = [{ says: ["the price?"] }, { says: ["hello"], at: 600 }];
  const difference = await differenceOf(steps);
  assert.deepEqual(difference, { step: 2, what: "outcome", expected: "replied", actual: "handedOff" });
  const off = await differenceOf(steps, { botEnabled: false });
  assert.deepEqual(off, { step: 1, what: "outcome", expected: "replied", actual: "silent" });
});

Deno.test("cases run one after the other, one job at a time, and stop when somebody cancels", async () => {
  const gate = Promise.withResolvers<void>();
  const jobs = new CaseJobs({ run: async (simulation) => (await gate.promise, { simulation }) }, () => "v1");
  const both = [makeCase([]), makeCase([])];
  assert.equal(jobs.start(both), "started");
  assert.equal(jobs.start(both), "busy");
  jobs.cancel();
  gate.resolve();
  await jobs.ended();
  assert.deepEqual([jobs.last?.state, jobs.last?.runs.length, jobs.last?.total], ["cancelled", 1, 2]);
  assert.equal(jobs.start(both), "started");
  await jobs.ended();
  assert.deepEqual([jobs.last?.state, jobs.last?.runs.length], ["done", 2]);
});

Deno.test("a run that breaks says so, and the next one can begin", async () => {
  const jobs = new CaseJobs({ run: () => Promise.reject(new Error("the disk is full")) }, () => "v1");
  jobs.start([makeCase([])]);
  await jobs.ended();
  assert.equal(jobs.last?.state, "failed");
  assert.equal(jobs.start([makeCase([])]), "started");
  await jobs.ended();
});
