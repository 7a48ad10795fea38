/** A thread that runs its share of the seeds; see `seeds.ts`. */
import { hasBroken, type Share } from "@tests/simulation/seeds.ts";
import { simulate } from "@tests/simulation/simulation.ts";

const thread = globalThis as unknown as {
  onmessage: (event: MessageEvent<Share>) => void;
  postMessage(message: unknown): void;
};

thread.onmessage = async ({ data: { seeds, bug, mongo, until } }): Promise<void> => {
  for (const seed of seeds) {
    const outcome = await simulate(seed, { bug, mongo });
    thread.postMessage(outcome);
    if (hasBroken(outcome, until)) break;
  }
  thread.postMessage("done");
};
