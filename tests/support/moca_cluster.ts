import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import type { Delivery } from "@/simulator/deliveries.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import { MocaProcess } from "@tests/support/moca_process.ts";
import { accountId, adminToken } from "@tests/support/test_moca.ts";

const appSecret = "cluster-app-secret";

/** Answers each burst twice with the very words that it decided on, so that Instagram's log tells everything. */
const rule = `export default {
  name: "repeat",
  description: "Says again what was written",
  apply: ({ texts }) => ({ kind: "reply", texts: ["first " + texts.join(" "), "second " + texts.join(" ")] }),
};
`;

export interface ClusterOptions {
  /** How many instances. */
  readonly size: number;
  /** Of the MongoDB; a new database on it is used. */
  readonly uri: string;
  readonly sendsPerSecond: number;
  /** How many times faster than real they send and settle. Default 20. */
  readonly speed?: number;
}

/** Several Moca processes on one MongoDB, whose webhooks take turns, and a pretended Instagram around them. */
export class MocaCluster implements AsyncDisposable {
  /** What contacts wrote: each word once in all the world. */
  readonly #words = new Map<string, string[]>();
  readonly #deliveries: Delivery[] = [];

  private constructor(
    readonly instances: readonly MocaProcess[],
    readonly instagram: PretendInstagram,
    readonly dir: string,
  ) {}

  static async start({ size, uri, sendsPerSecond, speed = 20 }: ClusterOptions): Promise<MocaCluster> {
    const dir = await Deno.makeTempDir({ prefix: "moca-cluster-" });
    await Deno.mkdir(`${dir}/rules`);
    await Deno.writeTextFile(`${dir}/rules/10_repeat.ts`, rule);
    const instances: MocaProcess[] = [];
    let turn = 0;
    const instagram = await startInstagram({
      clock: systemClock,
      accountId,
      username: "cluster.shop",
      token: "sandbox-token",
      appSecret,
      webhookUrl: () => `${instances[turn++ % instances.length]?.url}/webhook`,
      retryPausesMs: [100, 200, 400, ...Array.from({ length: 60 }, () => 800)],
    });
    const env = {
      MOCA_MODE: "sandbox",
      PORT: "0",
      MOCA_DATA_DIR: `${dir}/data`,
      MOCA_RULES_DIR: `${dir}/rules`,
      MOCA_ADMIN_TOKEN: adminToken,
      MOCA_SECRET_KEY: crypto.getRandomValues(new Uint8Array(32)).toBase64(),
      MONGODB_URI: withDatabase(uri, `moca_test_${crypto.randomUUID().replaceAll("-", "")}`),
      META_APP_SECRET: appSecret,
      IG_GRAPH_URL: instagram.url,
      IG_ACCOUNT_ID: accountId,
      LOG_LEVEL: "error",
      TEST_SPEED: String(speed),
    };
    for (let index = 0; index < size; index++) instances.push(new MocaProcess(env));
    await Promise.all(instances.map((instance) => instance.start()));
    const cluster = new MocaCluster(instances, instagram, dir);
    await cluster.#setUp({ debounceMs: 150, cooldownMs: 0, sendsPerSecond, maxTurnsPerHour: 1_000 });
    return cluster;
  }

