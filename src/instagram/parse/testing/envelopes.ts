/** Webhook bodies as Meta sends them, for tests. */
export const accountId = "17841400000000000";
export const psid = "1234567890123456";

/** Instagram's time of the samples, in milliseconds. */
export const sampleTime = 1_569_262_485_349;

type Json = Readonly<Record<string, unknown>>;

/** An item from the contact to the account. */
export function inbound(content: Json, over: Json = {}): Json {
  return { sender: { id: psid }, recipient: { id: accountId }, timestamp: sampleTime, ...content, ...over };
}

/** An item from the account to the contact. */
export function echo(message: Json, over: Json = {}): Json {
  const parties = { sender: { id: accountId }, recipient: { id: psid } };
  return { ...parties, timestamp: sampleTime, message: Object.assign({ is_echo: true }, message), ...over };
}

/** An envelope with one entry that holds the items. */
export function envelope(items: readonly unknown[], entry: Json = {}): Json {
  const time = 1_569_262_486_134;
  return { object: "instagram", entry: [{ id: accountId, time, messaging: items, ...entry }] };
}

export function bytes(json: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(json));
}
