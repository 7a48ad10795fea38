/** The model and the rules of a simulation: what they decide comes from the seed. */
import type { Agent } from "@/agent/agent.ts";
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import { runChain } from "@/rules/chain.ts";
import { pass, reply, type Rule, type RuleTurn } from "@/rules/contract.ts";
import type { ChainResult } from "@/rules/rule_book.ts";
import type { Random } from "@/simulator/random.ts";
import dedup from "../../rules/10_dedup.ts";
import takeover from "../../rules/20_takeover.ts";
import replyWindow from "../../rules/30_reply_window.ts";
import cooldown from "../../rules/40_cooldown.ts";
import optOut from "../../rules/50_opt_out.ts";
import askForPerson from "../../rules/55_ask_for_person.ts";
import businessHours from "../../rules/60_business_hours.ts";

export interface ScriptedAgentOptions {
  /** The instance's own clock. */
  readonly clock: Clock;
  readonly random: Random;
  /** A number that was not there before: no two texts are the same. */
  readonly nextText: () => number;
  readonly followsUp: boolean;
}

export function makeScriptedAgent({ clock, random, nextText, followsUp }: ScriptedAgentOptions): Agent {
  const trace = { model: "script", calls: 1, inputTokens: 1, outputTokens: 1, ms: 1, prompt: [], tools: [] };
  return {
    model: "script",
    decide: async ({ now }, signal) => {
      await clock.wait(100 + random() ** 2 * 8_000, signal);
      if (signal.aborted) return { kind: "aborted" };
      const ticket = random();
      if (ticket < 0.08) return { kind: "failed", reason: "the model was busy", trace };
      if (ticket < 0.12) {
        const decision = { kind: "silence" as const, reason: "nothing to say", by: "agent" };
        return { kind: "decided", facts: [], trace, decision };
      }
      const number = nextText();
      const texts = Array.from({ length: ticket < 0.5 ? 1 : 3 }, (_, n) => `answer ${number}.${n + 1}`);
      const followUps = followsUp && random() < 0.5 ? [planFor(number, now, random)] : [];
      const decision = { kind: "reply" as const, texts, reason: "asked", by: "agent" };
      return { kind: "decided", facts: [], followUps, trace, decision };
    },
  };
}

function planFor(number: number, now: Date, random: Random): FollowUpPlan {
  const evenIfAnswered = random() < 0.25;
  return {
    at: addMs(now, 4_000 + random() * 12_000),
    text: `later ${number}`,
    by: "agent",
    why: "to hear more",
    evenIfAnswered,
  };
}

/** The shipped ones, and one that comes and goes. */
const baseRules: readonly Rule[] = [dedup, takeover, replyWindow, cooldown, optOut, askForPerson, businessHours];

const hoursRule: Rule = {
  name: "hours",
  description: "Answers by rule",
  apply: (turn) => turn.texts.includes("hours?") ? reply(`nine to five, ${turn.now.getTime()}`) : pass(),
};

/** The folder of rules, which somebody changes every ten seconds. */
export async function runScriptedRules(turn: RuleTurn, clock: Clock, start: Date): Promise<ChainResult> {
  const version = 1 + Math.floor((clock.now().getTime() - start.getTime()) / 10_000) % 2;
  const rules = version === 1 ? baseRules : [...baseRules, hoursRule];
  return await runChain({ version: `${version}`, rules }, turn, clock);
}
