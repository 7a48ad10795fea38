/** A conversation lived at random: whatever happens in whatever order, the promises hold after every commit. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { handlerAt } from "@/conversation/handler.ts";
import { actOnItem, changeContact, changeConversation, sendManually } from "@/conversation/operator.ts";
import { isChanged } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import { headItem, threadGapMs } from "@/conversation/outbound_items.ts";
import {
  beginSend,
  type Finding,
  recordSend,
  sendGate,
  type SendResult,
  settleSend,
  stopItem,
  timeOutSend,
} from "@/conversation/send.ts";
import { echoEvent, editEvent, Ledger, noon, textEvent, unsendEvent } from "@/conversation/testing.ts";
import { abandonTurn, type Decision, retryTurn, turnId } from "@/conversation/turn.ts";
import { isTooLate, noticeDueAt, windowMarginMs } from "@/conversation/window.ts";
import type { OutboundItem } from "@/store/records.ts";

/** One thing that happens, `wait` milliseconds after the one before. `pick` chooses what it happens to. */
interface Happening {
  readonly what: keyof typeof happenings;
  readonly wait: number;
  readonly pick: number;
}

class Life {
  readonly ledger = new Ledger();
  now = noon;
  #texts = 0;
  #snapshots: string[] = [];
  /** The attempts whose results may still come, also those that nobody waits for. */
  readonly posts: { itemId: string; attempt: number }[] = [];
  /** What happened to each item in the order of commits. */
  readonly begun = new Set<string>();
  readonly retried = new Set<string>();
  readonly committedAt = new Map<string, number>();
  lastContentAt = 0;
  commits = 0;

  get options(): { operator: string; settings: Ledger["settings"]; now: Date } {
    return { operator: "ana", settings: this.ledger.settings, now: this.now };
  }

  write(): void {
    this.#texts += 1;
    this.lastContentAt = this.commits;
    this.ledger.receive([textEvent(`m${this.#texts}`, { at: this.now })], this.now);
  }

  midOf(pick: number): string {
    return `m${1 + pick % Math.max(1, this.#texts)}`;
  }

  begin(): void {
    const id = `s${this.commits}`;
    this.ledger.begin(id, this.now);
    if (this.ledger.aggregate.debounce.snapshot?.id === id) this.#snapshots.push(id);
  }

  snapshotOf(pick: number): string {
    return this.#snapshots.at(-1 - pick % 2) ?? "none";
  }

  decide(pick: number, decision: Decision): void {
    const outcome = this.ledger.decide(this.snapshotOf(pick), decision, this.now);
    if (outcome.kind === "committed") this.committedAt.set(outcome.change.turns[0]?.id ?? "", this.commits);
  }

  /** Does with the head of the queue what the sender does: gate, then intent. */
  send(): void {
    const head = headItem(this.ledger.aggregate.outbound);
    if (head === undefined || head.state !== "queued") return;
    const change = this.ledger.start();
    const gate = sendGate(change, head, this.ledger.settings, this.now);
    if (gate.kind !== "go") return this.ledger.commit(stopItem(change, head, gate, this.now));
    const begun = beginSend(change, head.id, { now: this.now, requestMs: 15_000 });
    if (begun === undefined) return;
    this.#assertMayBegin(head);
    this.ledger.commit(begun);
    this.begun.add(head.id);
    this.posts.push({ itemId: head.id, attempt: head.attempt + 1 });
  }

