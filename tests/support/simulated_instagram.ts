import type { InstagramOptions, PretendInstagram } from "@/simulator/instagram.ts";
import { startInstagram } from "@/simulator/instagram.ts";
import { ManualClock } from "./manual_clock.ts";

/** One webhook request as a receiver saw it. */
export interface ReceivedWebhook {
  readonly body: string;
  readonly signature: string | null;
}

export interface SimulatedInstagramOptions extends Partial<Omit<InstagramOptions, "clock" | "webhookUrl">> {
  readonly clock?: ManualClock;
  /** The webhook's status for its nth request, counted from 1. Default 200. */
  readonly answer?: (count: number) => number;
}

export const simulatedAccount = {
  accountId: "17841400000000000",
  username: "moca.shop",
  token: "IGAA-pretend-token",
  appSecret: "moca_test_secret",
} as const;

/** A pretend Instagram, a webhook that keeps what it gets, and a client that never repeats a request by itself. */
export class SimulatedInstagram implements AsyncDisposable {
  readonly received: ReceivedWebhook[] = [];
  readonly #client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  private constructor(
    readonly instagram: PretendInstagram,
    readonly clock: ManualClock,
    readonly webhook: Deno.HttpServer<Deno.NetAddr>,
  ) {}

  static async open(options: SimulatedInstagramOptions = {}): Promise<SimulatedInstagram> {
    const { clock = new ManualClock(), answer = () => 200, ...rest } = options;
    const webhook = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => receive(request));
    const webhookUrl = (): string => `http://127.0.0.1:${webhook.addr.port}/webhook`;
    const instagram = await startInstagram({ ...simulatedAccount, clock, webhookUrl, ...rest });
    const simulated = new SimulatedInstagram(instagram, clock, webhook);
    const receive = async (request: Request): Promise<Response> => {
      const signature = request.headers.get("x-hub-signature-256");
      simulated.received.push({ body: await request.text(), signature });
      return new Response(null, { status: answer(simulated.received.length) });
    };
    return simulated;
  }

  /** Calls the Graph API with the account's token; `path` begins with `/`. */
  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${simulatedAccount.token}`, "content-type": "application/json" };
    return fetch(`${this.instagram.url}${path}`, { headers, client: this.#client, ...init });
  }

  /** Sends a text as Moca does; `extra` goes beside `message`. */
  send(psid: string, text: string, { signal, ...extra }: SendExtra = {}): Promise<Response> {
    const body = JSON.stringify({ recipient: { id: psid }, message: { text }, ...extra });
    return this.call("/v25.0/me/messages", { method: "POST", body, signal });
  }

  /** As `send`; answers the status alone. */
  async sendStatus(psid: string, text: string, extra: SendExtra = {}): Promise<number> {
    const response = await this.send(psid, text, extra);
    await response.body?.cancel();
    return response.status;
  }

  /** The events of all received envelopes, in the order of their arrival. */
  get events(): readonly Record<string, unknown>[] {
    return this.received.flatMap(({ body }) =>
      JSON.parse(body).entry.flatMap((entry: Record<string, unknown>) => entry.messaging ?? entry.standby)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.instagram[Symbol.asyncDispose]();
    await this.webhook.shutdown();
    this.#client.close();
  }
}

interface SendExtra {
  readonly signal?: AbortSignal;
  readonly tag?: string;
}
