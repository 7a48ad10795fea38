/** Answers whether the signature is the HMAC-SHA256 of the data under one of the secrets; takes constant time. */
export type SignatureCheck = (signature: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) => Promise<boolean>;

/**
 * Makes the check of what Meta signs with an app's secret. Any of the secrets will do: the Instagram app's, the
 * Meta app's, the one before a rotation. Keys are made once. Without a secret nothing is ever valid.
 */
export function makeSignatureCheck(secrets: readonly string[]): SignatureCheck {
  const keys = secrets.filter((secret) => secret !== "").map(importKey);
  return async (signature, data) => {
    for (const key of keys) {
      if (await crypto.subtle.verify("HMAC", await key, signature, data)) return true;
    }
    return false;
  };
}

function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}
