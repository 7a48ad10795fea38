import type { Store } from "@/store/store.ts";

export type EnvelopeOutcome = "revived" | "notDead" | "absent";

/** Makes a given-up webhook new again; every key in it is unique, so nothing happens twice. */
export async function retryEnvelope(
  { store }: { readonly store: Pick<Store, "envelopes" | "audit" | "now"> },
  id: string,
  operator: string,
): Promise<EnvelopeOutcome> {
  const outcome = await store.envelopes.revive(id);
  if (outcome === "revived") {
    const changes = { state: { before: "dead", after: "new" } };
    const entry = { actor: operator, action: "envelope.retry", object: id, changes };
    await store.audit.add([{ id: crypto.randomUUID(), at: store.now(), ...entry }]);
  }
  return outcome;
}
