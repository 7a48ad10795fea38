import { fire, prepareRequests } from "./load.ts";

const secret = "bench-app-secret";
const connections = 64;
const rounds = 7;
const requestsPerRound = 6_000;

/** Requests a second with the store and without it, each the median of the rounds, and their ratio. */
export interface IngestFigures {
  readonly durable: number;
  readonly hmacOnly: number;
  readonly ratio: number;
}

interface BenchServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Fires at both servers in turn, so that whatever else the machine does meets both alike. The first round warms up. */
export async function measureIngest(): Promise<IngestFigures> {
  const durable = await startServer("durable");
  const hmacOnly = await startServer("hmac");
  const requests = await prepareRequests(rounds * requestsPerRound, secret);
  const rates = { durable: [] as number[], hmacOnly: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const batch = requests.slice(round * requestsPerRound, (round + 1) * requestsPerRound);
    rates.hmacOnly.push(await fire(hmacOnly.port, batch, connections));
    rates.durable.push(await fire(durable.port, batch, connections));
  }
  await durable.stop();
  await hmacOnly.stop();
  const figures = { durable: median(rates.durable.slice(1)), hmacOnly: median(rates.hmacOnly.slice(1)) };
  return { ...figures, ratio: figures.durable / figures.hmacOnly };
}

async function startServer(kind: "durable" | "hmac"): Promise<BenchServer> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  const script = new URL("webhook_server.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", script, kind, `${dir}/moca.db`, secret],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value).split(" ")[1]);
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
