/** What a message costs from the webhook to the answer that was sent, in processor time. */
import process from "node:process";
import { type BenchMoca, longAgo } from "./moca.ts";

const warmUp = 20;
const messages = 120;

/** Milliseconds of processor time a message, the pretended Instagram's own included. */
export async function measureMessageCost(moca: BenchMoca): Promise<number> {
  await moca.setSettings({ debounceMs: 100, cooldownMs: 0, sendsPerSecond: 20 });
  const psids = await choosePsids(moca, warmUp + messages);
  await answerAll(moca, psids.slice(0, warmUp));
  const before = process.cpuUsage();
  await answerAll(moca, psids.slice(warmUp));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / messages;
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
  let seen = instagram.log.length;
  for (const psid of psids) await instagram.contactSends(psid, { kind: "text", text: "hola" });
  const waiting = new Set<string | undefined>(psids);
  await instagram.waitFor((log) => {
    for (const { psid, applied } of log.slice(seen)) if (applied) waiting.delete(psid);
    seen = log.length;
    return waiting.size === 0;
  }, { timeoutMs: 120_000 });
}
