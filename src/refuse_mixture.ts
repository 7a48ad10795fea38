import { type Config, ConfigError } from "@/config.ts";
import { isSandboxes, sandboxMark } from "@/store/sandbox_mark.ts";
import type { Store } from "@/store/store.ts";

/**
 * Pretended customers never stand beside real ones, wherever the settings point.
 *
 * @throws {ConfigError} when a live Moca would open a sandbox's data, or a sandbox those of a live Moca
 */
export async function refuseMixture(config: Config, store: Store): Promise<void> {
  const accounts = await store.accounts.list();
  const isPretended = isSandboxes({ hasMark: await store.limits.get(sandboxMark) !== undefined, accounts });
  if (config.mode === "live" && isPretended) throw new ConfigError([`${placeOf(config)} holds a sandbox's ${cure}`]);
  if (config.simulated && accounts.length > 0 && !isPretended) {
    throw new ConfigError([`${placeOf(config)} holds a live Moca's ${cure}`]);
  }
}

const cure = "conversations: name another place, or move what is there away";

function placeOf({ dataDir, mongodbUri }: Config): string {
  return mongodbUri === undefined ? `MOCA_DATA_DIR (${dataDir})` : "the database that MONGODB_URI names";
}