  async #setUp(settings: Readonly<Record<string, number>>): Promise<void> {
    const response = await fetch(`${this.instances[0]?.url}/api/v1/settings`, {
      method: "PATCH",
      headers: { "x-admin-token": adminToken, "content-type": "application/json" },
      body: JSON.stringify(settings),
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** A contact writes so many texts in a row. */
  writes(psid: string, count: number): Delivery {
    const words = this.#words.get(psid) ?? [];
    const texts = Array.from({ length: count }, (_, index) => `w${psid.slice(-3)}x${words.length + index}`);
    this.#words.set(psid, [...words, ...texts]);
    const delivery = this.instagram.contactBegins(psid, { kind: "burst", texts });
    this.#deliveries.push(delivery);
    return delivery;
  }

  /**
   * Resolves when everything that was written is answered or, for a reason, with a person, and nothing is left to be
   * sent, all by itself.
   */
  async settled({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    for (const { settled } of this.#deliveries) {
      assert.ok((await settled).every((outcome) => outcome === "accepted"), "Instagram gave a webhook up");
    }
    for (;;) {
      const [unanswered, open] = [this.#unanswered(await this.#withPeople()).length, await this.#countOpen()];
      if (unanswered === 0 && open === 0) return;
      assert.ok(performance.now() < giveUpAt, `after ${timeoutMs} ms: ${unanswered} unanswered, ${open} open`);
      await systemClock.wait(200);
    }
  }

  /** How each webhook request was answered, and how soon. */
  get offers(): readonly { readonly status?: number; readonly tookMs: number }[] {
    return this.instagram.deliveries;
  }

  /** Resolves when every instance says that it is ready. */
  async ready({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    for (const { url } of this.instances) {
      while ((await fetch(`${url}/readyz`)).status !== 200) {
        assert.ok(performance.now() < giveUpAt, `${url} is not ready after ${timeoutMs} ms`);
        await systemClock.wait(200);
      }
    }
  }

  /** Words that neither an answer says yet nor one that waits for a person. */
  #unanswered(withPeople: readonly OutboundText[]): readonly string[] {
    const said = new Set([...this.instagram.applied(), ...withPeople].flatMap(({ text }) => wordsOf(text)));
    return [...this.#words.values()].flat().filter((word) => !said.has(word));
  }

  async #countOpen(): Promise<number> {
    const counts = await Promise.all(["queued", "sending", "uncertain"].map((state) => this.#outbound(state)));
    return counts.flat().length;
  }

  /**
   * What is not sent again by itself: the process was killed between its intent and the answer, and the contact wrote
   * on before anybody could tell whether it had arrived. Late and twice would be worse than a person's look.
   */
  async #withPeople(): Promise<readonly OutboundText[]> {
    const stopped = [...await this.#outbound("held"), ...await this.#outbound("cancelled")];
    return stopped.filter(({ reason }) => reason !== null && reasonsForPeople.includes(reason));
  }

  /** All in the state, however many. */
  async #outbound(state: string): Promise<readonly OutboundText[]> {
    const items: OutboundText[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = `state=${state}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const headers = { "x-admin-token": adminToken };
      const response: Response = await fetch(`${this.instances[0]?.url}/api/v1/outbound?${query}`, { headers });
      assert.equal(response.status, 200, "the queue is told");
      const page: { items: readonly OutboundText[]; nextCursor: string | null } = await response.json();
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  /**
   * By Instagram's log: everything is answered, nothing twice, each contact's texts in order (C1, C7, C9); by the queue
   * alone what waits for a person, which Instagram must not have seen.
   */
  async assertKept(): Promise<void> {
    const withPeople = await this.#withPeople();
    for (const [psid, words] of this.#words) {
      const texts = this.instagram.applied(psid).map(({ text }) => text);
      const asked = withPeople.filter((item) => item.psid === psid).map(({ text }) => text);
      for (const part of ["first ", "second "]) {
        const answered = [...texts, ...asked].filter((text) => text.startsWith(part)).flatMap(wordsOf);
        assert.deepEqual(answered.toSorted(), words.toSorted(), `${psid}: each word once in a ${part}part`);
      }
      assert.ok(
        texts.every((text, index) => isAfter(text, texts[index - 1], asked)),
        `${psid}: each second after its first`,
      );
    }
    const sends = this.instagram.log.filter(({ call }) => call === "send");
    assert.ok(sends.every(({ overlaps }) => overlaps === 0), "one request at a time for each contact");
  }

  /** The most texts that reached Instagram within any one second. */
  busiestSecond(): number {
    const times = this.instagram.log.filter(({ call, event }) => call === "send" && event === "request")
      .map(({ monotonicMs }) => monotonicMs).toSorted((a, b) => a - b);
    let [first, most] = [0, 0];
    for (const [index, time] of times.entries()) {
      while ((times[first] ?? time) <= time - 1_000) first++;
      most = Math.max(most, index - first + 1);
    }
    return most;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.kill()));
    await this.instagram[Symbol.asyncDispose]();
    await Deno.remove(this.dir, { recursive: true });
  }
}

/** What the API tells of an outbound item. */
interface OutboundText {
  readonly psid: string;
  readonly text: string;
  readonly reason: string | null;
}

const reasonsForPeople = [
  "it may not have arrived, and the contact wrote on meanwhile",
  "the part before it may not have arrived",
];

function wordsOf(text: string): readonly string[] {
  return text.split(" ").slice(1);
}

/** A second part follows its own first part at once; a first part follows a second part that was sent, or nothing. */
function isAfter(text: string, before: string | undefined, withPeople: readonly string[]): boolean {
  if (text.startsWith("second ")) return before === text.replace("second ", "first ");
  const isWhole = before?.startsWith("second ") ?? true;
  return isWhole || withPeople.includes(`${before}`.replace("first ", "second "));
}
