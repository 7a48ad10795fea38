import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { TestMoca, type TestMocaOptions } from "@tests/support/test_moca.ts";

export const otherId = "17841400000000002";
export const otherToken = "token-of-the-other-account";

/** One Moca and two accounts of a pretended Instagram, which are told apart by their tokens as Meta does. */
export class TwoAccounts implements AsyncDisposable {
  private constructor(
    readonly test: TestMoca,
    readonly other: PretendInstagram,
    readonly graph: Deno.HttpServer<Deno.NetAddr>,
  ) {}

  static async start(options: TestMocaOptions = {}): Promise<TwoAccounts> {
    const place: { test?: TestMoca; other?: PretendInstagram } = {};
    const graph = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const url = new URL(request.url);
      const token = request.headers.get("authorization")?.slice(7) ?? url.searchParams.get("access_token") ?? "";
      const account = token.startsWith(otherToken) ? place.other : place.test?.instagram;
      const body = request.method === "POST" ? await request.text() : undefined;
      const headers = new Headers(request.headers);
      headers.delete("content-length");
      return await fetch(`${account?.url}${url.pathname}${url.search}`, { method: request.method, headers, body });
    });
    const env = { ...options.env, IG_GRAPH_URL: `http://127.0.0.1:${graph.addr.port}` };
    const test = place.test = await TestMoca.start({ ...options, env });
    const other = place.other = await startInstagram({
      clock: test.clock,
      accountId: otherId,
      username: "other.shop",
      token: otherToken,
      appSecret: "test-app-secret",
      webhookUrl: () => `${test.moca.url}/webhook`,
      seed: 2,
    });
    return new TwoAccounts(test, other, graph);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test[Symbol.asyncDispose]();
    await this.other[Symbol.asyncDispose]();
    await this.graph.shutdown();
  }
}
