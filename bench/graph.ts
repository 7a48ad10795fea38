/** The least that can stand for Instagram: takes a text, answers its id, and remembers when it came. */
export interface BenchGraph extends AsyncDisposable {
  readonly url: string;
  /** When each text came, in order, by `performance.now()`; by contact. */
  readonly arrivals: readonly { readonly psid: string; readonly ms: number }[];
  /** Resolves when so many texts have come. */
  reached(count: number): Promise<void>;
}

interface SendBody {
  readonly recipient: { readonly id: string };
}

export function startGraph(): BenchGraph {
  const arrivals: { psid: string; ms: number }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const ms = performance.now();
    const { recipient } = await request.json() as SendBody;
    arrivals.push({ psid: recipient.id, ms });
    for (const one of waiting) if (arrivals.length >= one.count) one.resolve();
    return Response.json({ recipient_id: recipient.id, message_id: `m${arrivals.length}` });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    arrivals,
    reached: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a job of a peer does: the POST, and nothing of what Moca does around it. */
export async function postText(url: string, psid: string): Promise<void> {
  const body = JSON.stringify({ recipient: { id: psid }, message: { text: "Answer" } });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v25.0/me/messages`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`Cannot measure: the graph answered ${response.status}, wants 200`);
  await response.json();
}
