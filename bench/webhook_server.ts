/** The webhook as a process of its own: `durable` keeps each request in SQLite, `hmac` only verifies it. */
import { systemClock } from "@/clock.ts";
import { makeMetrics } from "@/metrics.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import type { Store } from "@/store/store.ts";
import { webhookRoutes } from "@/webhook/webhook.ts";

const [kind, path = "", secret = ""] = Deno.args;

async function envelopesOf(): Promise<Pick<Store, "envelopes" | "now">> {
  const store = await openSqliteStore({ path, clock: systemClock });
  if (kind === "durable") return store;
  const envelopes = { ...store.envelopes, accept: () => Promise.resolve("stored" as const) };
  return { envelopes, now: () => store.now() };
}

const routes = webhookRoutes({
  config: { appSecrets: [secret], verifyToken: "bench" },
  store: await envelopesOf(),
  metrics: makeMetrics(),
  clock: systemClock,
  onStored: () => {},
});
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, routes.fetch);
await Deno.stdout.write(new TextEncoder().encode(`ready ${server.addr.port}\n`));
