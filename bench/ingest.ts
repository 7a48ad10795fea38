import { fire, prepareRequests } from "./load.ts";

const secret = "bench-app-secret";
const connections = 64;
const requestsPerRound = 20_000;

/** Requests a second with the store and without it, and how the first stands to the second. */
export interface IngestFigures {
  readonly durable: number;
  readonly hmacOnly: number;
  readonly ratio: number;
}

/** Measures both in turn, twice, and takes the better round of each: the first warms the process up. */
export async function measureIngest(): Promise<IngestFigures> {
  const durable = await measure("durable");
  const hmacOnly = await measure("hmac");
  return { durable, hmacOnly, ratio: durable / hmacOnly };
}

async function measure(kind: "durable" | "hmac"): Promise<number> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "-A",
      new URL("webhook_server.ts", import.meta.url).pathname,
      kind,
      `${dir}/moca.db`,
      secret,
    ],
    stdout: "piped",
  }).spawn();
  const reader = server.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value).split(" ")[1]);
  const requests = await prepareRequests(2 * requestsPerRound, secret);
  const first = await fire(port, requests.slice(0, requestsPerRound), connections);
  const second = await fire(port, requests.slice(requestsPerRound), connections);
  server.kill("SIGTERM");
  await reader.cancel();
  await server.status;
  await Deno.remove(dir, { recursive: true });
  return Math.max(first, second);
}
