import assert from "node:assert/strict";
import { ConfigError, readConfig, secretsOf } from "@/config.ts";

const live = {
  MOCA_ADMIN_TOKEN: "a".repeat(32),
  MOCA_SECRET_KEY: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
  META_APP_SECRET: "one, two",
  META_VERIFY_TOKEN: "verify",
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

Deno.test("readConfig() takes defaults for everything that live mode can do without", () => {
  const config = readConfig(live);
  assert.equal(config.mode, "live");
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 8000);
  assert.equal(config.dataDir, "./data");
  assert.deepEqual(config.graph, { url: "https://graph.instagram.com", version: "v25.0" });
  assert.equal(config.model, undefined);
  assert.equal(config.account, undefined);
});

Deno.test("readConfig() takes several app secrets, separated by commas", () => {
  assert.deepEqual(readConfig(live).appSecrets, ["one", "two"]);
});

Deno.test("readConfig() names every missing secret of live mode at once, each with its cure", () => {
  const problems = problemsOf({});
  for (const name of ["MOCA_ADMIN_TOKEN", "MOCA_SECRET_KEY", "META_APP_SECRET", "META_VERIFY_TOKEN"]) {
    assert.ok(problems.some((problem) => problem.startsWith(`${name} is missing: `)), name);
  }
});

Deno.test("readConfig() counts an empty value as absent", () => {
  assert.equal(problemsOf({ ...live, META_APP_SECRET: " " }).length, 1);
});

const badValues: Record<string, string>[] = [
  { PORT: "eighty" },
  { PORT: "70000" },
  { MOCA_MODE: "test" },
  { MOCA_SECRET_KEY: "c2hvcnQ=" },
  { MOCA_ADMIN_TOKEN: "short" },
  { IG_GRAPH_URL: "graph.instagram.com" },
  { MONGODB_URI: "localhost:27017" },
  { IG_ACCOUNT_ID: "1784" },
  { LOG_LEVEL: "loud" },
];

for (const bad of badValues) {
  Deno.test(`readConfig() refuses ${JSON.stringify(bad)} with one problem that names it`, () => {
    const problems = problemsOf({ ...live, ...bad });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", new RegExp(`^${Object.keys(bad)[0]} `));
  });
}

Deno.test("readConfig() never repeats a secret or an address in its problems", () => {
  const problems = problemsOf({ ...live, MOCA_ADMIN_TOKEN: "hunter2", MONGODB_URI: "http://user:hunter2@db" });
  assert.ok(!problems.join().includes("hunter2"));
});

Deno.test("readConfig() makes up every secret in the sandbox", () => {
  const one = readConfig({ MOCA_MODE: "sandbox" });
  const other = readConfig({ MOCA_MODE: "sandbox" });
  assert.equal(one.secretKey.length, 32);
  assert.notEqual(one.adminToken, other.adminToken);
  assert.notDeepEqual(one.appSecrets, other.appSecrets);
});

Deno.test("readConfig() needs no key for an OpenAI-compatible server of one's own", () => {
  const config = readConfig({ ...live, OPENAI_BASE_URL: "http://127.0.0.1:11434/v1/", OPENAI_MODEL: "llama3" });
  assert.deepEqual(config.model, { apiKey: "none", baseUrl: "http://127.0.0.1:11434/v1", name: "llama3" });
});

Deno.test("readConfig() pretends Instagram in the sandbox, unless a Graph API is named", () => {
  assert.equal(readConfig({ MOCA_MODE: "sandbox" }).simulated, true);
  assert.equal(readConfig({ MOCA_MODE: "sandbox", IG_GRAPH_URL: "http://127.0.0.1:9000" }).simulated, false);
  assert.equal(readConfig(live).simulated, false);
});

Deno.test("MOCA_SECRET_KEY takes the keys of before behind the new one, and each is a secret", () => {
  const [fresh, old] = [new Uint8Array(32).fill(1).toBase64(), new Uint8Array(32).fill(2).toBase64()];
  const config = readConfig({ ...live, MOCA_SECRET_KEY: `${fresh}, ${old}` });
  assert.deepEqual([config.secretKey.toBase64(), config.oldSecretKeys?.map((key) => key.toBase64())], [fresh, [old]]);
  assert.ok([fresh, old].every((key) => secretsOf(config).includes(key)));
  assert.throws(() => readConfig({ ...live, MOCA_SECRET_KEY: `${fresh},c2hvcnQ=` }), /MOCA_SECRET_KEY holds 5 bytes/);
});
