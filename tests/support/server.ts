/** Moca as a process of its own, with sending and settling at twenty times the speed, for tests that kill it. */
import { readConfig } from "@/config.ts";
import { buildMoca } from "@/main.ts";

const moca = await buildMoca(readConfig(Deno.env.toObject()), {
  timings: { requestMs: 750, settleMs: 3_000, answeredSettleMs: 1_000, leaseMs: 1_500, slotWaitMs: 250 },
});
moca.work();
await Deno.stdout.write(new TextEncoder().encode(`ready ${moca.url}\n`));
