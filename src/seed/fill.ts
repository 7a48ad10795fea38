import { type Random, seededRandom } from "@/simulator/random.ts";
import { makeStory, type Story } from "@/seed/story.ts";
import { madeUpAccountId } from "@/store/sandbox_mark.ts";
import type { Transfer } from "@/store/transfer.ts";

export interface SeedOptions {
  readonly contacts: number;
  /** Of all contacts together; some write much, most little. */
  readonly messages: number;
  /** The same number gives the same data, to the letter. Default 1. */
  readonly seed?: number;
  /** When the newest may have been written. Default noon of 2026-11-24. */
  readonly until?: Date;
  /** Default the sandbox's. */
  readonly accountId?: string;
  /** Is told how many contacts are there. */
  readonly onProgress?: (contacts: number) => void;
}

/** Contacts that are written together. */
const batch = 250;

/** Fills an empty store with contacts, their messages, the decisions on them and what was sent. */
export async function fillStore(transfer: Transfer, options: SeedOptions): Promise<void> {
  const { seed = 1, until = new Date("2026-11-24T12:00:00Z"), accountId = madeUpAccountId } = options;
  const random = seededRandom(seed);
  const lengths = shareOut(random, options);
  const account = { id: accountId, username: "moca.sandbox", state: "active" as const, settings: {}, ver: 1 };
  await transfer.write("accounts", [{ ...account, createdAt: until, updatedAt: until }], 0);
  for (let first = 0; first < options.contacts; first += batch) {
    const stories = lengths.slice(first, first + batch).map((length, n) =>
      makeStory({ random, accountId, index: first + n, length, until })
    );
    await writeStories(transfer, stories);
    options.onProgress?.(first + stories.length);
  }
}

async function writeStories(transfer: Transfer, stories: readonly Story[]): Promise<void> {
  await transfer.write("conversations", stories.map(({ conversation }) => conversation), 0);
  await transfer.write("contacts", stories.map(({ contact }) => contact), 0);
  await transfer.write("debounce", stories.map(({ debounce }) => debounce), 0);
  await transfer.write("messages", stories.flatMap(({ messages }) => messages), 0);
  await transfer.write("turns", stories.flatMap(({ turns }) => turns), 0);
  await transfer.write("outbound_queue", stories.flatMap(({ items }) => items), 0);
}

/** How many messages each contact has: one at least, if there are enough; exactly `messages` in all. */
function shareOut(random: Random, { contacts, messages }: SeedOptions): readonly number[] {
  const sure = messages >= contacts ? 1 : 0;
  const weights = Array.from({ length: contacts }, () => -Math.log(1 - random()));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const free = messages - sure * contacts;
  let [until, given] = [0, 0];
  return weights.map((weight, n) => {
    until += weight;
    const due = n === contacts - 1 ? free : Math.floor((until / whole) * free);
    const share = due - given;
    given = due;
    return sure + share;
  });
}
