import type { Change } from "@/conversation/aggregate.ts";
import type { Store } from "@/store/store.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { EventLoop } from "@tests/simulation/event_loop.ts";
import { overlay } from "@tests/simulation/watch.ts";

/** A database for one run, to which each instance opens a handle of its own. */
export interface SimulatedDatabase extends AsyncDisposable {
  /** Points within which an instance that is to die does so; see `LifeOptions.dieAt`. */
  readonly pointsOfLife: number;
  open(options?: OpenOptions): Promise<Store>;
}

export interface OpenOptions {
  /** Between the instance and the database, where a call of the store is several commands. */
  readonly line?: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** Told of each change in the moment in which it is in the database. */
  readonly committed?: (change: Change) => void;
  /** Told of something rare that happened. */
  readonly count?: (name: string) => void;
}

/** SQLite in a file that lies in memory where there is such a folder: a simulated crash does not need the disk. */
export async function sqliteDatabase(loop: EventLoop): Promise<SimulatedDatabase> {
  const folder = await Deno.makeTempDir({ dir: await memoryFolder(), prefix: "moca-simulation-" });
  const handles: Store[] = [];
  return {
    pointsOfLife: 1_500,
    open: async ({ committed } = {}) => {
      const store = await openSqliteStore({ path: `${folder}/moca.db`, clock: loop });
      handles.push(store);
      const { conversations, envelopes } = store;
      // A group commit waits for the turns of the real loop.
      const accept: typeof envelopes.accept = (envelope) => loop.standing(envelopes.accept(envelope));
      const commit: typeof conversations.commit = async (change) => {
        const outcome = await conversations.commit(change);
        if (outcome === "committed") committed?.(change);
        return outcome;
      };
      return overlay(store, {
        conversations: overlay(conversations, { commit }),
        envelopes: overlay(envelopes, { accept }),
      });
    },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles) await handle[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function memoryFolder(): Promise<string | undefined> {
  try {
    return (await Deno.stat("/dev/shm")).isDirectory ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}
