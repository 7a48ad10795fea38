/** Ways around the guard that have worked elsewhere: odd paths, odd methods, headers that claim something. */
import assert from "node:assert/strict";
import { askRaw } from "./raw_http.ts";
import { adminToken, Target } from "./target.ts";

const oddPaths = [
  "//admin",
  "//admin/inbox",
  "/admin//inbox",
  "/admin/..;/inbox",
  "/admin/..;/admin/inbox",
  "/admin/static/..;/inbox",
  "/admin/static/../inbox",
  "/admin/static/%2e%2e/inbox",
  "/admin/static/..%2finbox",
  "/admin/login/../inbox",
  "/admin/login/..%2f..%2fadmin%2finbox",
  "/admin/login;/inbox",
  "/admin%2finbox",
  "/admin%2Finbox",
  "/%61dmin/inbox",
  "/admin/%69nbox",
  "/admin/inbox%00",
  "/admin/inbox/",
  "/admin/inbox;a=b",
  "/ADMIN/inbox",
  "/admin\\inbox",
  "/healthz/../admin/inbox",
  "/webhook/../admin/inbox",
  "//api/v1/conversations",
  "/api//v1/conversations",
  "/api/v1//conversations",
  "/api/v1/..;/v1/conversations",
  "/api/v1/x/../conversations",
  "/api%2fv1%2fconversations",
  "/api/v1/%63onversations",
  "/api/v1/conversations/",
  "/api/v1/conversations?x-admin-token=" + adminToken,
  "/api/v1/conversations%3f",
  "/metrics/",
  "//metrics",
  "/metrics;x",
  "http://evil.example/admin/inbox",
];

/** Whether an answer keeps everything back. A leading slash too many may lead to the sign-in as well. */
function isRefusal({ status, text }: { readonly status: number; readonly text: string }): boolean {
  const isToSignIn = status === 303 && /\r\nlocation: \/admin\/login\?/i.test(text);
  return isToSignIn || [400, 401, 404].includes(status);
}

Deno.test("no way of writing a path leads a stranger past the guard", async () => {
  await using target = await Target.open();
  for (const path of oddPaths) {
    const answer = await askRaw(target.moca.url, `GET ${path}`);
    assert.ok(isRefusal(answer), `${path}: ${answer.text.slice(0, 200)}`);
  }
});

Deno.test("no method but those of the table does anything for a stranger", async () => {
  await using target = await Target.open();
  for (const method of ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "get", "FOO"]) {
    for (
      const path of ["/admin/inbox", "/admin/settings/x", "/api/v1/conversations", "/api/v1/contacts/x", "/metrics"]
    ) {
      const answer = await askRaw(target.moca.url, `${method} ${path}`);
      assert.ok(isRefusal(answer), `${method} ${path}: ${answer.text.slice(0, 200)}`);
    }
  }
});

Deno.test("a header or a field that claims another method or path changes neither", async () => {
  await using target = await Target.open();
  const claims = [
    "X-HTTP-Method-Override: DELETE",
    "X-HTTP-Method: DELETE",
    "X-Method-Override: DELETE",
    "X-Original-URL: /healthz",
    "X-Rewrite-URL: /healthz",
    "X-Forwarded-Prefix: /healthz",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-User: admin",
    "X-Middleware-Subrequest: 1",
    "Forwarded: for=127.0.0.1;host=localhost",
  ];
  const stranger = await askRaw(target.moca.url, "GET /admin/inbox", claims);
  assert.ok(isRefusal(stranger), stranger.text.slice(0, 200));
  // There is a DELETE of a contact and no POST: the claim must not turn one into the other.
  const headers = [...claims, `x-admin-token: ${adminToken}`, "content-type: application/json", "content-length: 0"];
  const program = await askRaw(target.moca.url, "POST /api/v1/contacts/x?_method=DELETE", headers);
  assert.match(program.text, /There is no such route/);
});

Deno.test("no answer to a stranger names a path, a version or a token of the inside", async () => {
  await using target = await Target.open();
  for (const path of ["/", "/nowhere", "/healthz", "/readyz", "/metrics", "/api/v1/x", "/webhook", "/admin/login"]) {
    const { text } = await askRaw(target.moca.url, `GET ${path}`);
    assert.doesNotMatch(text, /file:\/\/|\.ts:\d|node:|sqlite|deno\/|hono/i, path);
    assert.ok(!text.includes(target.dataDir) && !text.includes(adminToken), path);
  }
});

Deno.test("a slash at the end of the address typed into Meta's dashboard makes no difference", async () => {
  await using target = await Target.open();
  const statuses = ["/webhook/", "/webhook", "/healthz/", "/api/v1/conversations/"].map(async (path) => {
    const { text } = await askRaw(target.moca.url, `GET ${path}`);
    return text.split(" ")[1];
  });
  assert.deepEqual(await Promise.all(statuses), ["403", "403", "200", "401"]);
});
