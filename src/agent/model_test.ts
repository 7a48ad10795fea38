import assert from "node:assert/strict";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { ManualClock } from "@tests/support/manual_clock.ts";
import { oneCall, startPuppetModel } from "@tests/support/puppet_model.ts";
import { loadAgent } from "@/agent/model.ts";
import { outcomeOf } from "@/agent/testing/ask_puppet.ts";
import { makeRequest } from "@/agent/testing/make_request.ts";

const hello = oneCall("reply", { messages: ["Hello!"] });
const clock = new ManualClock();
const { signal } = new AbortController();

Deno.test("loadAgent() gives an agent that asks for a person when live has no model", async () => {
  const agent = await loadAgent({ mode: "live", clock });
  assert.equal(agent.model, "none");
  assert.equal(outcomeOf(await agent.decide(makeRequest(), signal)), "handOff: no model is configured");
  assert.equal(outcomeOf(await agent.decide(makeRequest(), AbortSignal.abort())), "aborted");
});

Deno.test("loadAgent() gives the demo model when the sandbox has none", async () => {
  const agent = await loadAgent({ mode: "sandbox", clock });
  assert.equal(agent.model, "Moca demo model");
  assert.match(outcomeOf(await agent.decide(makeRequest(), signal)), /^reply: This is Moca's demo model/);
});

Deno.test("loadAgent() prefers the configured model in the sandbox too", async () => {
  await using puppet = startPuppetModel([hello]);
  const model = { apiKey: "sk-1", baseUrl: puppet.url, name: "llama3" };
  const agent = await loadAgent({ mode: "sandbox", clock, model });
  assert.equal(outcomeOf(await agent.decide(makeRequest(), signal)), "reply: Hello!");
  assert.equal(puppet.requests[0]?.authorization, "Bearer sk-1");
  assert.equal(puppet.requests[0]?.body.model, "llama3");
});

Deno.test("loadAgent() speaks chat completions with every model, those that prefer another endpoint included", async () => {
  await using puppet = startPuppetModel([hello]);
  for (const name of ["gpt-5-mini", "gpt-5.2-pro", "o3-pro", "qwen3"]) {
    const agent = await loadAgent({ mode: "live", clock, model: { apiKey: "sk-1", baseUrl: puppet.url, name } });
    assert.equal(outcomeOf(await agent.decide(makeRequest(), signal)), "reply: Hello!");
  }
  assert.deepEqual([...new Set(puppet.requests.map(({ path }) => path))], ["/v1/chat/completions"]);
});

Deno.test("loadAgent() posts no conversation to a tracing cloud and prints none, whatever the environment says", async () => {
  await using cloud = startPuppetModel([{ kind: "raw", status: 200, body: "{}" }]);
  await using puppet = startPuppetModel([hello]);
  const printed: unknown[][] = [];
  using _environment = withEnvironment({
    LANGSMITH_TRACING: "true",
    LANGCHAIN_TRACING_V2: "true",
    LANGCHAIN_TRACING: "true",
    LANGCHAIN_VERBOSE: "true",
    LANGSMITH_API_KEY: "ls-key",
    LANGSMITH_ENDPOINT: cloud.url,
    LANGSMITH_GATEWAY: cloud.url,
    OPENAI_LOG: "debug",
    OPENAI_BASE_URL: cloud.url,
  });
  using _console = withPrinted(printed);
  const agent = await loadAgent({ mode: "live", clock, model: { apiKey: "sk-1", baseUrl: puppet.url, name: "m" } });
  assert.equal(outcomeOf(await agent.decide(makeRequest(), signal)), "reply: Hello!");
  await awaitAllCallbacks();
  assert.deepEqual(cloud.requests, []);
  assert.deepEqual(printed, []);
});

function withEnvironment(variables: Readonly<Record<string, string>>): Disposable {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  return { [Symbol.dispose]: () => Object.keys(variables).forEach((name) => Deno.env.delete(name)) };
}

/** Collects what is printed in place of printing it. */
function withPrinted(printed: unknown[][]): Disposable {
  const names = ["log", "info", "debug", "warn", "error"] as const;
  const output = globalThis.console;
  const originals = names.map((name) => [name, output[name]] as const);
  for (const name of names) output[name] = (...args: unknown[]) => void printed.push(args);
  return { [Symbol.dispose]: () => originals.forEach(([name, original]) => output[name] = original) };
}
