import { nextClockTime } from "@/rules/clock_time.ts";
import type { FollowUp, Notes, RuleTurn, Verdict } from "@/rules/contract.ts";
import { fillText } from "@/rules/yaml/fill_text.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";
import { durationMs } from "@/rules/yaml/schema_parts.ts";
import { asList } from "@/rules/yaml/turn_conditions.ts";
import { textsToSay } from "@/rules/yaml/variants.ts";

/** What the rule decides once its conditions hold; `why` tells what was found. */
export function act(written: YamlRule, turn: RuleTurn, why: string): Verdict {
  const { handOff, silence, defer, reply, quickReplies } = written;
  const because = why === "" ? "" : ` (${why})`;
  if (defer !== undefined) return putOff(written.name, defer, turn, why);
  if (handOff !== undefined) return { kind: "handOff", reason: `${handOff}${because}`, ...factsOf(written) };
  const notes: Notes = { ...factsOf(written), ...followUpOf(written, turn) };
  if (silence !== undefined) return { kind: "silence", reason: `${silence}${because}`, ...notes };
  if (reply === undefined) return { kind: "pass", reason: `noted${because}`, ...notes };
  const texts = textsToSay(reply, turn);
  if (texts.length === 0) return { kind: "pass", reason: "nothing is left of its reply without the contact's data" };
  const reason = why === "" ? "its conditions hold" : why;
  return { kind: "reply", texts, reason, ...(quickReplies === undefined ? {} : { quickReplies }), ...notes };
}

function factsOf({ tag, set }: YamlRule): Pick<Notes, "tags" | "fields"> {
  return { ...(tag === undefined ? {} : { tags: asList(tag) }), ...(set === undefined ? {} : { fields: set }) };
}

function followUpOf({ followUp }: YamlRule, turn: RuleTurn): Pick<Notes, "followUps"> {
  const text = followUp === undefined ? "" : fillText(followUp.text, turn.contact);
  if (followUp === undefined || text === "") return {};
  const { evenIfAnswered = false } = followUp;
  const planned: FollowUp = { at: timeOf(followUp, turn), text, evenIfAnswered };
  return { followUps: [planned] };
}

function timeOf(when: { readonly in: string } | { readonly at: string }, { now, local }: RuleTurn): Date {
  return "in" in when ? later(now, when.in) : nextClockTime(now, local.timeZone, when.at);
}

/** Puts a burst off once: at its time the rule would match again, and again. */
function putOff(name: string, defer: NonNullable<YamlRule["defer"]>, turn: RuleTurn, why: string): Verdict {
  const until = untilOf(defer, turn);
  if (turn.conversation.deferredBy === name) return { kind: "pass", reason: "it put this off once already" };
  if (until === undefined) {
    const reason = turn.business.open ? "the business is open" : "the business is closed, without a next opening";
    return { kind: "pass", reason };
  }
  return { kind: "defer", until, reason: defer.reason ?? (why === "" ? "its conditions hold" : why) };
}

function untilOf(defer: NonNullable<YamlRule["defer"]>, { now, local, business }: RuleTurn): Date | undefined {
  if ("for" in defer) return later(now, defer.for);
  return defer.until === "open" ? business.opensAt : nextClockTime(now, local.timeZone, defer.until);
}

function later(now: Date, duration: string): Date {
  return new Date(now.getTime() + durationMs(duration));
}
