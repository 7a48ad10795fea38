/** Why a copy is not begun. Each answers a sentence for people, or undefined when all is well. */
import { makeSealer, SealError, sealingKeyOf } from "@/seal.ts";
import { collectionNames, type CopyMark, type Transfer } from "@/store/transfer.ts";

export interface Side {
  readonly transfer: Transfer;
  /** The place, without any password. */
  readonly name: string;
}

/** A source whose data may change, or is not whole. */
export async function refuseSource({ transfer, name }: Side): Promise<string | undefined> {
  const working = await refuseWorkers({ transfer, name });
  if (working !== undefined) return working;
  const mark = await transfer.mark();
  if (mark === undefined || mark.wholeAt !== undefined) return undefined;
  return `${name} is itself half a copy, of ${mark.from}: finish that one first`;
}

/** A target that holds somebody else's data. `mark` is what an earlier run left in it. */
export async function refuseTarget(
  { transfer, name }: Side,
  { from, mark }: { from: string; mark: CopyMark | undefined },
): Promise<string | undefined> {
  const working = await refuseWorkers({ transfer, name });
  if (working !== undefined) return working;
  if (mark !== undefined && mark.wholeAt === undefined) {
    return mark.from === from ? undefined : `${name} holds half a copy of ${mark.from}: finish that one, or empty it`;
  }
  for (const collection of collectionNames) {
    const count = await transfer.count(collection);
    if (count > 0) return `${name} is not empty (${count} in ${collection}): data is copied into an empty place only`;
  }
}

async function refuseWorkers({ transfer, name }: Side): Promise<string | undefined> {
  const workers = await transfer.workers();
  if (workers.length === 0) return undefined;
  return `Moca works on ${name} (${workers.join(", ")}): stop every instance, wait half a minute, and run this again`;
}

/** Access tokens that one key does not open. Without a key, that several keys sealed them is all that can be seen. */
export async function refuseKeys(source: Transfer, secretKey: string | undefined): Promise<string | undefined> {
  const sealed: { id: string; text: string }[] = [];
  for await (const { records } of source.read("accounts")) {
    sealed.push(...records.flatMap(({ id, token }) => token === undefined ? [] : [{ id, text: token.sealed }]));
  }
  if (new Set(sealed.map(({ text }) => sealingKeyOf(text))).size > 1) {
    return "the accounts' access tokens were sealed with several keys: start Moca with one MOCA_SECRET_KEY and enter " +
      "the tokens that it cannot read again, in Settings";
  }
  if (secretKey === undefined || sealed.length === 0) return undefined;
  const sealer = await makeSealer(Uint8Array.fromBase64(secretKey));
  for (const { id, text } of sealed) {
    try {
      await sealer.open(text, id);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return `MOCA_SECRET_KEY does not open the access token of account ${id}: set the key that Moca ran with`;
    }
  }
}
