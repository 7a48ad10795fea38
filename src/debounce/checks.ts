import type { Aggregate } from "@/conversation/aggregate.ts";
import type { Settings } from "@/conversation/settings.ts";
import { type Decision, maxDeferrals, maxTurnAttempts } from "@/conversation/turn.ts";
import type { Check, Message } from "@/store/records.ts";

/** What must hold before rules and agent are asked. */
export interface CheckInput {
  readonly aggregate: Aggregate;
  readonly messages: readonly Message[];
  readonly settings: Settings;
  /** The contact's turns within the last hour. */
  readonly turnsThisHour: number;
}

export interface CheckResult {
  /** Every check that was made, in order; the last one stopped the turn when `decision` is there. */
  readonly checks: readonly Check[];
  readonly decision?: Decision;
}

type StopKind = "silence" | "handOff";

interface CheckRule {
  readonly name: string;
  readonly stop: StopKind;
  /** Whether it holds, and in words what is there. */
  readonly look: (input: CheckInput) => { readonly passed: boolean; readonly detail: string };
}

const rules: readonly CheckRule[] = [
  {
    name: "bot",
    stop: "silence",
    look: ({ settings }) => told(settings.botEnabled, "the bot is switched on", "the bot is switched off"),
  },
  {
    name: "contact",
    stop: "silence",
    look: ({ aggregate }) =>
      told(!aggregate.contact.neverBot, "the bot may answer this contact", "the bot never answers this contact"),
  },
  {
    name: "thread",
    stop: "silence",
    look: ({ messages }) =>
      told(!messages.every(({ standby }) => standby), "Moca has the thread", "another app has the thread"),
  },
  {
    name: "test event",
    stop: "silence",
    look: ({ messages }) =>
      told(!messages.every(({ test }) => test), "a real message", "a test event of Meta's dashboard"),
  },
  {
    name: "still there",
    stop: "silence",
    look: ({ messages }) =>
      told(
        !messages.every(({ unsentAt }) => unsentAt !== undefined),
        "the message stands",
        "the contact took the message back",
      ),
  },
  {
    name: "unanswered",
    stop: "silence",
    look: ({ messages }) =>
      told(
        messages.some(({ answeredAt }) => answeredAt === undefined),
        "nobody has answered yet",
        "somebody had answered before Moca found the message",
      ),
  },
  {
    name: "tries",
    stop: "handOff",
    look: ({ aggregate: { debounce } }) =>
      told(
        debounce.attempts <= maxTurnAttempts,
        `try ${debounce.attempts} of ${maxTurnAttempts}`,
        `no decision after ${maxTurnAttempts} tries`,
      ),
  },
  {
    name: "put off",
    stop: "handOff",
    look: ({ aggregate: { debounce } }) =>
      told(
        (debounce.deferral?.count ?? 0) <= maxDeferrals,
        `put off ${debounce.deferral?.count ?? 0} times`,
        `rules put this off more than ${maxDeferrals} times`,
      ),
  },
  {
    name: "turns per hour",
    stop: "handOff",
    look: ({ settings, turnsThisHour }) =>
      told(
        turnsThisHour < settings.maxTurnsPerHour,
        `${turnsThisHour} of ${settings.maxTurnsPerHour} turns this hour`,
        `${settings.maxTurnsPerHour} turns with this contact within the hour`,
      ),
  },
];

/** Makes the checks in order, up to the first that stops the turn. */
export function checkTurn(input: CheckInput): CheckResult {
  const checks: Check[] = [];
  for (const { name, stop, look } of rules) {
    const { passed, detail } = look(input);
    checks.push({ name, passed, detail });
    if (!passed) return { checks, decision: { kind: stop, reason: detail, by: "core" } };
  }
  return { checks };
}

function told(passed: boolean, yes: string, no: string): { passed: boolean; detail: string } {
  return { passed, detail: passed ? yes : no };
}
