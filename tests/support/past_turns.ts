import { type Change, newAggregate, startChange } from "@/conversation/aggregate.ts";
import { receive } from "@/conversation/receive.ts";
import { markSent } from "@/conversation/send.ts";
import { defaultSettings, type Settings } from "@/conversation/settings.ts";
import { textEvent } from "@/conversation/testing.ts";
import { beginTurn, commitTurn, type Decision, type TurnRecord } from "@/conversation/turn.ts";
import { runChain } from "@/rules/chain.ts";
import { makeRuleTurn, situationOf } from "@/rules/rule_turn.ts";
import type { RuleSet } from "@/rules/rule_set.ts";
import { systemClock } from "@/clock.ts";
import type { Store } from "@/store/store.ts";

export const pastAccount = "17841400000000001";

/** What contacts wrote, one list of texts a conversation, decided on by `set` and kept as the pipeline keeps it. */
export interface Past {
  readonly set: RuleSet;
  /** One a conversation; each text is a turn of its own. */
  readonly conversations: readonly (readonly string[])[];
  /** When the first turn was; each next one is a second later. */
  readonly from: Date;
}

/** Writes turns of the past into a store. Of what rules pass, the agent is said to have stayed silent. */
export async function writePast(store: Store, { set, conversations, from }: Past): Promise<void> {
  let at = from.getTime();
  for (const [index, texts] of conversations.entries()) {
    const psid = String(7_000 + index);
    let change = startChange(newAggregate({ accountId: pastAccount, psid }, new Date(at)));
    for (const [number, text] of texts.entries()) {
      change = await liveThrough(change, { text, mid: `m${index}-${number}`, at: new Date(at), set });
      at += 1_000;
    }
    await store.conversations.commit(change);
  }
}

interface Moment {
  readonly text: string;
  readonly mid: string;
  readonly at: Date;
  readonly set: RuleSet;
}

async function liveThrough(before: Change, { text, mid, at, set }: Moment): Promise<Change> {
  const settings = { ...defaultSettings, debounceMs: 0, cooldownMs: 0 };
  const { accountId, psid } = before.next.conversation;
  const event = textEvent(mid, { accountId, psid, key: `msg:${mid}`, text, at });
  const received = receive(before, event, [], { settings, now: at });
  const begun = beginTurn(received, { snapshotId: mid, now: at }) ?? received;
  const messages = begun.messages.filter((message) => message.mid === mid);
  const history = begun.messages.filter((message) => message.mid !== mid);
  const turn = makeRuleTurn({ aggregate: begun.next, messages, history, settings, now: at });
  const { verdict, rule, traces, version } = await runChain(
    { version: set.state.version, rules: set.rules },
    turn,
    systemClock,
  );
  const decision: Decision = verdict.kind === "reply"
    ? { kind: "reply", texts: verdict.texts, reason: verdict.reason ?? "", by: `rule:${rule}` }
    : { kind: "silence", reason: verdict.reason ?? "", by: rule === undefined ? "agent" : `rule:${rule}` };
  const record: TurnRecord = {
    snapshotId: mid,
    decision,
    checks: [],
    rules: traces,
    ruleSet: version,
    situation: situationOf(turn),
    facts: [],
    tags: [],
    optOut: false,
    messages,
  };
  const outcome = commitTurn(begun, record, { settings, now: new Date(at.getTime() + 100) });
  if (outcome.kind !== "committed") throw new Error(`Cannot write a turn: it is ${outcome.kind}`);
  return sendAll(outcome.change, { mid, at: new Date(at.getTime() + 200), settings });
}

/** What waits is with the contact: the next turn does not take it back. */
function sendAll(change: Change, { mid, at, settings }: { mid: string; at: Date; settings: Settings }): Change {
  const waiting = change.next.outbound.filter(({ state }) => state === "queued");
  return waiting.reduce((next, item) => {
    const sent = { mid: `a-${mid}-${item.seq}`, sentAt: at, evidence: "echo", rows: [], settings, now: at } as const;
    return markSent(next, item, sent);
  }, change);
}
