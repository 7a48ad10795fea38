import { digestOf, isEqual } from "@/copy/digest.ts";
import { refuseKeys, refuseSource, refuseTarget, type Side } from "@/copy/refuse.ts";
import { type CollectionName, collectionNames, type CopyMark, type Transfer } from "@/store/transfer.ts";

export interface CopyOptions {
  readonly from: Side;
  readonly to: Side;
  /** In base64; absent: tokens are not tried. */
  readonly secretKey?: string;
  /** Takes each line for people. */
  readonly say: (line: string) => void;
  /** Stops after the page under way; the same copy goes on there. */
  readonly signal: AbortSignal;
}

export type CopyOutcome =
  /** Everything is there and was found equal. */
  | { readonly kind: "whole"; readonly records: number }
  /** Nothing was written; `reason` says why. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "stopped" }
  /** The source was written to meanwhile, or somebody wrote to the target: it begins anew the next time. */
  | { readonly kind: "differs"; readonly collections: readonly CollectionName[] };

/** Where a copy begins: at its start, or where one that was stopped came to. */
type Progress = NonNullable<CopyMark["progress"]>;

/** Copies everything, or goes on with a copy that was stopped, and compares both sides at the end. */
export async function copyStore(options: CopyOptions): Promise<CopyOutcome> {
  const { from, to, say } = options;
  const left = await to.transfer.mark();
  const reason = await refuseSource(from) ?? await refuseKeys(from.transfer, options.secretKey) ??
    await refuseTarget(to, { from: from.name, mark: left });
  if (reason !== undefined) return { kind: "refused", reason };
  await from.transfer.settle();
  const mark = await begin(options, left);
  if (mark.progress !== undefined) say(`Going on at ${mark.progress.name}, where the copy before was stopped.`);
  if (!await copyAll(options, mark)) return { kind: "stopped" };
  return await compare(options, mark);
}

/** The mark that was left, or a new one in an empty target when the source is no longer what it was. */
async function begin({ from, to, say }: CopyOptions, left: CopyMark | undefined): Promise<CopyMark> {
  const fingerprint = await fingerprintOf(from.transfer);
  if (left?.fingerprint === fingerprint && left.wholeAt === undefined) return left;
  if (left !== undefined && left.wholeAt === undefined) {
    say(`${from.name} has changed since the copy before was stopped: beginning anew.`);
    await to.transfer.empty();
  }
  const mark = { from: from.name, fingerprint, startedAt: new Date() };
  await to.transfer.setMark(mark);
  return mark;
}

/** Changes with almost everything that an instance does; the comparison at the end sees the rest. */
async function fingerprintOf(transfer: Transfer): Promise<string> {
  const counts = await Promise.all(collectionNames.map(async (name) => `${name} ${await transfer.count(name)}`));
  return counts.join(", ");
}

/** False when it was stopped. */
async function copyAll(options: CopyOptions, mark: CopyMark): Promise<boolean> {
  const first = mark.progress === undefined ? 0 : collectionNames.indexOf(mark.progress.name);
  for (const name of collectionNames.slice(first)) {
    const progress = mark.progress?.name === name ? mark.progress : { name, written: 0 };
    if (!await copyCollection(options, { mark, progress })) return false;
  }
  return true;
}

async function copyCollection(
  { from, to, say, signal }: CopyOptions,
  { mark, progress }: { mark: CopyMark; progress: Progress },
): Promise<boolean> {
  const { name } = progress;
  let { written } = progress;
  const told = teller(say, name);
  for await (const { records, position } of from.transfer.read(name, progress.position)) {
    if (signal.aborted) return false;
    await to.transfer.write(name, records, written);
    written += records.length;
    await to.transfer.setMark({ ...mark, progress: { name, written, position } });
    told(written);
  }
  say(`${name}: ${written}`);
  return !signal.aborted;
}

/** Tells of every 50,000. */
function teller(say: (line: string) => void, name: string): (written: number) => void {
  let next = 50_000;
  return (written) => {
    if (written < next) return;
    say(`${name}: ${written} so far`);
    next = written + 50_000;
  };
}

async function compare({ from, to, say, signal }: CopyOptions, mark: CopyMark): Promise<CopyOutcome> {
  say("Comparing both sides, record by record.");
  const different: CollectionName[] = [];
  let records = 0;
  for (const name of collectionNames) {
    const [one, two] = [await digestOf(from.transfer, name, signal), await digestOf(to.transfer, name, signal)];
    if (one === undefined || two === undefined) return { kind: "stopped" };
    if (!isEqual(one, two)) different.push(name);
    records += one.count;
  }
  if (different.length > 0) {
    await to.transfer.setMark({ ...mark, fingerprint: "differs" });
    return { kind: "differs", collections: different };
  }
  await to.transfer.setMark({ ...mark, wholeAt: new Date() });
  return { kind: "whole", records };
}
