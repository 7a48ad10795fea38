/**
 * `deno task copy --from … --to …`: moves all of Moca's data between the embedded store (its data folder) and MongoDB
 * (its URI), either way, and compares both sides. It may be stopped and started again.
 */
import { parseArgs } from "node:util";
import { type CopyOutcome, copyStore } from "@/copy/copy_store.ts";
import { readEnvironment } from "@/env_file.ts";
import { isMongo, nameOf, openTransfer } from "@/store/open_transfer.ts";

const usage = "Wants: deno task copy --from ./data --to mongodb://…/moca, or the other way round";

/** @throws {Error} with a sentence for people when a place cannot be used */
export async function copy(
  places: { readonly from: string; readonly to: string },
  options: { secretKey?: string; say: (line: string) => void; signal: AbortSignal },
): Promise<CopyOutcome> {
  const [from, to] = [nameOf(places.from), nameOf(places.to)];
  if (from === to) return { kind: "refused", reason: `both places are ${from}` };
  if (!await isThere(places.from)) return { kind: "refused", reason: `there is no moca.db in ${from}` };
  await using source = await openTransfer(places.from);
  await using target = await openTransfer(places.to);
  return await copyStore({ ...options, from: { transfer: source, name: from }, to: { transfer: target, name: to } });
}

async function isThere(place: string): Promise<boolean> {
  if (isMongo(place)) return true;
  try {
    return (await Deno.stat(`${place}/moca.db`)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The last line of a run. */
export function conclude(outcome: CopyOutcome, { from, to }: { from: string; to: string }): string {
  switch (outcome.kind) {
    case "whole":
      return `All ${outcome.records} records are in ${nameOf(to)} and equal those of ${nameOf(from)}. Set ` +
        `${isMongo(to) ? "MONGODB_URI" : "MOCA_DATA_DIR, and take MONGODB_URI away,"} before the next start, keep ` +
        "MOCA_SECRET_KEY, and never start Moca on the old place again: both would answer.";
    case "refused":
      return `Not copied: ${outcome.reason}`;
    case "stopped":
      return "Stopped. Run the same command again and it goes on here; until then Moca does not start on the new place.";
    case "differs":
      return `Not equal: ${outcome.collections.join(", ")}. Something was written to meanwhile. Stop every instance ` +
        "and run the same command again: it begins anew.";
  }
}

const exitCodes: Readonly<Record<CopyOutcome["kind"], number>> = { whole: 0, refused: 1, differs: 1, stopped: 130 };

async function main(): Promise<number> {
  const { values: { from, to } } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
  if (from === undefined || to === undefined) throw new Error(`Cannot copy: a place is missing. ${usage}`);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopping.abort());
  const { MOCA_SECRET_KEY: secretKey } = readEnvironment(["MOCA_SECRET_KEY"]);
  const outcome = await copy({ from, to }, { secretKey: secretKey || undefined, say, signal: stopping.signal });
  say(conclude(outcome, { from, to }));
  return exitCodes[outcome.kind];
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    await Deno.stderr.write(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
    Deno.exit(1);
  }
}
