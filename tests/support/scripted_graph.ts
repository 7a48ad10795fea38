/** A small HTTP server in the place of Instagram's Graph API that does what a test tells it, byte for byte. */

export interface GraphRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The JSON body; undefined when there is none. */
  readonly body: unknown;
}

/** `drop`: the connection is closed without an answer · `cut`: a 200 breaks off in the middle of its body. */
export type ScriptedReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | "drop"
  | "cut";

/** Answers a request; a promise that stays pending leaves the caller waiting. */
export type GraphScript = (request: GraphRequest) => ScriptedReply | Promise<ScriptedReply>;

export interface ScriptedGraph extends AsyncDisposable {
  readonly url: string;
  /** Every request that was read whole, in order. */
  readonly requests: readonly GraphRequest[];
}

export function startScriptedGraph(script: GraphScript): ScriptedGraph {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: GraphRequest[] = [];
  const connections = new Set<Deno.TcpConn>();
  const stopped = Promise.withResolvers<"drop">();
  const answer = (request: GraphRequest): Promise<ScriptedReply> => {
    requests.push(request);
    return Promise.race([stopped.promise, script(request)]);
  };
  const serving = acceptAll(listener, connections, answer);
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    requests,
    async [Symbol.asyncDispose](): Promise<void> {
      stopped.resolve("drop");
      listener.close();
      for (const connection of connections) closeQuietly(connection);
      await serving;
    },
  };
}

type Answer = (request: GraphRequest) => Promise<ScriptedReply>;

async function acceptAll(
  listener: Deno.TcpListener,
  connections: Set<Deno.TcpConn>,
  answer: Answer,
): Promise<void> {
  const served: Promise<void>[] = [];
  for await (const connection of listener) {
    connections.add(connection);
    served.push(serve(connection, answer));
  }
  await Promise.all(served);
}

/** Serves requests one after another on a connection that is kept open. */
async function serve(connection: Deno.TcpConn, answer: Answer): Promise<void> {
  try {
    for (;;) {
      const request = await readRequest(connection);
      if (request === undefined) return;
      const reply = await answer(request);
      if (reply === "drop") return;
      await connection.write(new TextEncoder().encode(responseText(reply)));
      if (reply === "cut") return;
    }
  } catch (error) {
    // The caller hung up, or the test is over: both end the connection and nothing else.
    if (!(error instanceof Error)) throw error;
  } finally {
    closeQuietly(connection);
  }
}

async function readRequest(connection: Deno.TcpConn): Promise<GraphRequest | undefined> {
  const chunk = new Uint8Array(65_536);
  const decoder = new TextDecoder();
  for (let text = "";;) {
    const count = await connection.read(chunk);
    if (count === null) return undefined;
    text += decoder.decode(chunk.subarray(0, count), { stream: true });
    const request = parseRequest(text);
    if (request !== undefined) return request;
  }
}

function parseRequest(text: string): GraphRequest | undefined {
  const [head = "", body] = text.split("\r\n\r\n");
  if (body === undefined) return undefined;
  const [line = "", ...fields] = head.split("\r\n");
  const [method = "", target = ""] = line.split(" ");
  const headers = new Headers(fields.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  }));
  const isWhole = new TextEncoder().encode(body).length >= Number(headers.get("content-length") ?? 0);
  if (!isWhole) return undefined;
  const { pathname, searchParams } = new URL(target, "http://graph");
  return { method, path: pathname, query: searchParams, headers, body: body === "" ? undefined : JSON.parse(body) };
}

function responseText(reply: Exclude<ScriptedReply, "drop">): string {
  if (reply === "cut") return 'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"recipient_id":"1';
  const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {});
  const headers = { ...reply.headers, "content-length": String(new TextEncoder().encode(body).length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.status} Scripted\r\n${lines.join("")}\r\n${body}`;
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
