/** Moca as a process of its own, with sending and settling faster than real, for tests that kill it. */
import { readConfig } from "@/config.ts";
import { buildMoca } from "@/main.ts";
import { defaultTimings } from "@/outbound/timings.ts";

/** How many times faster. */
const speed = Number(Deno.env.get("TEST_SPEED") ?? 20);

const { requestMs, settleMs, answeredSettleMs, leaseMs, slotWaitMs } = defaultTimings;
const { readIntervalMs, readRetryMs, retryCapMs, throttleBaseMs, throttleCapMs } = defaultTimings;
const timings = Object.fromEntries(
  Object.entries({
    requestMs,
    settleMs,
    answeredSettleMs,
    leaseMs,
    slotWaitMs,
    readIntervalMs,
    readRetryMs,
    retryCapMs,
    throttleBaseMs,
    throttleCapMs,
  }).map(([name, ms]) => [name, ms / speed]),
);
/** As many calls as two a read-back need. */
const readPace = { limit: 1, intervalMs: readIntervalMs / speed / 2 };

const moca = await buildMoca(readConfig(Deno.env.toObject()), { timings, readPace });
moca.work();
await Deno.stdout.write(new TextEncoder().encode(`ready ${moca.url}\n`));
