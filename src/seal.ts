/** Keeps secrets unreadable in the store: AES-256-GCM, each text bound to what it belongs to. */

/** A sealed text that this process cannot read; the message says why, without any part of the secret. */
export class SealError extends Error {
  override readonly name = "SealError";
}

export interface Sealer {
  /** Seals a text for one owner, e.g. an account's id; the same text gives another sealed text each time. */
  seal(text: string, boundTo: string): Promise<string>;
  /** Reads a sealed text again. Rejects with `SealError` when the key or the owner is another. */
  open(sealed: string, boundTo: string): Promise<string>;
  /** Whether a key of before sealed it, so that it wants to be sealed anew. */
  isOutdated(sealed: string): boolean;
}

interface Key {
  readonly id: string;
  readonly key: CryptoKey;
}

const version = "v1";
const nonceBytes = 12;
const keyBytes = 32;

/** Makes a sealer of one key of 32 bytes, or of several: the first seals, each opens what it sealed. */
export async function makeSealer(key: Uint8Array | readonly Uint8Array[]): Promise<Sealer> {
  const keys = await Promise.all((key instanceof Uint8Array ? [key] : key).map(importKey));
  const [current] = keys;
  if (current === undefined) throw new RangeError("Cannot make a sealer: no key is there, one at least is wanted");
  return {
    seal: (text, boundTo) => seal(current, text, boundTo),
    open: (sealed, boundTo) => open(keys, sealed, boundTo),
    isOutdated: (sealed) => keys.slice(1).some(({ id }) => sealed.startsWith(`${version}.${id}.`)),
  };
}

async function importKey(raw: Uint8Array): Promise<Key> {
  if (raw.length !== keyBytes) {
    throw new RangeError(`Cannot make a sealer: the key has ${raw.length} bytes, ${keyBytes} are wanted`);
  }
  const bytes = new Uint8Array(raw);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id: digest.slice(0, 4).toHex(), key };
}

async function seal({ id, key }: Key, text: string, boundTo: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt(algorithm(nonce, boundTo), key, new TextEncoder().encode(text));
  return [version, id, base64(nonce), base64(new Uint8Array(sealed))].join(".");
}

async function open(keys: readonly Key[], sealed: string, boundTo: string): Promise<string> {
  const [form, id, nonce, body] = sealed.split(".");
  if (form !== version || nonce === undefined || body === undefined) {
    throw new SealError(`Cannot open a sealed text: it has no form that is known, "${version}" is wanted`);
  }
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined) {
    throw new SealError(`Cannot open a sealed text: it was sealed with key ${id}, which is not among the keys given`);
  }
  try {
    const bytes = await crypto.subtle.decrypt(algorithm(bytesOf(nonce), boundTo), key.key, bytesOf(body));
    return new TextDecoder().decode(bytes);
  } catch (cause) {
    throw new SealError("Cannot open a sealed text: it was changed, or it belongs to another account", { cause });
  }
}

/** Which key sealed the text; it tells nothing of the key itself. Undefined when the text has no form that is known. */
export function sealingKeyOf(sealed: string): string | undefined {
  const [form, id] = sealed.split(".");
  return form === version ? id : undefined;
}

function algorithm(nonce: Uint8Array<ArrayBuffer>, boundTo: string): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(boundTo) };
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
