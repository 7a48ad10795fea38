/** Several real processes on one MongoDB, killed and paused, judged by the pretended Instagram's own log. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { defaultTimings } from "@/outbound/timings.ts";
import { MocaCluster } from "@tests/support/moca_cluster.ts";
import type { MocaProcess } from "@tests/support/moca_process.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Texts a second: as many as an account may be set to. */
const sendsPerSecond = 20;

/** Real processes outlive what the sanitizers look at. */
const real = { sanitizeOps: false, sanitizeResources: false } as const;

/** How many times faster than real these processes send and settle. */
const speed = 4;

/**
 * Longer than the leases of sending and than the time after which an open outcome is settled by reading: others take
 * over and bring everything to its end before the sleeper wakes. In real time, more than a minute.
 */
const pauseMs = (defaultTimings.requestMs + defaultTimings.settleMs) / speed + 1_000;

function contactsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `5000000000000${String(index).padStart(3, "0")}`);
}

await withMongo(({ uri }) => {
  Deno.test({
    name:
      "three instances, killed and paused in turn under 200 contacts: everything is answered once or with a person, in order, at the pace (C1, C7, C9, C10)",
    ...real,
    fn: async () => {
      await using cluster = await MocaCluster.start({ size: 3, uri, sendsPerSecond, speed });
      const everybody = contactsOf(200);
      const writing = writeBursts(cluster, [
        { contacts: everybody, overMs: 20_000 },
        { contacts: everybody.filter((_, index) => index % 4 === 0), overMs: 10_000 },
      ]);
      const asleep = new Set<MocaProcess>();
      await Promise.all([pauseInTurn(cluster, asleep), killInTurn(cluster, { asleep, rounds: 6 }), writing]);
      await cluster.settled({ timeoutMs: 240_000 });
      await cluster.assertKept();
      assert.ok(cluster.busiestSecond() <= sendsPerSecond, `${cluster.busiestSecond()} texts in one second`);
    },
  });
});

interface Load {
  readonly contacts: readonly string[];
  readonly overMs: number;
}

/** Each contact writes one to three texts in a row; contacts begin one after another. */
async function writeBursts(cluster: MocaCluster, loads: readonly Load[]): Promise<void> {
  for (const { contacts, overMs } of loads) {
    for (const [index, psid] of contacts.entries()) {
      cluster.writes(psid, 1 + index % 3);
      await systemClock.wait(overMs / contacts.length);
    }
  }
}

/** Lets one instance after another sleep, longer than anything that it holds is good for. */
async function pauseInTurn({ instances }: MocaCluster, asleep: Set<MocaProcess>): Promise<void> {
  for (const instance of instances) {
    await systemClock.wait(1_000);
    asleep.add(instance);
    instance.pause();
    await systemClock.wait(pauseMs);
    instance.resume();
    asleep.delete(instance);
  }
}

/** Kills one instance after another, with `kill -9`, of those that are awake, and starts it again. */
async function killInTurn(
  { instances }: MocaCluster,
  { asleep, rounds }: { readonly asleep: ReadonlySet<MocaProcess>; readonly rounds: number },
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await systemClock.wait(4_000);
    const awake = instances.filter((instance) => !asleep.has(instance));
    const victim = awake[round % awake.length];
    await victim?.kill();
    await systemClock.wait(500);
    await victim?.start();
  }
}
