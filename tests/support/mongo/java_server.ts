import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Place } from "@tests/support/mongo/place.ts";
import type { Started } from "@tests/support/mongo_server.ts";

const version = "1.47.0";
const folder = import.meta.dirname ?? ".";

/** Where the jars lie, as Maven said; it takes seconds to ask. */
const remembered = join(tmpdir(), `moca-mongo-java-server-${version}.classpath`);

/**
 * Starts mongo-java-server, fetched by Maven into its usual place, in memory or, when a place is given, there; it ends
 * with this process.
 */
export async function startJavaServer(place?: Place): Promise<Started> {
  const classpath = await rememberedClasspath() ?? await askMaven();
  if (typeof classpath !== "string") return classpath;
  const child = new Deno.Command("java", {
    args: [
      "-cp",
      classpath,
      join(folder, "MongoServerLauncher.java"),
      ...(place ? [join(place.dir, "moca.h2"), `${place.port}`] : []),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const port = await firstLine(child.stdout);
  const stop = async (): Promise<void> => {
    await child.stdin.close();
    await child.status;
  };
  if (port !== "") {
    return { uri: `mongodb://127.0.0.1:${port}/`, name: `mongo-java-server ${version}`, [Symbol.asyncDispose]: stop };
  }
  await stop();
  return { unavailable: "mongo-java-server did not start" };
}

async function rememberedClasspath(): Promise<string | undefined> {
  try {
    const classpath = await Deno.readTextFile(remembered);
    for (const jar of classpath.split(":")) await Deno.stat(jar);
    return await canRun("java") ? classpath : undefined;
  } catch {
    return undefined;
  }
}

async function askMaven(): Promise<string | { unavailable: string }> {
  if (!await canRun("java")) return { unavailable: "no java on the PATH" };
  if (!await canRun("mvn")) return { unavailable: "no mvn on the PATH" };
  const made = await Deno.makeTempFile();
  const args = ["-q", "-B", "-f", join(folder, "pom.xml"), "dependency:build-classpath", `-Dmdep.outputFile=${made}`];
  const { success } = await new Deno.Command("mvn", { args, stdout: "null", stderr: "null" }).output();
  if (!success) return { unavailable: "Maven could not fetch mongo-java-server" };
  await Deno.rename(made, remembered);
  return (await Deno.readTextFile(remembered)).trim();
}

async function canRun(program: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, { args: ["-version"], stdout: "null", stderr: "null" })
      .output();
    return success;
  } catch {
    return false;
  }
}

/** Up to the first line's end; empty when the stream ends before. */
async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return "";
    text += value;
  }
  await reader.cancel();
  return text.slice(0, text.indexOf("\n"));
}
