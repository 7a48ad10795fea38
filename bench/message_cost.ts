/** What a message costs from the webhook to the answer that was sent, in processor time. */
import process from "node:process";
import { type BenchMoca, longAgo } from "./moca.ts";

const rounds = 3;
const perRound = 40;

/** Milliseconds of processor time a message, the pretended Instagram's own included. */
export interface MessageCost {
  readonly small: number;
  readonly large: number;
}

/** In turns, so that whatever else the machine does, and the compiler learns, meets both alike. */
export async function measureMessageCost(small: BenchMoca, large: BenchMoca): Promise<MessageCost> {
  const spent = { small: 0, large: 0 };
  const psids = { small: await prepare(small), large: await prepare(large) };
  for (let round = 0; round <= rounds; round += 1) {
    for (const [side, moca] of [["small", small], ["large", large]] as const) {
      const before = process.cpuUsage();
      await answerAll(moca, psids[side].slice(round * perRound, (round + 1) * perRound));
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0) spent[side] += (user + system) / 1_000 / (rounds * perRound);
    }
  }
  return spent;
}

async function prepare(moca: BenchMoca): Promise<readonly string[]> {
  await moca.setSettings({ debounceMs: 100, cooldownMs: 0, sendsPerSecond: 20 });
  return await choosePsids(moca, (rounds + 1) * perRound);
}

/** Contacts whom the bot answers; one of the newest and one of long ago by turns, since the latter lie on no page read. */
async function choosePsids(moca: BenchMoca, count: number): Promise<readonly string[]> {
  const read = async (more: string): Promise<readonly string[]> => {
    const page = await moca.get(`/api/v1/conversations?handler=bot&limit=${count / 2}${more}`);
    return (JSON.parse(page) as { items: { contact: { psid: string } }[] }).items.map(({ contact }) => contact.psid);
  };
  const [recent, old] = [await read(""), await read(`&cursor=${encodeURIComponent(longAgo)}`)];
  return recent.flatMap((psid, n) => [psid, old[n]]);
}

async function answerAll({ instagram }: BenchMoca, psids: readonly string[]): Promise<void> {
  const before = instagram.log.length;
  for (const psid of psids) await instagram.contactSends(psid, { kind: "text", text: "hola" });
  const waiting = new Set<string | undefined>(psids);
  const answered = instagram.waitFor((log) => {
    for (const { psid, applied } of log.slice(before)) if (applied) waiting.delete(psid);
    return waiting.size === 0;
  }, { timeoutMs: 60_000 });
  await answered.catch((cause) => {
    const ids = [...waiting].join(", ");
    throw new Error(`Cannot measure: ${waiting.size} of ${psids.length} contacts got no answer (${ids})`, { cause });
  });
}
