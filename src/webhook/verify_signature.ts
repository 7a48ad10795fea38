import { makeSignatureCheck } from "@/instagram/app_secret.ts";

/** Answers whether the header `X-Hub-Signature-256` signs exactly these bytes. */
export type SignatureVerifier = (body: Uint8Array<ArrayBuffer>, header: string | undefined) => Promise<boolean>;

/**
 * Makes the verifier of Meta's webhook signature, `sha256=<64 lowercase hex digits>`, over the raw bytes of the
 * body: Meta signs what it sends, and JSON written anew is other bytes. Any of the secrets may have signed.
 */
export function makeSignatureVerifier(secrets: readonly string[]): SignatureVerifier {
  const check = makeSignatureCheck(secrets);
  return async (body, header) => {
    const signature = readSignature(header);
    return signature !== undefined && await check(signature, body);
  };
}

/** The 32 bytes of a well-formed header; undefined otherwise. */
export function readSignature(header: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header ?? "")?.[1];
  return hex === undefined ? undefined : Uint8Array.fromHex(hex);
}
