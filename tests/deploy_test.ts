/** The container files, as far as they can be checked without an engine. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { readConfig } from "@/config.ts";
import { environmentNames } from "@/permissions.ts";

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly "depends_on"?: Readonly<Record<string, unknown>> | readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

const composeFiles = ["compose.yaml", "compose.mongodb.yaml", "compose.mongodb-single.yaml"];

/** Stands in for what .env brings. */
const secrets = {
  MOCA_ADMIN_TOKEN: "0123456789abcdef",
  MOCA_SECRET_KEY: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
  META_APP_SECRET: "secret",
  META_VERIFY_TOKEN: "verify",
};

async function servicesOf(file: string): Promise<Readonly<Record<string, Service>>> {
  const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
  return parse(text, { merge: true }).services;
}

for (const file of composeFiles) {
  Deno.test(`${file} gives Moca only variables that it knows, and values that it takes`, async () => {
    const mocas = Object.entries(await servicesOf(file)).filter(([name]) => name.startsWith("moca"));
    assert.ok(mocas.length > 0);
    for (const [, { environment = {} }] of mocas) {
      assert.deepEqual(Object.keys(environment).filter((name) => !environmentNames.includes(name)), []);
      assert.doesNotThrow(() => readConfig({ ...secrets, ...environment }));
    }
  });

  Deno.test(`${file} waits only for services that it has`, async () => {
    const services = await servicesOf(file);
    const awaited = Object.values(services).flatMap(({ "depends_on": awaited = [] }) =>
      Array.isArray(awaited) ? awaited : Object.keys(awaited)
    );
    assert.deepEqual(awaited.filter((name) => !(name in services)), []);
  });
}

Deno.test("the image runs a task that exists, without every permission, as an ordinary user", async () => {
  const dockerfile = await Deno.readTextFile(new URL("../Dockerfile", import.meta.url));
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const task = /CMD \["task", "(\w+)"\]/.exec(dockerfile)?.[1] ?? "";
  assert.ok(task in tasks, task);
  assert.doesNotMatch(tasks[task], /\s(-A|--allow-all)\b/);
  assert.match(dockerfile, /^USER deno$/m);
});

Deno.test("no task runs with every permission", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const all = Object.entries<string>(tasks).filter(([, command]) => /\s(-A|--allow-all)\b/.test(command));
  assert.deepEqual(all, []);
});
