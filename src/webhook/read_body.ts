import type { Clock } from "@/clock.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  /** From now until the last byte. The server itself has no such deadline. */
  readonly deadlineMs: number;
  readonly clock: Clock;
}

/** `broken`: the client went away before the end. */
export type BodyRead =
  | { readonly kind: "read"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "tooLarge" | "tooSlow" | "broken" };

/** Reads a request's raw body, but never more than `maxBytes` and never for longer than `deadlineMs`. */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyRead> {
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBytes) return { kind: "tooLarge" };
  if (request.body === null) return { kind: "read", bytes: new Uint8Array() };
  const reader = request.body.getReader();
  const settled = new AbortController();
  const deadline = limits.clock.wait(limits.deadlineMs, settled.signal).then((): BodyRead => ({ kind: "tooSlow" }));
  const read = await Promise.race([readAll(reader, limits.maxBytes), deadline]);
  settled.abort();
  if (read.kind !== "read") reader.cancel().catch(() => undefined);
  return read;
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
): Promise<BodyRead> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > maxBytes) return { kind: "tooLarge" };
      chunks.push(next.value);
    }
  } catch {
    return { kind: "broken" };
  }
  return { kind: "read", bytes: joined(chunks, size) };
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
