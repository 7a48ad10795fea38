import assert from "node:assert/strict";
import { backupFlags, doctorFlags, environmentNames, permissionFlags, transferFlags } from "@/permissions.ts";

function netOf(env: Record<string, string>): readonly string[] {
  const flag = permissionFlags(env).find((candidate) => candidate.startsWith("--allow-net=")) ?? "";
  return flag.slice("--allow-net=".length).split(",");
}

Deno.test("permissionFlags() allows the listening address and Instagram, no other host, in live mode", () => {
  assert.deepEqual(netOf({}), ["127.0.0.1:8000", "graph.instagram.com:443"]);
});

Deno.test("permissionFlags() allows loopback alone in the sandbox", () => {
  assert.deepEqual(netOf({ MOCA_MODE: "sandbox" }), ["127.0.0.1:8000", "127.0.0.1"]);
});

Deno.test("permissionFlags() allows the configured model server", () => {
  assert.ok(netOf({ OPENAI_API_KEY: "k" }).includes("api.openai.com:443"));
  assert.ok(netOf({ OPENAI_BASE_URL: "http://gpu.lan:11434/v1" }).includes("gpu.lan:11434"));
});

Deno.test("permissionFlags() allows every host of a MongoDB address and leaves its password out", () => {
  const net = netOf({ MONGODB_URI: "mongodb://moca:secret@a:1,b/moca?replicaSet=rs" });
  assert.deepEqual(net.slice(-2), ["a:1", "b:27017"]);
});

Deno.test("permissionFlags() never allows everything of a kind, and no starting of programs", () => {
  const flags = permissionFlags({});
  assert.ok(!flags.includes("-A"));
  for (const kind of ["net", "read", "write", "env", "sys", "run", "ffi"]) {
    assert.ok(!flags.includes(`--allow-${kind}`));
  }
  assert.ok(!flags.some((flag) => flag.startsWith("--allow-run") || flag.startsWith("--allow-ffi")));
});

Deno.test("backupFlags() allows the data folder alone, and no network", () => {
  assert.deepEqual(backupFlags({ MOCA_DATA_DIR: "/data", PUBLIC_URL: "https://moca.example.com" }), [
    "--no-prompt",
    "--allow-env=MOCA_DATA_DIR,MONGODB_URI",
    "--allow-read=.env,/data",
    "--allow-write=/data",
  ]);
});

Deno.test("transferFlags() allows the folders and hosts that the command line names, and the environment's", () => {
  const flags = transferFlags({ MOCA_DATA_DIR: "/data" }, ["--from", "./old", "--to=mongodb://moca:secret@a,b:2/moca"]);
  assert.ok(flags.includes("--allow-read=.env,./old,/data"));
  assert.ok(flags.includes("--allow-write=./old,/data"));
  assert.ok(flags.includes("--allow-net=a:27017,b:2"));
  assert.ok(!transferFlags({}, ["--contacts", "5"]).some((flag) => flag.startsWith("--allow-net")));
});

Deno.test("doctorFlags() allows to ask the public address, and not to listen", () => {
  const flags = doctorFlags({ PUBLIC_URL: "https://moca.example.com", PORT: "8000" });
  assert.ok(flags.includes("--allow-net=moca.example.com:443,graph.instagram.com:443"));
});

Deno.test("every variable that may be read stands in .env.example", async () => {
  const example = await Deno.readTextFile(new URL("../.env.example", import.meta.url));
  const missing = environmentNames.filter((name) => !new RegExp(`^${name}=`, "m").test(example));
  assert.deepEqual(missing, []);
});
