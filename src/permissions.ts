/**
 * Prints the Deno permissions that this environment needs and no more: the tasks put them on the command line,
 * `deno run $(deno run … src/permissions.ts) src/main.ts` for the server, with `backup` or `doctor` behind it for
 * those. Hosts, ports and folders come from the same variables that `readConfig` reads, so a list in deno.json
 * could never be exact.
 */
import type { Environment } from "@/config.ts";
import { readEnvironment } from "@/env_file.ts";

/** Every variable that Moca looks at; what its libraries ask for beyond them is as good as absent. */
export const environmentNames: readonly string[] = [
  "MOCA_MODE",
  "HOST",
  "PORT",
  "PUBLIC_URL",
  "MOCA_DATA_DIR",
  "MONGODB_URI",
  "MOCA_RULES_DIR",
  "MOCA_ADMIN_TOKEN",
  "MOCA_SECRET_KEY",
  "META_APP_SECRET",
  "META_VERIFY_TOKEN",
  "IG_ACCESS_TOKEN",
  "IG_ACCOUNT_ID",
  "IG_GRAPH_URL",
  "IG_GRAPH_VERSION",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_MODEL",
  "LOG_LEVEL",
];

/**
 * The permission flags of the server, e.g. `--allow-net=127.0.0.1:8000,api.openai.com:443`. It asks its public address
 * whether Meta would reach it.
 */
export function permissionFlags(env: Environment): readonly string[] {
  const listen = `${env["HOST"] || "127.0.0.1"}:${env["PORT"] || "8000"}`;
  return [...wholeFlags(env), netFlag([listen, ...urlHost(env["PUBLIC_URL"] ?? ""), ...outsideHosts(env)])];
}

/** The flags of `doctor`: as the server's, but it asks the public address instead of listening. */
export function doctorFlags(env: Environment): readonly string[] {
  const net = [...urlHost(env["PUBLIC_URL"] ?? ""), ...outsideHosts(env)];
  return net.length === 0 ? wholeFlags(env) : [...wholeFlags(env), netFlag(net)];
}

/** The flags of `backup`: the data folder, and no network. */
export function backupFlags(env: Environment): readonly string[] {
  const dataDir = dataDirOf(env);
  return [
    "--no-prompt",
    "--allow-env=MOCA_DATA_DIR,MONGODB_URI",
    `--allow-read=.env,${dataDir}`,
    `--allow-write=${dataDir}`,
  ];
}

/** Source that rule files load by importing `moca/rule`. */
const ruleContract = ["./src/rules", "./src/conversation"];

/** What server and doctor both need: every variable, the data and the rules. */
function wholeFlags(env: Environment): readonly string[] {
  const dataDir = dataDirOf(env);
  const rulesDir = env["MOCA_RULES_DIR"] || "./rules";
  return [
    "--no-prompt",
    `--allow-env=${environmentNames.join(",")}`,
    "--ignore-env",
    `--allow-read=${[".env", dataDir, rulesDir, ...ruleContract].join(",")}`,
    `--allow-write=${dataDir}`,
    "--allow-sys=homedir,hostname",
  ];
}

function dataDirOf(env: Environment): string {
  return env["MOCA_DATA_DIR"] || "./data";
}

function netFlag(hosts: readonly string[]): string {
  return `--allow-net=${[...new Set(hosts)].join(",")}`;
}

/** Instagram, the model's server and MongoDB, as far as this environment has them. */
function outsideHosts(env: Environment): readonly string[] {
  const graph = env["IG_GRAPH_URL"] || (env["MOCA_MODE"] === "sandbox" ? "" : "https://graph.instagram.com");
  const asksModel = Boolean(env["OPENAI_API_KEY"] || env["OPENAI_BASE_URL"]);
  const model = asksModel ? env["OPENAI_BASE_URL"] || "https://api.openai.com/v1" : "";
  const sandbox = env["MOCA_MODE"] === "sandbox" ? ["127.0.0.1"] : [];
  return [...sandbox, ...[graph, model].flatMap(urlHost), ...mongoHosts(env["MONGODB_URI"] ?? "")];
}

function urlHost(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { hostname, port, protocol } = new URL(url);
  return [`${hostname}:${port || (protocol === "http:" ? "80" : "443")}`];
}

/** `mongodb://user:secret@a:1,b:2/name` has several hosts; one behind `mongodb+srv` is found by name. */
function mongoHosts(uri: string): readonly string[] {
  const authority = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1];
  return authority?.split(",").map((host) =>
    host.includes(":") || uri.startsWith("mongodb+srv") ? host : `${host}:27017`
  ) ?? [];
}

/**
 * The flags of what works on whole stores, `copy` and `seed`: the data folders and MongoDB's hosts that the command
 * line names and the environment has.
 */
export function transferFlags(env: Environment, args: readonly string[]): readonly string[] {
  const places = [...args.map((arg) => arg.replace(/^--\w+=/, "")), env["MONGODB_URI"] ?? "", dataDirOf(env)];
  const hosts = [...new Set(places.flatMap(mongoHosts))];
  const folders = [...new Set(places.filter((place) => place !== "" && !/^--|^\d+$|:\/\//.test(place)))];
  return [
    "--no-prompt",
    "--allow-env=MOCA_DATA_DIR,MONGODB_URI,MOCA_SECRET_KEY",
    "--ignore-env",
    `--allow-read=${[".env", ...folders].join(",")}`,
    `--allow-write=${folders.join(",")}`,
    ...(hosts.length === 0 ? [] : [netFlag(hosts)]),
  ];
}

const flagsOf: Readonly<Record<string, (env: Environment) => readonly string[]>> = {
  server: permissionFlags,
  backup: backupFlags,
  doctor: doctorFlags,
};

if (import.meta.main) {
  const flags = flagsOf[Deno.args[0] ?? "server"](readEnvironment(environmentNames)).join(" ");
  await Deno.stdout.write(new TextEncoder().encode(flags));
}
