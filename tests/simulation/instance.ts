/** One running Moca of a simulation: its real webhook, workers and operators' actions, over ports that can die. */
import type { Agent } from "@/agent/agent.ts";
import { makeOperatorActions, type OperatorActions } from "@/backoffice/operator_actions.ts";
import type { Clock } from "@/clock.ts";
import { TurnWorker } from "@/debounce/turn_worker.ts";
import { BackfillWorker } from "@/ingest/backfill_worker.ts";
import { makeIngestWorker } from "@/ingest/ingest_worker.ts";
import type { InstagramClient } from "@/instagram/client.ts";
import { TokenWorker } from "@/instagram/token_worker.ts";
import type { Metrics } from "@/metrics.ts";
import { makeOutboundWorker } from "@/outbound/outbound_worker.ts";
import type { Timings } from "@/outbound/timings.ts";
import type { ChainResult } from "@/rules/rule_book.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import type { Sealer } from "@/seal.ts";
import type { Random } from "@/simulator/random.ts";
import type { Store } from "@/store/store.ts";
import { webhookRoutes } from "@/webhook/webhook.ts";
import type { Scenario } from "@tests/simulation/scenario.ts";
import { Life, type LifeOptions, mortalStore } from "@tests/simulation/life.ts";

export interface InstanceOptions extends LifeOptions {
  /** This machine's clock, which may be wrong; the store has its own. */
  readonly ownClock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly sealer: Sealer;
  readonly appSecret: string;
  readonly agent: (clock: Clock) => Agent;
  readonly scenario: Scenario;
  readonly instagram: InstagramClient;
  readonly rules: { run(turn: RuleTurn): Promise<ChainResult> };
  readonly timings: Partial<Timings>;
  /** Told of each POST in the run in which it leaves. */
  readonly onPost: (post: { readonly psid: string; readonly text: string }) => void;
}

export interface Instance {
  readonly life: Life;
  readonly actions: OperatorActions;
  /** Its HTTP server. */
  answer(request: Request): Promise<Response>;
}

/** Starts it; it runs until the signal aborts or its life is over. */
export function startInstance(options: InstanceOptions, signal: AbortSignal): Instance {
  const { owner, metrics, sealer, random, timings, rules, appSecret } = options;
  const life = new Life(options);
  const clock: Clock = {
    now: () => options.ownClock.now(),
    wait: (ms, ended) => life.outside(options.ownClock.wait(ms, ended)),
  };
  const store = mortalStore(options.store, life);
  const shared = { store, clock, metrics, owner };
  const instagram = mortalClient(options, life);
  const outbound = makeOutboundWorker({ ...shared, random, timings, sealer, instagram });
  const turns = new TurnWorker({
    ...shared,
    agent: options.agent(clock),
    rules,
    retryDelayMs: (n) => Math.min(60_000, 5_000 * 2 ** (n - 1)),
    onQueued: () => outbound.wake(),
  });
  const taken = {
    onPending: (id: string): void => {
      turns.interrupt(id);
      turns.wake();
    },
    onSettled: (): void => outbound.wake(),
  };
  const ingest = makeIngestWorker({ ...shared, ...taken });
  const { losesWebhooks, endsToken } = options.scenario;
  const caretakers = [
    ...losesWebhooks ? [new BackfillWorker({ ...shared, ...taken, sealer, instagram })] : [],
    ...endsToken ? [new TokenWorker({ ...shared, sealer, instagram })] : [],
  ];
  const config = { appSecrets: [appSecret], verifyToken: "" };
  const webhook = webhookRoutes({ config, store, metrics, clock, onStored: () => ingest.wake() });
  for (const worker of [ingest, turns, outbound, ...caretakers]) void worker.run(signal);
  return {
    life,
    actions: makeOperatorActions({ store, clock, sealer, wake: () => outbound.wake() }),
    answer: async (request) => await life.outside(Promise.resolve(webhook.fetch(request))),
  };
}

function mortalClient({ instagram, onPost }: InstanceOptions, life: Life): InstagramClient {
  return {
    ...instagram,
    sendText: (text) =>
      life.request("instagram.sendText", () => {
        onPost(text);
        return instagram.sendText(text);
      }),
    readThread: (query) => life.request("instagram.readThread", () => instagram.readThread(query)),
    me: (token) => life.request("instagram.me", () => instagram.me(token)),
    listThreads: (query) => life.request("instagram.listThreads", () => instagram.listThreads(query)),
    readWholeThread: (query) => life.request("instagram.readWholeThread", () => instagram.readWholeThread(query)),
    refreshToken: (token) => life.request("instagram.refreshToken", () => instagram.refreshToken(token)),
  };
}
