import { Hono } from "hono";
import type { Agent } from "@/agent/agent.ts";
import { type Clock, systemClock } from "@/clock.ts";
import { makeInstagramClient } from "@/instagram/client.ts";
import { ProfileWorker } from "@/instagram/profile_worker.ts";
import { makeMetrics } from "@/metrics.ts";
import { buildPipeline } from "@/pipeline.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import { makeSealer } from "@/seal.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import type { CaseClock } from "@/simulator/cases/case_clock.ts";
import type { Account, KnowledgeDocument } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { Worker } from "@/worker.ts";

/** Instagram is pretended within the process: an answer that does not come by then never will. */
const longestAnswerMs = 500;

const impatient: Clock = {
  now: () => systemClock.now(),
  wait: (ms, signal) => systemClock.wait(Math.min(ms, longestAnswerMs), signal),
};

const appSecret = "case-app-secret";
const token = "case-token";

export interface CaseSpaceOptions {
  readonly account: Account;
  readonly knowledge: readonly KnowledgeDocument[];
  readonly clock: CaseClock;
  readonly rules: Pick<RuleBook, "run">;
  readonly agent: Agent;
  /** Opens an empty store that is forgotten when it is closed. */
  readonly openStore: (clock: Clock) => Promise<Store>;
}

/**
 * A Moca for one case: the live stages, with a store, a clock and a pretended Instagram of its own. Nothing works by
 * itself: `settle` does what is due.
 */
export class CaseSpace implements AsyncDisposable {
  private constructor(
    readonly store: Store,
    readonly instagram: PretendInstagram,
    readonly workers: readonly Worker[],
    readonly opened: AsyncDisposableStack,
  ) {}

  static async open({ account, knowledge, clock, rules, agent, openStore }: CaseSpaceOptions): Promise<CaseSpace> {
    const opened = new AsyncDisposableStack();
    const store = opened.use(await openStore(clock));
    const place = { url: "" };
    const { id: accountId, username = "case" } = account;
    const instagram = opened.use(
      await startInstagram({ clock, accountId, username, token, appSecret, webhookUrl: () => `${place.url}/webhook` }),
    );
    const sealer = await makeSealer([crypto.getRandomValues(new Uint8Array(32))]);
    await fill(store, { account, knowledge, sealed: await sealer.seal(token, accountId) });
    const graph = { url: instagram.url, version: "v25.0" };
    const readPace = { limit: 1_000, intervalMs: 1 };
    const client = opened.use(makeInstagramClient({ graph, clock: impatient, readPace }));
    const profiles = new ProfileWorker({ store, instagram: client, sealer, clock });
    const { webhook, ingest, turns, outbound } = buildPipeline({
      config: { appSecrets: [appSecret], verifyToken: "case" },
      store,
      rules,
      agent,
      instagram: client,
      sealer,
      clock,
      metrics: makeMetrics(),
      owner: crypto.randomUUID(),
      onPending: (id) => profiles.want(id),
    });
    const app = new Hono().route("/webhook", webhook);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
    opened.defer(() => server.shutdown());
    place.url = `http://127.0.0.1:${server.addr.port}`;
    return new CaseSpace(store, instagram, [ingest, profiles, turns, outbound], opened);
  }

  /** Does everything that is due now. */
  async settle(): Promise<void> {
    for (let done = 1; done > 0;) {
      done = 0;
      for (const worker of this.workers) done += await worker.drain();
    }
  }

  /** When something is due next; undefined when nothing is planned. */
  async nextDueAt(): Promise<Date | undefined> {
    const { conversations } = this.store;
    const planned = await Promise.all([conversations.nextDueAt("turn"), conversations.nextDueAt("send")]);
    return planned.filter((at) => at !== undefined).toSorted((a, b) => a.getTime() - b.getTime())[0];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

/** The account as it is set up, but with a token that only this space knows. */
async function fill(
  store: Store,
  { account: { id, username, settings }, knowledge, sealed }: Pick<CaseSpaceOptions, "account" | "knowledge"> & {
    readonly sealed: string;
  },
): Promise<void> {
  const now = store.now();
  const stamps = { ver: 0, createdAt: now, updatedAt: now };
  const sealedToken = { sealed, ending: token.slice(-4), savedAt: now };
  await store.accounts.put({ id, username, settings, token: sealedToken, state: "active", ...stamps }, 0);
  for (const document of knowledge) await store.knowledge.put({ ...document, ver: 0 }, 0);
}
