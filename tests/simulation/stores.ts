import type { Store } from "@/store/store.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { EventLoop } from "@tests/simulation/event_loop.ts";
import { overlay } from "@tests/simulation/watch.ts";

/** A database for one run, to which each instance opens a handle of its own. */
export interface SimulatedDatabase extends AsyncDisposable {
  open(): Promise<Store>;
}

/** SQLite in a file that lies in memory where there is such a folder: a simulated crash does not need the disk. */
export async function sqliteDatabase(loop: EventLoop): Promise<SimulatedDatabase> {
  const folder = await Deno.makeTempDir({ dir: await memoryFolder(), prefix: "moca-simulation-" });
  const handles: Store[] = [];
  return {
    open: async () => {
      const store = await openSqliteStore({ path: `${folder}/moca.db`, clock: loop });
      handles.push(store);
      const { envelopes } = store;
      // A group commit waits for the turns of the real loop.
      const accept: typeof envelopes.accept = (envelope) => loop.standing(envelopes.accept(envelope));
      return overlay(store, { envelopes: overlay(envelopes, { accept }) });
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
