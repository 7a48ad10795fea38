/**
 * A pretend model provider on loopback that speaks OpenAI's chat completions and answers from a script: for
 * everything that a real one does on a bad day.
 */

export interface PuppetCall {
  readonly name: string;
  /** An object is written as JSON; a string is sent as it is. */
  readonly arguments: unknown;
}

export type PuppetAnswer =
  | { readonly kind: "calls"; readonly calls: readonly PuppetCall[]; readonly finish?: string; readonly text?: string }
  | { readonly kind: "text"; readonly text: string; readonly finish?: string }
  | { readonly kind: "refusal"; readonly refusal: string }
  | { readonly kind: "noChoices" }
  | {
    readonly kind: "raw";
    readonly status: number;
    readonly body: string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  /** Nothing is answered while the puppet lives. */
  | { readonly kind: "never" }
  /** The answer begins and does not end. */
  | { readonly kind: "drip" };

/** What the puppet was sent. */
export interface PuppetRequest {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string | null }[];
    readonly tools?: readonly { readonly function: { readonly name: string } }[];
    readonly [key: string]: unknown;
  };
}

export interface PuppetModel extends AsyncDisposable {
  /** For `OPENAI_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly PuppetRequest[];
  /** Resolves when the first request has arrived. */
  readonly asked: Promise<void>;
}

/** What the puppet answers: in order, the last one from then on; or made from the request. */
export type PuppetScript = readonly PuppetAnswer[] | ((request: PuppetRequest) => PuppetAnswer);

/** One tool call as the model's whole answer. */
export function oneCall(name: string, args: unknown): PuppetAnswer {
  return { kind: "calls", calls: [{ name, arguments: args }] };
}

/** Starts a puppet; disposing of it ends the requests that it left without an answer. */
export function startPuppetModel(script: PuppetScript): PuppetModel {
  const requests: PuppetRequest[] = [];
  const asked = Promise.withResolvers<void>();
  // `Deno.serve` does not always notice that a client has left, so that the end of the puppet ends its requests.
  const closing = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname: path } = new URL(request.url);
    const asking = { path, authorization: request.headers.get("authorization"), body: await request.json() };
    requests.push(asking);
    asked.resolve();
    const answer = typeof script === "function" ? script(asking) : script[Math.min(requests.length, script.length) - 1];
    return await play(answer ?? { kind: "noChoices" }, closing.promise);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    requests,
    asked: asked.promise,
    [Symbol.asyncDispose]: async () => {
      closing.resolve();
      await server.shutdown();
    },
  };
}

function play(answer: PuppetAnswer, closing: Promise<void>): Response | Promise<Response> {
  switch (answer.kind) {
    case "calls":
      return completion(
        { content: answer.text ?? null, tool_calls: answer.calls.map(toolCall) },
        answer.finish ?? "tool_calls",
      );
    case "text":
      return completion({ content: answer.text }, answer.finish ?? "stop");
    case "refusal":
      return completion({ content: null, refusal: answer.refusal }, "stop");
    case "noChoices":
      return Response.json({ id: crypto.randomUUID(), object: "chat.completion", model: "puppet", choices: [] });
    case "raw":
      return new Response(answer.body, {
        status: answer.status,
        headers: { "content-type": "application/json", ...answer.headers },
      });
    case "never":
      return closing.then(() => new Response(null, { status: 204 }));
    case "drip":
      return new Response(beginning('{"id":"1","choices":['), { headers: { "content-type": "application/json" } });
  }
}

function completion(message: Readonly<Record<string, unknown>>, finish: string): Response {
  return Response.json({
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: "chat.completion",
    created: 0,
    model: "puppet",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  });
}

function toolCall(call: PuppetCall): Readonly<Record<string, unknown>> {
  const written = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);
  return { id: `call_${crypto.randomUUID()}`, type: "function", function: { name: call.name, arguments: written } };
}

/** A body whose first bytes come and whose end does not. */
function beginning(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) });
}