  #assertMayBegin(item: OutboundItem): void {
    const { conversation, contact, outbound } = this.ledger.aggregate;
    assert.ok(outbound.every(({ state }) => state !== "sending" && state !== "uncertain"), "two in flight (C9)");
    const { origin, seq } = item;
    const isAfterSent = origin.kind === "followUp" || origin.part === 1 || this.ledger.item(seq - 1).state === "sent";
    assert.ok(isAfterSent, "a part overtook the part before it (C9)");
    if (origin.kind !== "turn") return;
    assert.equal(handlerAt(conversation, this.now).kind, "bot", "begun after a person took over (C13)");
    assert.ok(!contact.optOut && !contact.neverBot && this.ledger.settings.botEnabled, "begun though muted (C13)");
    assert.ok(conversation.windowClosesAt && addMs(this.now, windowMarginMs) < conversation.windowClosesAt, "C11");
    this.#assertFresh(item, origin.turnId);
  }

  #assertFresh(item: OutboundItem, id: string): void {
    const isFirstIntent = item.origin.kind === "turn" && item.origin.part === 1 && item.attempt === 0 &&
      !this.retried.has(item.id);
    const wroteOn = this.lastContentAt > (this.committedAt.get(id) ?? Infinity);
    const forced = this.ledger.turns.get(id)?.forced === true;
    assert.ok(!isFirstIntent || !wroteOn || forced, "an answer left that knew less than the conversation (C12)");
  }

  record(pick: number, result: SendResult): void {
    const post = this.posts.at(-1 - pick % 3);
    if (post === undefined) return;
    const item = this.ledger.items.get(post.itemId);
    const options = { ...post, rows: [], settings: this.ledger.settings, now: this.now };
    const change = recordSend(this.ledger.start(), result, options);
    const isAwaited = item?.attempt === post.attempt && (item.state === "sending" || item.state === "uncertain");
    assert.equal(change !== undefined, isAwaited, "a stale result counted, or a fresh one did not");
    this.ledger.commit(change);
  }

  itemOf(pick: number): OutboundItem | undefined {
    const { outbound } = this.ledger.aggregate;
    return pick % 2 === 0 ? headItem(outbound) : outbound[pick % Math.max(1, outbound.length)];
  }

  act(pick: number, action: "retry" | "discard" | "cancel"): void {
    const item = this.itemOf(pick);
    const outcome = item && actOnItem(this.ledger.start(), item, action, this.options);
    if (outcome?.kind !== "done") return;
    this.ledger.commit(outcome.change);
    if (action === "retry" && item !== undefined) this.retried.add(item.id);
  }
}

const error = { message: "Instagram answered 500", status: 500 };

const happenings = {
  write: (life: Life) => life.write(),
  edit: (life: Life, pick: number) => life.ledger.receive([editEvent(life.midOf(pick), 1 + pick % 3)], life.now),
  unsend: (life: Life, pick: number) => life.ledger.receive([unsendEvent(life.midOf(pick))], life.now),
  typedInApp: (life: Life, pick: number) => life.ledger.receive([echoEvent(`e${pick}`, { at: life.now })], life.now),
  echo: (life: Life, pick: number) => {
    const item = life.itemOf(pick);
    if (item === undefined) return;
    life.ledger.receive([echoEvent(`x${item.id}`, { text: item.text, at: life.now })], life.now);
  },
  begin: (life: Life) => life.begin(),
  reply: (life: Life, pick: number) => {
    const texts = ["one", "two", "three"].slice(0, 1 + pick % 3).map((text) => `${text} at ${life.commits}`);
    life.decide(pick, { kind: "reply", texts, reason: "asked", by: "agent" });
  },
  silence: (life: Life, pick: number) => life.decide(pick, { kind: "silence", reason: "thanks", by: "agent" }),
  handOff: (life: Life, pick: number) => life.decide(pick, { kind: "handOff", reason: "angry", by: "agent" }),
  defer: (life: Life, pick: number) =>
    life.decide(pick, { kind: "defer", until: addMs(life.now, pick), reason: "closed", by: "rule:hours" }),
  retryTurn: (life: Life, pick: number) => {
    const retryAt = addMs(life.now, 5_000);
    life.ledger.commit(
      retryTurn(life.ledger.start(), { snapshotId: life.snapshotOf(pick), retryAt, reason: "no model" }),
    );
  },
  abandon: (life: Life, pick: number) => {
    const { settings } = life.ledger;
    life.ledger.commit(
      abandonTurn(life.ledger.start(), { snapshotId: life.snapshotOf(pick), settings, now: life.now }),
    );
  },
  send: (life: Life) => life.send(),
  sent: (life: Life, pick: number) => life.record(pick, { kind: "sent", mid: `sent${life.commits}` }),
  throttled: (life: Life, pick: number) =>
    life.record(pick, { kind: "retry", at: addMs(life.now, 1_000), spent: pick % 2 === 0, error }),
  refused: (life: Life, pick: number) => life.record(pick, { kind: "failed", reason: "gone", error }),
  uncertain: (life: Life, pick: number) =>
    life.record(pick, { kind: "uncertain", settleAt: addMs(life.now, 60_000), error }),
  timeOut: (life: Life, pick: number) => {
    const item = life.itemOf(pick);
    if (item) life.ledger.commit(timeOutSend(life.ledger.start(), item, { now: life.now, settleMs: 60_000 }));
  },
  settle: (life: Life, pick: number) => {
    const item = life.itemOf(pick);
    const findings: readonly Finding[] = [
      { kind: "delivered", mid: `read${life.commits}`, at: life.now },
      { kind: "absent" },
      { kind: "several" },
      { kind: "unreadable", retryAt: addMs(life.now, 1_000), message: "500" },
    ];
    const finding = findings[pick % findings.length];
    if (item === undefined || finding === undefined) return;
    const { settings } = life.ledger;
    life.ledger.commit(settleSend(life.ledger.start(), item, finding, { rows: [], settings, now: life.now }));
  },
  takeOver: (life: Life) =>
    life.ledger.commit(changeConversation(life.ledger.start(), { handler: "person" }, life.options)),
  handBack: (life: Life) =>
    life.ledger.commit(changeConversation(life.ledger.start(), { handler: "bot" }, life.options)),
  answerByHand: (life: Life, pick: number) => {
    const message = { texts: ["by", "hand"].slice(pick % 2), commandId: `c${life.commits}`, bodyHash: "h" };
    const sent = sendManually(life.ledger.start(), message, life.options);
    if (sent.kind === "queued") life.ledger.commit(sent.change);
  },
  optOut: (life: Life, pick: number) =>
    life.ledger.commit(changeContact(life.ledger.start(), { optOut: pick % 2 === 0 }, life.options)),
  neverBot: (life: Life, pick: number) =>
    life.ledger.commit(changeContact(life.ledger.start(), { neverBot: pick % 2 === 0 }, life.options)),
  switchBot: (life: Life, pick: number) => {
    life.ledger.settings = { ...life.ledger.settings, botEnabled: pick % 3 !== 0 };
  },
  retry: (life: Life, pick: number) => life.act(pick, "retry"),
  discard: (life: Life, pick: number) => life.act(pick, "discard"),
  cancel: (life: Life, pick: number) => life.act(pick, "cancel"),
  nothing: () => {},
} as const satisfies Record<string, (life: Life, pick: number) => void>;

