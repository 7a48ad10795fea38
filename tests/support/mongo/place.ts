import { once } from "node:events";
import { createServer } from "node:net";

/** Where a database of the tests' own lives, so that it can be started again there. */
export interface Place {
  readonly dir: string;
  readonly port: number;
}

export async function makePlace(): Promise<Place> {
  return { dir: await Deno.makeTempDir({ prefix: "moca-mongo-" }), port: await freePort() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
