/**
 * `deno task seed`: fills an empty store with invented contacts and their conversations, the same for the same
 * number, to try Moca at a size. `--to` names a data folder or a MongoDB's URI; left out, it is where the sandbox
 * keeps its data.
 */
import { parseArgs } from "node:util";
import { readEnvironment } from "@/env_file.ts";
import { fillStore, type SeedOptions } from "@/seed/fill.ts";
import { sandboxFolder, sandboxUri } from "@/sandbox_place.ts";
import { nameOf, openTransfer } from "@/store/open_transfer.ts";
import { collectionNames, type Transfer } from "@/store/transfer.ts";

/** @throws {Error} when the store holds anything */
export async function seed(place: string, options: SeedOptions): Promise<void> {
  await using transfer = await openTransfer(place);
  await mustBeEmpty(transfer, place);
  await fillStore(transfer, options);
}

async function mustBeEmpty(transfer: Transfer, place: string): Promise<void> {
  for (const name of collectionNames) {
    const count = await transfer.count(name);
    if (count > 0) throw new Error(`Cannot seed ${nameOf(place)}: it holds ${count} ${name}, wants an empty store`);
  }
}

function numberOf(text: string, name: string): number {
  const number = Number(text.replaceAll(/[_,]/g, ""));
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`Cannot seed: --${name} is "${text}", wants a whole number`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: "string" },
      contacts: { type: "string", default: "1000" },
      messages: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
    },
  });
  const env = readEnvironment(["MOCA_DATA_DIR", "MONGODB_URI"]);
  const place = values.to ??
    (env["MONGODB_URI"] ? sandboxUri(env["MONGODB_URI"]) : sandboxFolder(env["MOCA_DATA_DIR"] || "./data"));
  const [contacts, messages] = [numberOf(values.contacts, "contacts"), numberOf(values.messages, "messages")];
  const startedAt = performance.now();
  await seed(place, { contacts, messages, seed: numberOf(values.seed, "seed"), onProgress: showing(contacts) });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(`${nameOf(place)}: ${contacts} contacts with ${messages} messages, in ${seconds} s`);
}

/** A line now and then. */
function showing(contacts: number): (done: number) => void {
  const step = Math.max(10_000, Math.ceil(contacts / 10));
  let next = step;
  return (done) => {
    if (done < next || done >= contacts) return;
    next += step;
    say(`${done} contacts`);
  };
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    await Deno.stderr.write(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
    Deno.exit(1);
  }
}