const busy = ["write", "write", "begin", "begin", "reply", "reply", "send", "send", "send", "sent", "sent"] as const;
const doubt = ["send", "uncertain", "timeOut", "settle", "settle", "echo"] as const;
const what = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...busy) },
  { weight: 2, arbitrary: fc.constantFrom(...doubt) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(happenings) as (keyof typeof happenings)[]) },
);
const wait = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(20_000, 45_000, 3_600_000, 13 * 3_600_000, 24 * 3_600_000) },
);
const lives: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({ what, wait, pick: fc.nat({ max: 1_000 }) }),
  { minLength: 10, maxLength: 150, size: "max" },
);

function live(happened: readonly Happening[], check: (life: Life) => void): Life {
  const life = new Life();
  for (const { what, wait, pick } of happened) {
    life.now = addMs(life.now, wait);
    life.commits += 1;
    happenings[what](life, pick);
    check(life);
  }
  return life;
}

function assertAlways(check: (life: Life) => void): void {
  fc.assert(fc.property(lives, (happened) => void live(happened, check)), { numRuns: 1_000 });
}

/** Turns that stand: one that was taken back is decided anew under the same number. */
function standingTurns({ ledger }: Life): readonly { id: string; messageIds: readonly string[] }[] {
  return [...ledger.turns.values()].filter(({ number }) => number < ledger.aggregate.conversation.nextTurn);
}

Deno.test("a conversation puts every message in exactly one place: one turn, or what waits (C6)", () => {
  assertAlways((life) => {
    const { debounce } = life.ledger.aggregate;
    const placed = [
      ...standingTurns(life).flatMap(({ messageIds }) => messageIds),
      ...debounce.pending.map(({ messageId }) => messageId),
    ];
    const written = [...life.ledger.messages.values()].filter(({ role }) => role === "user").map(({ id }) => id);
    assert.deepEqual(placed.sort(), written.sort());
  });
});

