import { createServer } from "node:net";
import { once } from "node:events";
import { MongoClient } from "mongodb";
import type { Started } from "@tests/support/mongo_server.ts";

/** Starts the `mongod` on the PATH on a folder of its own, which goes away with it. */
export async function startMongod(): Promise<Started> {
  const dir = await Deno.makeTempDir({ prefix: "moca-mongod-" });
  const port = await freePort();
  const child = spawn(["--dbpath", dir, "--port", `${port}`, "--bind_ip", "127.0.0.1", "--quiet"]);
  if (child === undefined) {
    await Deno.remove(dir, { recursive: true });
    return { unavailable: "no mongod on the PATH" };
  }
  const uri = `mongodb://127.0.0.1:${port}/`;
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(dir, { recursive: true });
  };
  if (await answers(uri)) return { uri, name: "mongod", [Symbol.asyncDispose]: stop };
  await stop();
  return { unavailable: "mongod did not start" };
}

function spawn(args: string[]): Deno.ChildProcess | undefined {
  try {
    return new Deno.Command("mongod", { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answers(uri: string): Promise<boolean> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 20_000 });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
