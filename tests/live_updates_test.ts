/** Two real processes on one MongoDB: a browser on one of them hears what the other did. */
import assert from "node:assert/strict";
import { MocaCluster } from "@tests/support/moca_cluster.ts";
import type { MocaProcess } from "@tests/support/moca_process.ts";
import { withMongo } from "@tests/support/mongo_server.ts";
import { accountId, adminToken } from "@tests/support/test_moca.ts";

interface Heard {
  readonly seq: number;
  readonly conversation: string;
}

/** Listens to an instance's live updates until it leaves. */
class Listener implements AsyncDisposable {
  readonly heard: Heard[] = [];
  readonly #left = new AbortController();
  #listening = Promise.resolve();
  #told = Promise.withResolvers<void>();

  static async to({ url }: MocaProcess, lastEventId?: number): Promise<Listener> {
    const listener = new Listener();
    const replay: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": `${lastEventId}` };
    const headers = { "x-admin-token": adminToken, ...replay };
    const response = await fetch(`${url}/api/v1/events`, { headers, signal: listener.#left.signal });
    assert.ok(response.body !== null);
    listener.#listening = listener.#listen(response.body).catch(() => undefined);
    return listener;
  }

  async #listen(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let text = "";
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + part).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#hear(block);
    }
  }

  #hear(block: string): void {
    const [, data, seq] = /^event: conversation\ndata: (.*)\nid: (\d+)$/m.exec(block) ?? [];
    if (data === undefined) return;
    this.heard.push({ seq: Number(seq), conversation: JSON.parse(data).id });
    this.#told.resolve();
    this.#told = Promise.withResolvers();
  }

  /** The first that was heard of the contact. */
  async first(psid: string): Promise<Heard> {
    for (;;) {
      const found = this.heard.find(({ conversation }) => conversation === `${accountId}_${psid}`);
      if (found !== undefined) return found;
      await this.#told.promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#left.abort();
    await this.#listening;
  }
}

await withMongo(({ uri }) => {
  Deno.test({
    name: "live updates of each of two instances tell what the other did, and either takes up where the other ended",
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using cluster = await MocaCluster.start({ size: 2, uri, sendsPerSecond: 20, speed: 2 });
      const [one, two] = await Promise.all(cluster.instances.map((instance) => Listener.to(instance)));
      assert.ok(one && two && cluster.instances[1]);
      for (const psid of ["7001", "7002", "7003", "7004"]) {
        cluster.writes(psid, 1);
        await Promise.all([one.first(psid), two.first(psid)]);
      }
      await one[Symbol.asyncDispose]();
      const last = one.heard.at(-1)?.seq ?? 0;
      cluster.writes("7005", 1);
      await cluster.settled({ timeoutMs: 60_000 });
      await using again = await Listener.to(cluster.instances[1], last);
      await again.first("7005");
      assert.ok(again.heard.every(({ seq }) => seq > last), "nothing comes twice");
      await two[Symbol.asyncDispose]();
    },
  });
});