Deno.test("a conversation numbers its turns without gaps, and each message row names its turn", () => {
  assertAlways((life) => {
    const turns = standingTurns(life);
    const { id, nextTurn } = life.ledger.aggregate.conversation;
    assert.deepEqual(
      turns.map((turn) => turn.id).sort(),
      Array.from({ length: nextTurn - 1 }, (_, index) => turnId(id, index + 1)).sort(),
    );
    for (const turn of turns) {
      for (const messageId of turn.messageIds) assert.equal(life.ledger.messages.get(messageId)?.turnId, turn.id);
    }
  });
});

Deno.test("a conversation is never stuck: what waits is due at some instant, what is idle is not (C18)", () => {
  assertAlways((life) => {
    const { debounce } = life.ledger.aggregate;
    assert.equal(debounce.pending.length > 0, debounce.dueAt !== undefined);
  });
});

Deno.test("dueAt always says when the queue must look again, and nothing when it need not", () => {
  assertAlways((life) => {
    const { conversation, outbound } = life.ledger.aggregate;
    const inFlight = outbound.find(({ state }) => state === "sending" || state === "uncertain");
    const waiting = outbound.filter(({ state }) => state === "queued")[0];
    const gapEnds = (conversation.lastSendAt?.getTime() ?? -Infinity) + threadGapMs;
    const dueAt = inFlight
      ? (inFlight.state === "sending" ? inFlight.deadlineAt : inFlight.settleAt)?.getTime()
      : waiting && Math.max(gapEnds, waiting.notBefore.getTime());
    // What would leave after the window's end is looked at sooner, so that people are told.
    const isLate = waiting !== undefined && dueAt !== undefined && isTooLate(conversation, new Date(dueAt));
    const noticeAt = isLate && inFlight === undefined ? noticeDueAt(conversation)?.getTime() ?? Infinity : Infinity;
    assert.equal(conversation.dueAt?.getTime(), dueAt && Math.min(dueAt, noticeAt));
  });
});

Deno.test("sends keep their order, their gates and their numbers whatever happens (C9, C11, C12, C13)", () => {
  assertAlways((life) => {
    for (const { attempt, attempts } of life.ledger.items.values()) {
      assert.deepEqual(attempts.map(({ number }) => number), Array.from({ length: attempt }, (_, index) => index + 1));
    }
  });
});

Deno.test("an item that was sent, and one that was cancelled, never changes again", () => {
  const ended = new WeakMap<Life, Map<string, OutboundItem>>();
  assertAlways((life) => {
    const known = ended.get(life) ?? new Map<string, OutboundItem>();
    ended.set(life, known);
    for (const [id, item] of life.ledger.items) {
      if (known.has(id)) assert.equal(item, known.get(id));
      if (item.state === "sent" || item.state === "cancelled") known.set(id, item);
    }
  });
});

Deno.test("settling, timing out or stopping an item that has moved on changes nothing", () => {
  assertAlways(({ ledger, now }) => {
    for (const item of ledger.aggregate.outbound) {
      const old = { ...item, attempt: item.attempt - 1 };
      const options = { rows: [], settings: ledger.settings, now };
      const stop = { kind: "cancelled", reason: "late" } as const;
      assert.ok(!isChanged(settleSend(ledger.start(), old, { kind: "absent" }, options)));
      assert.ok(!isChanged(timeOutSend(ledger.start(), old, { now, settleMs: 1 })));
      assert.ok(!isChanged(stopItem(ledger.start(), old, stop, now)));
    }
  });
});

Deno.test("the random lives reach every end of an item and of a turn", () => {
  const reached = new Set<string>();
  for (const happened of fc.sample(lives, { numRuns: 1_000, seed: 7 })) {
    const { ledger } = live(happened, () => {});
    for (const { state } of ledger.items.values()) reached.add(state);
    for (const { outcome, forced } of ledger.turns.values()) reached.add(forced ? "forced" : outcome.kind);
  }
  const wanted = ["queued", "sending", "sent", "failed", "uncertain", "held", "cancelled", "expired"];
  for (const end of [...wanted, "replied", "silent", "handedOff", "forced"]) assert.ok(reached.has(end), end);
});
