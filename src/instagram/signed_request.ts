import { Buffer } from "node:buffer";
import { z } from "zod";
import { makeSignatureCheck } from "@/instagram/app_secret.ts";

/** What Meta's data-deletion and deauthorize callbacks say. */
export interface SignedRequest {
  /** App-scoped id of the app's user: the business owner, not one of its contacts. */
  readonly userId: string;
  /** Absent when Meta did not say. */
  readonly issuedAt?: Date;
}

const maxLength = 8_192;

const payloadShape = z.object({
  algorithm: z.literal("HMAC-SHA256"),
  user_id: z.union([z.string().min(1), z.number().transform(String)]),
  issued_at: z.number().positive().max(8.64e12).optional().catch(undefined),
});

/**
 * Reads the form field `signed_request`, `base64url(signature).base64url(json)`, when one of the app secrets
 * signed it; undefined otherwise. The signature covers the encoded payload, not the JSON.
 */
export async function verifySignedRequest(
  value: string,
  secrets: readonly string[],
): Promise<SignedRequest | undefined> {
  const [, signature, payload] = value.length > maxLength ? [] : /^([\w-]{43})\.([\w-]+)$/.exec(value) ?? [];
  if (signature === undefined || payload === undefined) return undefined;
  const check = makeSignatureCheck(secrets);
  const isGenuine = await check(fromBase64Url(signature), new TextEncoder().encode(payload));
  return isGenuine ? readPayload(payload) : undefined;
}

function readPayload(encoded: string): SignedRequest | undefined {
  const { data } = payloadShape.safeParse(parseJson(new TextDecoder().decode(fromBase64Url(encoded))));
  if (data === undefined) return undefined;
  const issuedAt = data.issued_at === undefined ? undefined : new Date(data.issued_at * 1_000);
  return { userId: data.user_id, issuedAt };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(encoded, "base64url"));
}
