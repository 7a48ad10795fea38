/** Secrets and texts are planted everywhere; a real process in live mode then has a bad day; its output is searched. */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { accountId } from "@tests/support/test_moca.ts";

/** Each stands in one place only, so that what leaks tells where from. */
const planted = {
  adminToken: "canary-admin-token-3141592653",
  appSecret: "canary-app-secret-2718281828",
  verifyToken: "canary-verify-token-1618033988",
  accessToken: "IGAAcanaryaccesstoken1414213562",
  modelKey: "canary-model-key-1732050807",
  text: "canarytext my daughter is ill",
  reply: "canaryreply take care of her",
  name: "Canaryname",
  wrongToken: "canary-wrong-token-2236067977",
} as const;

const rules = {
  "10_throws.ts": `import { defineRule } from "moca/rule";
    export default defineRule({
      name: "throws", description: "Breaks on every text",
      apply: ({ texts }) => { throw new Error("cannot take " + texts.join()); },
    });`,
  "20_reply.yaml": `- name: reply\n  match: { any: [precio] }\n  reply: ${planted.reply}\n`,
};

interface Stage extends AsyncDisposable {
  readonly instagram: PretendInstagram;
  readonly url: string;
  readonly key: string;
  /** Stops the process; all that it wrote. */
  end(): Promise<string>;
}

async function setStage(): Promise<Stage> {
  const dir = await Deno.makeTempDir({ prefix: "moca-secrets-" });
  await Deno.mkdir(`${dir}/rules`);
  for (const [name, content] of Object.entries(rules)) await Deno.writeTextFile(`${dir}/rules/${name}`, content);
  const place = { url: "" };
  const { accessToken: token, appSecret } = planted;
  const options = { clock: systemClock, accountId, username: "shop", token, appSecret };
  const instagram = await startInstagram({ ...options, webhookUrl: () => `${place.url}/webhook` });
  const model = startEchoingModel();
  const key = crypto.getRandomValues(new Uint8Array(32)).toBase64();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "src/main.ts"],
    env: { ...environment({ dir, graphUrl: instagram.url, modelUrl: model.url }), MOCA_SECRET_KEY: key },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = [collect(child.stdout), collect(child.stderr)];
  place.url = await output[0].find(/listening at \\?"?(http:\/\/[\d.]+:\d+)/);
  return {
    instagram,
    url: place.url,
    key,
    end: async () => {
      child.kill("SIGTERM");
      await child.status;
      return (await Promise.all(output.map(({ all }) => all))).join("");
    },
    [Symbol.asyncDispose]: async () => {
      await instagram[Symbol.asyncDispose]();
      await model.server.shutdown();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

function environment(at: { dir: string; graphUrl: string; modelUrl: string }): Record<string, string> {
  return {
    MOCA_MODE: "live",
    PORT: "0",
    LOG_LEVEL: "debug",
    MONGODB_URI: "",
    MOCA_DATA_DIR: `${at.dir}/data`,
    MOCA_RULES_DIR: `${at.dir}/rules`,
    MOCA_ADMIN_TOKEN: planted.adminToken,
    META_APP_SECRET: planted.appSecret,
    META_VERIFY_TOKEN: planted.verifyToken,
    IG_ACCESS_TOKEN: planted.accessToken,
    IG_GRAPH_URL: at.graphUrl,
    OPENAI_API_KEY: planted.modelKey,
    OPENAI_BASE_URL: at.modelUrl,
  };
}

/** A model's server that fails and repeats in its error all that it was sent, the key included. */
function startEchoingModel(): { readonly url: string; readonly server: Deno.HttpServer<Deno.NetAddr> } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const message = `cannot answer ${await request.text()} for ${request.headers.get("authorization")}`;
    return Response.json({ error: { message } }, { status: 400 });
  });
  return { url: `http://127.0.0.1:${server.addr.port}/v1`, server };
}

function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): {
  readonly all: Promise<string>;
  find(pattern: RegExp): Promise<string>;
} {
  let text = "";
  const wanted: { pattern: RegExp; found: (match: string) => void }[] = [];
  const read = async (): Promise<string> => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const { pattern, found } of wanted) {
        const match = pattern.exec(text)?.[1];
        if (match !== undefined) found(match);
      }
    }
    return text;
  };
  return { all: read(), find: (pattern) => new Promise((found) => wanted.push({ pattern, found })) };
}

async function post(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, { method: "POST", redirect: "manual", ...init });
  await response.body?.cancel();
  return response.headers.get("set-cookie")?.split(";")[0].split("=")[1] ?? "";
}

/** Everything goes wrong that a log could quote. Answers the session's cookie. */
async function haveBadDay({ instagram, url }: Stage): Promise<string> {
  const headers = { "x-admin-token": planted.adminToken, "content-type": "application/json" };
  await post(`${url}/api/v1/settings`, { method: "PATCH", headers, body: '{"debounceMs":20,"cooldownMs":0}' });
  const cookie = await post(`${url}/admin/login`, {
    headers: { origin: url },
    body: new URLSearchParams({ token: planted.adminToken }),
  });
  await post(`${url}/admin/login`, {
    headers: { origin: url },
    body: new URLSearchParams({ token: planted.wrongToken }),
  });
  await post(`${url}/api/v1/settings`, { headers: { "x-admin-token": planted.wrongToken } });
  await post(`${url}/api/v1/rules/test`, { headers, body: `{"texts":[${planted.text}` });
  await post(`${url}/webhook?hub.verify_token=${planted.wrongToken}`, { body: planted.text });
  await instagram.postWebhook(`{"object":"instagram","entry":[{"id":"${accountId}","messaging":["${planted.text}"]}]}`);
  await instagram.postWebhook(`${planted.text} is no JSON`);
  instagram.setContact("6180000000000001", { name: planted.name });
  await instagram.contactSends("6180000000000001", { kind: "text", text: planted.text });
  for (const fault of ["badParameter", "serverError", "tokenExpired"] as const) {
    instagram.fail({ fault, times: 1, on: "send" });
  }
  await instagram.contactSends("6180000000000002", { kind: "text", text: `precio ${planted.text}` });
  await instagram.contactSends("6180000000000003", { kind: "text", text: `precio ${planted.text}` });
  await instagram.waitFor((log) => log.filter(({ call, event }) => call === "send" && event === "request").length >= 2);
  await waitForTurns(url);
  return cookie;
}

/** Until the model has failed for the first contact. */
async function waitForTurns(url: string): Promise<void> {
  const headers = { "x-admin-token": planted.adminToken };
  for (let look = 0; look < 200; look++) {
    const response = await fetch(`${url}/api/v1/conversations/${accountId}_6180000000000001/turns`, { headers });
    if ((await response.json()).items?.length > 0) return;
  }
}

Deno.test("no secret, cookie or message text reaches the output of a live process on a bad day", async () => {
  await using stage = await setStage();
  const cookie = await haveBadDay(stage);
  const output = await stage.end();
  assert.match(output, /"level":"WARN"/);
  assert.match(output, /Instagram refused/);
  for (const [what, secret] of Object.entries({ ...planted, key: stage.key, cookie })) {
    assert.ok(secret.length > 8, what);
    assert.ok(!output.includes(secret), `${what} is in the output`);
  }
  assert.doesNotMatch(output, /canary/i);
});
