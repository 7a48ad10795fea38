import { ManualClock } from "@tests/support/manual_clock.ts";
import { type PuppetModel, type PuppetScript, startPuppetModel } from "@tests/support/puppet_model.ts";
import type { Clock } from "@/clock.ts";
import type { Agent, AgentResult } from "@/agent/agent.ts";
import { loadAgent } from "@/agent/model.ts";
import { makeRequest, type RequestPatch } from "@/agent/testing/make_request.ts";

/** The agent of a live installation whose provider is the puppet. */
export function loadPuppetAgent(puppet: PuppetModel, clock: Clock): Promise<Agent> {
  const model = { apiKey: "sk-puppet-secret-key-0123456789", baseUrl: puppet.url, name: "gpt-5-mini" };
  return loadAgent({ mode: "live", clock, model });
}

/** What becomes of one request when the provider answers from the script. */
export async function askPuppet(
  script: PuppetScript,
  patch: RequestPatch = {},
): Promise<{ readonly result: AgentResult; readonly requests: PuppetModel["requests"] }> {
  await using puppet = startPuppetModel(script);
  const agent = await loadPuppetAgent(puppet, new ManualClock());
  const result = await agent.decide(makeRequest(patch), new AbortController().signal);
  return { result, requests: puppet.requests };
}

/** The decision in one line: its kind and what goes out, or the reason. */
export function outcomeOf(result: AgentResult): string {
  switch (result.kind) {
    case "aborted":
      return "aborted";
    case "failed":
      return `failed: ${result.reason}`;
    case "decided":
      return result.decision.kind === "reply"
        ? `reply: ${result.decision.texts.join(" | ")}`
        : `${result.decision.kind}: ${result.decision.reason}`;
  }
}
