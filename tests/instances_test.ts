/** Several real processes on one MongoDB, killed and paused, judged by the pretended Instagram's own log. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { MocaCluster } from "@tests/support/moca_cluster.ts";
import type { MocaProcess } from "@tests/support/moca_process.ts";
import { withMongo } from "@tests/support/mongo_server.ts";

/** Texts a second: as many as an account may be set to. */
const sendsPerSecond = 20;

/** Real processes outlive what the sanitizers look at. */
const real = { sanitizeOps: false, sanitizeResources: false } as const;

/**
 * Longer than the leases of sending (1,500 ms in these processes), so that others take over; shorter than the time
 * after which an open outcome is settled by reading (3,000 ms after a POST's deadline), because a process that
 * sleeps longer in the middle of a POST may wake up and finish it after another has seen nothing and sent again. No
 * protocol can prevent that; at full speed the limit is a minute.
 */
const pauseMs = 2_200;

function contactsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `5000000000000${String(index).padStart(3, "0")}`);
}

await withMongo(({ uri }) => {
  Deno.test({
    name:
      "three instances, killed and paused in turn: everything is answered once, in order, at the pace (C1, C7, C9, C10)",
    ...real,
    fn: async () => {
      await using cluster = await MocaCluster.start({ size: 3, uri, sendsPerSecond });
      const writing = writeBursts(cluster, { contacts: contactsOf(60), bursts: 3, everyMs: 6_000 });
      const [killed, paused] = await Promise.all([
        disturb(cluster, { first: 0, rounds: 8 }, killAndRestart),
        disturb(cluster, { first: 1, rounds: 8 }, pauseAndResume),
        writing,
      ]);
      assert.deepEqual([killed, paused], [8, 8]);
      await cluster.settled({ timeoutMs: 90_000 });
      cluster.assertKept();
      assert.ok(cluster.busiestSecond() <= sendsPerSecond, `${cluster.busiestSecond()} texts in one second`);
    },
  });
});

interface Load {
  readonly contacts: readonly string[];
  readonly bursts: number;
  readonly everyMs: number;
}

/** Each contact writes one to three texts in a row, again and again; contacts begin one after another. */
async function writeBursts(cluster: MocaCluster, { contacts, bursts, everyMs }: Load): Promise<void> {
  for (let burst = 0; burst < bursts; burst++) {
    for (const [index, psid] of contacts.entries()) {
      cluster.writes(psid, 1 + (index + burst) % 3);
      await systemClock.wait(everyMs / contacts.length);
    }
  }
}

interface Course {
  readonly first: number;
  readonly rounds: number;
}

/** Does something to one instance after another; answers how often. */
async function disturb(
  { instances }: MocaCluster,
  { first, rounds }: Course,
  act: (instance: MocaProcess) => Promise<void>,
): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    const instance = instances[(first + round) % instances.length];
    assert.ok(instance);
    await act(instance);
  }
  return rounds;
}

async function killAndRestart(instance: MocaProcess): Promise<void> {
  await instance.kill();
  await systemClock.wait(500);
  await instance.start();
  await systemClock.wait(700);
}

async function pauseAndResume(instance: MocaProcess): Promise<void> {
  instance.pause();
  await systemClock.wait(pauseMs);
  instance.resume();
  await systemClock.wait(300);
}
