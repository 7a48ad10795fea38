import { startChange } from "@/conversation/aggregate.ts";
import { recordSend, type SendResult } from "@/conversation/send.ts";
import type { SendAnswer } from "@/instagram/client.ts";
import { getLogger } from "@/log.ts";
import { forgetStrikes, pauseAccount, strikesBefore } from "@/outbound/account_pause.ts";
import { commitTruth } from "@/outbound/commit_truth.ts";
import type { OutboundDeps } from "@/outbound/outbound_deps.ts";
import { judge, type Judgement } from "@/outbound/retry_policy.ts";
import type { Intent } from "@/outbound/intent.ts";
import type { SendError } from "@/store/records.ts";

/** Judges an answer and writes down what follows, whoever holds the conversation by now. */
export async function recordAnswer(intent: Intent, answer: SendAnswer, deps: OutboundDeps): Promise<void> {
  count(answer, deps);
  const strikes = answer.kind === "throttled" ? await tryTo(() => strikesBefore(intent, deps)) ?? 0 : 0;
  const { result, pause } = judgeNow(intent, answer, strikes, deps);
  if (pause !== undefined) await tryTo(() => pauseAccount(pause, { ...intent, strikes }, deps));
  await record(intent, result, deps);
  if (result.kind !== "sent") return;
  deps.onSent();
  await tryTo(() => forgetStrikes(intent, deps));
}

function judgeNow({ item, deadlineAt }: Intent, answer: SendAnswer, strikes: number, deps: OutboundDeps): Judgement {
  const { random, timings, store } = deps;
  return judge(answer, { spent: item.spent, strikes, deadlineAt, now: store.now(), random, timings });
}

async function record(intent: Intent, result: SendResult, deps: OutboundDeps): Promise<void> {
  const { item, attempt, settings } = intent;
  const { store } = deps;
  await commitTruth(item.conversationId, async (aggregate) => {
    const rows = result.kind === "sent" ? await store.messages.related(item.accountId, [result.mid]) : [];
    const now = store.now();
    return recordSend(startChange(aggregate), result, { itemId: item.id, attempt, rows, settings, now });
  }, deps);
}

function count(answer: SendAnswer, { metrics }: OutboundDeps): void {
  metrics.sends.inc({ outcome: answer.kind });
  if (!("unlisted" in answer) || !answer.unlisted) return;
  const { code, subcode }: SendError = answer.error;
  metrics.unknownErrors.inc({ code: String(code ?? ""), subcode: String(subcode ?? "") });
}

/** For what must not stand in the way of recording the answer; undefined when it failed. */
async function tryTo<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await action();
  } catch (error) {
    getLogger("outbound").error("cannot look after the account's pause: {error}", { error });
    return undefined;
  }
}
