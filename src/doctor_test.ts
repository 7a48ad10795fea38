import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { enterFirstAccount } from "@/first_account.ts";
import { examine } from "@/doctor.ts";
import { type Finding, lineOf } from "@/doctor/finding.ts";
import { makeInstagramClient } from "@/instagram/client.ts";
import { makeSealer } from "@/seal.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { lockDataDir } from "@/store/data_dir_lock.ts";
import { sandboxMark } from "@/store/sandbox_mark.ts";
import { openSqliteStore } from "@/store/sqlite/sqlite_store.ts";
import { translateFinding } from "@views/i18n.ts";
import { systemClock } from "@/clock.ts";

const account = "17841400000000001";
const token = "IGAA-doctor-token-canary-0001";
const key = new Uint8Array(32).fill(7);

interface Ward extends AsyncDisposable {
  readonly instagram: PretendInstagram;
  readonly dir: string;
  readonly env: Record<string, string>;
}

/** A complete live configuration, against a pretended Instagram. */
async function openWard(): Promise<Ward> {
  const dir = await Deno.makeTempDir({ prefix: "moca-doctor-" });
  const options = { clock: systemClock, accountId: account, username: "shop", token, appSecret: "app-secret-canary" };
  const instagram = await startInstagram({ ...options, webhookUrl: () => "http://127.0.0.1:9" });
  return {
    instagram,
    dir,
    env: {
      PUBLIC_URL: instagram.url,
      MOCA_DATA_DIR: `${dir}/data`,
      MOCA_ADMIN_TOKEN: "admin-token-canary-0001",
      MOCA_SECRET_KEY: key.toBase64(),
      META_APP_SECRET: "app-secret-canary",
      META_VERIFY_TOKEN: "verify-token-canary",
      IG_ACCESS_TOKEN: token,
      IG_GRAPH_URL: instagram.url,
    },
    [Symbol.asyncDispose]: async () => {
      await instagram[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** What the back office shows too; the rest is about the machine, for whoever has a shell on it. */
const shownToPeople = [
  "account",
  "access token",
  "account type",
  "message access",
  "token's end",
  "webhook fields",
  "webhook",
  "model",
];

/** The findings about something; whatever the back office shows as well has Spanish words. */
function about(findings: readonly Finding[], subject: string): readonly string[] {
  for (const { subject, found, cure } of findings.filter((finding) => shownToPeople.includes(finding.subject))) {
    const isList = /^messages(?:, \w+)*$/.test(found);
    for (const text of [found, cure].filter((text) => text !== undefined && !isList)) {
      assert.notEqual(translateFinding("es", text!), text, `${subject}: ${text}`);
      assert.equal(translateFinding("en", text!), text);
    }
  }
  return findings.filter((finding) => finding.subject === subject).map(lineOf);
}

function subscribe({ instagram }: Ward, fields: string): Promise<Response> {
  return fetch(`${instagram.url}/v25.0/${account}/subscribed_apps?subscribed_fields=${fields}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
}

const allFields = "messages,message_echoes,message_reactions,message_edit,messaging_postbacks,messaging_seen," +
  "messaging_referral";

Deno.test("doctor names every missing variable with its cure, and looks no further", async () => {
  const findings = await examine({ MOCA_DATA_DIR: "/proc/no" });
  assert.equal(findings.length, 4);
  assert.ok(findings.every(({ level, subject }) => level === "problem" && subject === "environment"));
  assert.match(lineOf(findings[1]), /^problem {2}environment: MOCA_SECRET_KEY is missing: make one: openssl/);
});

Deno.test("doctor finds nothing wrong with a complete configuration", async () => {
  await using ward = await openWard();
  await (await subscribe(ward, allFields)).body?.cancel();
  const findings = await examine(ward.env);
  assert.deepEqual(findings.filter(({ level }) => level === "problem"), []);
  assert.deepEqual(about(findings, "access token"), [
    `ok       access token: works for @shop (${account}), from IG_ACCESS_TOKEN`,
  ]);
  assert.match(about(findings, "webhook fields")[0], /^ok {7}webhook fields: messages, message_echoes/);
  assert.match(about(findings, "rules")[0], /^ok .* loaded from \.\/rules/);
});

Deno.test("doctor shows no secret, whatever it finds", async () => {
  await using ward = await openWard();
  ward.instagram.expireToken();
  const lines =
    (await examine({ ...ward.env, OPENAI_API_KEY: "sk-model-key-canary", OPENAI_BASE_URL: ward.instagram.url }))
      .map(lineOf).join("\n");
  assert.doesNotMatch(lines, /canary/);
  assert.ok(!lines.includes(key.toBase64()));
});

Deno.test("doctor tells an expired token from an account that is not subscribed", async () => {
  await using ward = await openWard();
  const bare = about(await examine(ward.env), "webhook fields");
  assert.match(bare[0], /^problem .*not subscribed, no message comes\. Tick them under developers\.facebook\.com/);
  await (await subscribe(ward, "message_echoes")).body?.cancel();
  assert.match(about(await examine(ward.env), "webhook fields")[0], /^problem .*"messages" is missing/);
  await (await subscribe(ward, "messages")).body?.cancel();
  assert.match(about(await examine(ward.env), "webhook fields")[0], /^warning .*missing: message_echoes/);
  ward.instagram.expireToken();
  const expired = await examine(ward.env);
  assert.match(about(expired, "access token")[0], /^problem .*code 190\).*Generate access tokens/);
  assert.deepEqual(about(expired, "webhook fields"), []);
});

Deno.test("doctor asks with the store's token, and says when it cannot be opened", async () => {
  await using ward = await openWard();
  await Deno.mkdir(`${ward.dir}/data`);
  const store = await openSqliteStore({ path: `${ward.dir}/data/moca.db`, clock: systemClock });
  using instagram = makeInstagramClient({ graph: { url: ward.instagram.url, version: "v25.0" }, clock: systemClock });
  const sealer = await makeSealer(key);
  await enterFirstAccount({ account: { token }, store, sealer, instagram, clock: systemClock });
  const findings = await examine(ward.env);
  assert.match(about(findings, "access token")[0], /^ok .*from the store/);
  assert.equal(about(findings, "access token").length, 1);
  assert.match(about(findings, "token's end")[0], /^ok .*at the latest on/);
  const otherKey = await examine({ ...ward.env, MOCA_SECRET_KEY: new Uint8Array(32).fill(8).toBase64() });
  assert.match(about(otherKey, "access token")[0], /^problem .*cannot be opened\. MOCA_SECRET_KEY is not the one/);
  await store[Symbol.asyncDispose]();
});

Deno.test("doctor tells a live Moca that it was pointed at a sandbox's data", async () => {
  await using ward = await openWard();
  await Deno.mkdir(`${ward.dir}/data`);
  await using store = await openSqliteStore({ path: `${ward.dir}/data/moca.db`, clock: systemClock });
  const live = { ...ward.env, MOCA_MODE: "live" };
  assert.ok(about(await examine(live), "database").every((line) => line.startsWith("ok")));
  await store.limits.note(sandboxMark, { value: 0, at: store.now() });
  assert.match(about(await examine(live), "database")[1], /^problem .*holds a sandbox's conversations\. Name another/);
});

Deno.test("doctor tells a sandbox that it was pointed at a live Moca's data", async () => {
  await using ward = await openWard();
  await Deno.mkdir(`${ward.dir}/data/sandbox`, { recursive: true });
  await using store = await openSqliteStore({ path: `${ward.dir}/data/sandbox/moca.db`, clock: systemClock });
  const now = store.now();
  const real = {
    id: "17841400000000009",
    state: "active",
    settings: {},
    ver: 0,
    createdAt: now,
    updatedAt: now,
  } as const;
  await store.accounts.put(real, 0);
  const findings = await examine({
    MOCA_MODE: "sandbox",
    MOCA_DATA_DIR: `${ward.dir}/data`,
    MOCA_RULES_DIR: "./rules",
  });
  assert.match(about(findings, "database")[1], /^problem .*holds a live Moca's conversations/);
});

Deno.test("doctor runs beside a running Moca and tells a folder that cannot be written", async () => {
  await using ward = await openWard();
  const lock = await lockDataDir(`${ward.dir}/data`);
  assert.match(about(await examine(ward.env), "data folder")[0], /^ok .*a Moca runs on it/);
  await lock[Symbol.asyncDispose]();
  const blocked = about(await examine({ ...ward.env, MOCA_DATA_DIR: "/proc/no" }), "data folder");
  assert.match(blocked[0], /^problem .*cannot be written\. Set MOCA_DATA_DIR/);
});

Deno.test("doctor finds a damaged database and a rule file that does not load", async () => {
  await using ward = await openWard();
  await Deno.mkdir(`${ward.dir}/data`);
  await Deno.writeTextFile(`${ward.dir}/data/moca.db`, "no database".repeat(1_000));
  await Deno.mkdir(`${ward.dir}/rules`);
  await Deno.writeTextFile(`${ward.dir}/rules/10_broken.yaml`, "- name: [");
  const findings = await examine({ ...ward.env, MOCA_RULES_DIR: `${ward.dir}/rules` });
  assert.match(about(findings, "database")[0], /^problem .*damaged.*Stop Moca and put the newest backup/);
  assert.ok(about(findings, "rules").some((line) => /^problem .*10_broken\.yaml:1/.test(line)));
});

Deno.test("doctor finds tables that another build made", async () => {
  await using ward = await openWard();
  await Deno.mkdir(`${ward.dir}/data`);
  const path = `${ward.dir}/data/moca.db`;
  await (await openSqliteStore({ path, clock: systemClock }))[Symbol.asyncDispose]();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA application_id = 0");
  db.close();
  const findings = await examine(ward.env);
  assert.match(about(findings, "database")[0], /^problem .*a build of Moca that was never released/);
});

Deno.test("doctor only warns when the public address does not answer as Moca does", async () => {
  await using ward = await openWard();
  const findings = await examine(ward.env);
  assert.match(about(findings, "webhook")[0], /^warning .*answers with status/);
  const gone = await examine({ ...ward.env, PUBLIC_URL: "http://127.0.0.1:9" });
  assert.match(about(gone, "webhook")[0], /^warning .*does not answer/);
});

Deno.test("doctor asks the model's server for its models", async () => {
  await using ward = await openWard();
  const asked: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(request.headers.get("authorization"));
    return new URL(request.url).pathname === "/v1/models"
      ? Response.json({ data: [{ id: "house-model" }] })
      : new Response("no", { status: 404 });
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const model = async (env: Record<string, string>): Promise<string> =>
    about(await examine({ ...ward.env, ...env }), "model")[0];
  assert.match(await model({ OPENAI_BASE_URL: `${base}/v1`, OPENAI_MODEL: "house-model" }), /^ok .*house-model at 127/);
  assert.match(await model({ OPENAI_BASE_URL: `${base}/v1`, OPENAI_MODEL: "other" }), /^warning .*does not list other/);
  assert.match(await model({ OPENAI_BASE_URL: base }), /^warning .*status 404/);
  assert.match(await model({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1" }), /^problem .*does not answer/);
  assert.match(await model({}), /^warning .*none is set/);
  assert.equal(asked[0], "Bearer none");
  await server.shutdown();
});
