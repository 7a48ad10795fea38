import { makeEnvelope, signBody, toMetaJson } from "@/simulator/envelope.ts";

/** Requests as bytes, each with a message of its own, signed. */
export async function prepareRequests(count: number, secret: string): Promise<readonly Uint8Array[]> {
  const encoder = new TextEncoder();
  return await Promise.all(Array.from({ length: count }, async (_, index) => {
    const body = toMetaJson(envelope(index));
    const signature = await signBody(body, secret);
    const head =
      `POST / HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Hub-Signature-256: ${signature}\r\n` +
      `Content-Length: ${encoder.encode(body).length}\r\n\r\n`;
    return encoder.encode(head + body);
  }));
}

function envelope(index: number): ReturnType<typeof makeEnvelope> {
  const accountId = "17841400000000001";
  const psid = `5000000000${String(index % 500).padStart(6, "0")}`;
  const at = new Date();
  const message = { mid: `bench-${index}`, text: `¿Cuánto cuesta el modelo ${index}? 😀` };
  const body = { sender: { id: psid }, recipient: { id: accountId }, timestamp: at.getTime(), message };
  return makeEnvelope([{ list: "messaging", body }], { accountId, at });
}

/** Sends every request over `connections` keep-alive connections; answers requests a second. */
export async function fire(port: number, requests: readonly Uint8Array[], connections: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(4_096);
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      await sendAll(connection, request);
      const length = await connection.read(buffer) ?? 0;
      const status = new TextDecoder().decode(buffer.subarray(0, Math.min(length, 12)));
      if (status !== "HTTP/1.1 200") throw new Error(`Cannot measure: the server answered "${status}", wants 200`);
    }
    connection.close();
  }));
  return requests.length / ((performance.now() - startedAt) / 1_000);
}

async function sendAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}
