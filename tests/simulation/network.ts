/** The wires between Moca and Instagram: every request takes its time, and connections break where they are told to. */
import type { Clock } from "@/clock.ts";
import type { Random } from "@/simulator/random.ts";

/** Answers a request; `drop` breaks its connection. */
export type Server = (request: Request, drop: () => void) => Promise<Response>;

export interface NetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** By origin; undefined: nobody listens there at the moment. */
  readonly find: (origin: string) => Server | undefined;
}

/** A `fetch` over these wires; each call is one request. */
export function makeFetch({ clock, random, find }: NetworkOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const { signal } = request;
    await clock.wait(random() * 30, signal);
    signal.throwIfAborted();
    const server = find(new URL(request.url).origin);
    if (server === undefined) throw refused();
    const broken = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => broken.reject(signal.reason), { once: true });
    const answered = server(request, () => broken.reject(reset()));
    answered.catch(() => undefined);
    const response = await Promise.race([answered.then((answer) => received(answer, signal)), broken.promise]);
    await clock.wait(random() * 30, signal);
    signal.throwIfAborted();
    return response;
  };
}

/** The whole answer, or as much of it as there is: a body that ends too soon breaks while it is read. */
async function received(response: Response, signal: AbortSignal): Promise<Response> {
  const bytes = await response.arrayBuffer();
  signal.throwIfAborted();
  const promised = Number(response.headers.get("content-length") ?? bytes.byteLength);
  const { status, headers } = response;
  if (bytes.byteLength === promised) return new Response(bytes.byteLength === 0 ? null : bytes, { status, headers });
  return new Response(new ReadableStream({ pull: (controller) => controller.error(reset()) }), { status, headers });
}

function refused(): TypeError {
  return new TypeError("error sending request", { cause: new Error("client error (Connect)") });
}

function reset(): TypeError {
  return new TypeError("error sending request", { cause: new Error("client error (SendRequest)") });
}
