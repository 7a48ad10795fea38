import { MongoClient } from "mongodb";
import { makePlace, type Place } from "@tests/support/mongo/place.ts";
import type { Started } from "@tests/support/mongo_server.ts";

/** Starts the `mongod` on the PATH at the place, or on a folder of its own, which goes away with it. */
export async function startMongod(place?: Place): Promise<Started> {
  const { dir, port } = place ?? await makePlace();
  const tidy = async (): Promise<void> => {
    if (place === undefined) await Deno.remove(dir, { recursive: true });
  };
  const child = spawn(["--dbpath", dir, "--port", `${port}`, "--bind_ip", "127.0.0.1", "--quiet"]);
  if (child === undefined) {
    await tidy();
    return { unavailable: "no mongod on the PATH" };
  }
  const uri = `mongodb://127.0.0.1:${port}/`;
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await child.status;
    await tidy();
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
