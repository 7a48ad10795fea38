/** agenda on a MongoDB. */
import { MongoBackend } from "@agendajs/mongo-backend";
import { Agenda } from "agenda";
import { postText } from "../graph.ts";

/** Texts a second, 16 at a time in one process, which looks for work every ten milliseconds. */
export async function drainWithAgenda(uri: string, graphUrl: string, psids: readonly string[]): Promise<number> {
  const agenda = new Agenda({
    backend: new MongoBackend({ address: uri }),
    processEvery: 10,
    maxConcurrency: 16,
    defaultConcurrency: 16,
  });
  let left = psids.length;
  const drained = Promise.withResolvers<void>();
  agenda.define<{ readonly psid: string }>("send", async ({ attrs }) => {
    await postText(graphUrl, attrs.data.psid);
  });
  agenda.on("success", () => {
    left -= 1;
    if (left === 0) drained.resolve();
  });
  await agenda.ready;
  for (const psid of psids) await agenda.now("send", { psid });
  const startedAt = performance.now();
  await agenda.start();
  await drained.promise;
  const rate = psids.length / ((performance.now() - startedAt) / 1_000);
  await agenda.stop();
  return rate;
}
