/** What Meta puts on the wire: envelopes, their escaped bytes, and the signature over these bytes. */

/** One item of an envelope; `standby` when another app owns the thread. */
export interface EnvelopeEvent {
  readonly list: "messaging" | "standby";
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Envelope {
  readonly object: "instagram";
  readonly entry: readonly Readonly<Record<string, unknown>>[];
}

/** One webhook request's content: an entry for each list that has events, with their order kept. */
export function makeEnvelope(
  events: readonly EnvelopeEvent[],
  { accountId, at }: { readonly accountId: string; readonly at: Date },
): Envelope {
  const entryOf = (list: EnvelopeEvent["list"]): Readonly<Record<string, unknown>>[] => {
    const bodies = events.filter((event) => event.list === list).map(({ body }) => body);
    return bodies.length === 0 ? [] : [{ time: at.getTime(), id: accountId, [list]: bodies }];
  };
  return { object: "instagram", entry: [...entryOf("messaging"), ...entryOf("standby")] };
}

/** JSON as Meta writes it: ASCII only (lower-case `\u00e9`), and `/` as `\/`. */
export function toMetaJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("/", "\\/")
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The value of `X-Hub-Signature-256`: `sha256=` and the HMAC of the body's bytes in lower-case hex. */
export async function signBody(body: string | Uint8Array<ArrayBuffer>, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  return `sha256=${new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes)).toHex()}`;
}
