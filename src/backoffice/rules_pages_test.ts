import assert from "node:assert/strict";
import { writePast } from "@tests/support/past_turns.ts";
import { makeRuleSet } from "@/rules/rule_set.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";
import { type Fixture, type FixtureOptions, openFixture, Visitor } from "@/backoffice/testing/fixture.ts";
import { seedAccount, seedStories } from "@/backoffice/testing/seed.ts";

async function open(
  options: FixtureOptions = {},
): Promise<{ fixture: Fixture; visitor: Visitor } & AsyncDisposable> {
  const fixture = await openFixture(options);
  await seedAccount(fixture.store);
  const visitor = new Visitor(fixture.app);
  await visitor.signIn();
  return { fixture, visitor, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

async function pageOf(response: Response, status = 200): Promise<string> {
  assert.equal(response.status, status);
  return (await response.text()).replace(/\s+/g, " ");
}

function tryPath(form: Readonly<Record<string, string>>): string {
  return `/admin/rules/try?${new URLSearchParams(form)}`;
}

Deno.test("the rules page shows what is broken with its place, and since when", async () => {
  await using office = await open();
  const page = await pageOf(await office.visitor.get("/admin/rules"));
  assert.match(page, /<code>80_promo\.yaml:12:3<\/code>.*does not know &quot;replay&quot;.*broken since.*left out/);
  assert.match(page, /70_keywords\.yaml:1/);
});

Deno.test("of a broken file that was good before, the rules page says which version still runs, and from when", async () => {
  const good = { hash: "3f9a".repeat(6), rules: [], loadedAt: new Date("2026-11-24T10:40:00Z") };
  const faults = [{ reason: "does not know replay" }];
  const file = { name: "80_promo.yaml", faults, brokenSince: new Date("2026-11-24T11:30:00Z"), good };
  await using office = await open({ rules: () => makeRuleSet([file], new Date(0), []) });
  const page = await pageOf(await office.visitor.get("/admin/rules"));
  assert.match(page, /broken since <time[^>]*>11:30<.*still running version 3f9a3f9a3f9a from <time[^>]*>10:40</);
});

Deno.test("a text that is tried shows every rule's verdict, the winner and why the others passed", async () => {
  await using office = await open();
  const page = await pageOf(await office.visitor.get(tryPath({ texts: "what is the price?" })));
  assert.match(page, /Rule prices matched: replied/);
  assert.match(page, /From \$20\./);
  assert.match(page, /<tr class="before">.*dedup.*<tr class="winner">.*prices.*it says &quot;price&quot;/);
  const other = await pageOf(await office.visitor.get(tryPath({ texts: "hello" })));
  assert.match(other, /the agent is asked.*it says none of &quot;price&quot;, &quot;cost&quot;/);
  assert.equal((await office.fixture.store.conversations.list({ limit: 10 })).total, 0);
});

Deno.test("a text is tried at an hour and as a contact; what cannot be is told and stays in the form", async () => {
  await using office = await open();
  await seedStories(office.fixture.store);
  const tried = { texts: "hola", at: "2026-12-24T23:30", contact: "@ana.sofia" };
  const page = await pageOf(await office.visitor.get(tryPath(tried)));
  assert.match(page, /December 24, 2026 at 23:30.*Ana Sofía/);
  const forms: readonly Record<string, string>[] = [{ texts: " " }, { texts: "hi", at: "yesterday" }, {
    texts: "hi",
    contact: "nobody.at.all",
  }];
  for (const wrong of forms) {
    const refused = await pageOf(await office.visitor.get(tryPath(wrong)), 422);
    assert.match(refused, /role="alert"/);
    if (wrong.contact !== undefined) assert.match(refused, /value="nobody\.at\.all"/);
  }
});

Deno.test("a rewind shows changed turns side by side, and nothing of a contact who was erased since", async () => {
  await using office = await open();
  const { store, deps } = office.fixture;
  const set = { ...deps.rules.current(), rules: [] };
  const from = new Date(store.now().getTime() - 3_600_000);
  await writePast(store, { set, conversations: [["the price?"], ["hello"], ["what cost?"]], from });
  const started = await office.visitor.post("/admin/rules/rewind", { days: "1" });
  assert.equal(started.status, 303);
  const path = started.headers.get("location") ?? "";
  await deps.rewinds.ended(path.split("/").at(-1) ?? "");
  const page = await pageOf(await office.visitor.get(path));
  assert.match(page, /<dd>3<\/dd><dt>turns<\/dt>.*<dd>2<\/dd><dt>would go otherwise<\/dt>/);
  assert.match(page, /the price\?.*Then.*the agent is asked.*Now.*rule prices.*From \$20\./);
  await store.conversations.erase("17841400000000001_7000");
  assert.doesNotMatch(await pageOf(await office.visitor.get(path)), /the price\?/);
  assert.match(await pageOf(await office.visitor.get("/admin/rules/rewind")), /2 turns would go otherwise/);
  assert.equal((await office.visitor.get("/admin/rules/rewind/unknown")).status, 404);
});

Deno.test("a rewind that cannot begin says why, and what was typed stays", async () => {
  await using office = await open();
  const forms: readonly Record<string, string>[] = [
    { days: "0" },
    { days: "1", tokenBudget: "-1" },
    { days: "1", fileName: "70.ts", fileText: "name: a" },
    { days: "1", fileName: "../70.yaml", fileText: "name: a" },
  ];
  for (const form of forms) {
    assert.match(await pageOf(await office.visitor.post("/admin/rules/rewind", form), 422), /role="alert"/);
  }
  assert.deepEqual(office.fixture.deps.rewinds.list(), []);
});

function switchForm(page: string, rule: string): Record<string, string> {
  const [, ver = ""] = page.match(/name="ver" value="(\d+)"/) ?? [];
  const [, account = ""] = page.match(/name="account" value="(\d+)"/) ?? [];
  const [, to = ""] = page.match(new RegExp(`value="(on|off)" aria-pressed="\\w+" aria-label="In use: ${rule}"`)) ?? [];
  return { account, ver, rule, to };
}

Deno.test("a text is tried as if in another language", async () => {
  const rule = "name: saludo\nmatch:\n  any: [hola]\n  language: es\nreply: ¡Hola!\n";
  const content = loadYamlRules("60_saludo.yaml", rule);
  assert.equal(content.kind, "good");
  const good = { hash: "b2".repeat(6), rules: content.kind === "good" ? content.rules : [], loadedAt: new Date(0) };
  const set = makeRuleSet([{ name: "60_saludo.yaml", faults: [], good }], new Date(0), []);
  await using office = await open({ rules: () => set });
  const tried = (language: string): Promise<string> =>
    office.visitor.get(tryPath({ texts: "hola", language })).then(pageOf);
  assert.match(await tried("es"), /Rule saludo matched/);
  assert.match(await tried("de"), /the language is de, not es/);
  assert.match(await tried("de"), /<option value="de" selected>German<\/option>/);
});

Deno.test("without any rule, the page holds a file to begin with, and says where to save it", async () => {
  await using office = await open({ rules: () => makeRuleSet([], new Date(0), []) });
  const page = await (await office.visitor.get("/admin/rules")).text();
  assert.match(page, /No rules: every message goes to the agent.*Save this as 70_keywords\.yaml in the folder unused/s);
  const [, sample = ""] = page.match(/<pre[^>]*><code>(.*?)<\/code>/s) ?? [];
  const content = loadYamlRules("70_keywords.yaml", sample.replaceAll("&quot;", '"'));
  assert.deepEqual(content.kind === "good" && content.rules.map(({ rule }) => rule.name), ["hours"]);
});

Deno.test("a text is tried from the rules page, with the switches of the account that is shown", async () => {
  await using office = await open();
  const { visitor, fixture: { store } } = office;
  const [first] = await store.accounts.list();
  const second = { ...first!, id: "17841400000000009", username: "second.shop", settings: { rulesOff: ["prices"] } };
  await store.accounts.put(second, 0);
  const page = await pageOf(await visitor.get(`/admin/rules?account=${second.id}`));
  const [, action = "", account = ""] =
    page.match(/<form method="get" action="([^"]+)".*name="texts".*name="account" value="(\d+)".*>Try</) ?? [];
  const path = action.replace("#", `?${new URLSearchParams({ texts: "what is the price?", account })}#`);
  const tried = await pageOf(await visitor.get(path));
  assert.match(tried, /id="try-result"[^>]*>Every rule passes/);
  assert.match(tried, /<option value="17841400000000009" selected>@second\.shop</);
  assert.match(await pageOf(await visitor.get(tryPath({ texts: "what is the price?" }))), /Rule prices matched/);
});

Deno.test("reading the files again says what came of it, and stays with the account", async () => {
  await using office = await open();
  const { visitor } = office;
  const { account } = switchForm(await pageOf(await visitor.get("/admin/rules")), "prices");
  const done = await visitor.post("/admin/rules/reload", { account: account ?? "" });
  const location = done.headers.get("location") ?? "";
  assert.match(location, new RegExp(`account=${account}`));
  assert.match(await pageOf(await visitor.get(location)), /Read again at \d\d:\d\d: 3 rules, 1 problem\./);
});

Deno.test("a rule is switched off and on from its page, at once and in the audit log; who comes late changes nothing", async () => {
  await using office = await open();
  const { fixture, visitor } = office;
  const before = await pageOf(await visitor.get("/admin/rules"));
  const off = switchForm(before, "prices");
  assert.equal((await visitor.post("/admin/rules/switch", off)).status, 303);
  const tried = await pageOf(await visitor.get(tryPath({ texts: "what is the price?" })));
  assert.match(tried, /prices.*off/);
  assert.doesNotMatch(tried, /Rule prices matched/);
  const late = await pageOf(await visitor.post("/admin/rules/switch", { ...off, rule: "takeover" }), 409);
  assert.match(late, /Nothing was changed here/);
  const page = await pageOf(await visitor.get("/admin/rules"));
  assert.match(page, /off.*by admin,/);
  assert.match(page, /aria-pressed="false" aria-label="In use: prices">In use</);
  assert.equal((await visitor.post("/admin/rules/switch", switchForm(page, "prices"))).status, 303);
  assert.match(
    await pageOf(await visitor.get("/admin/rules")),
    /aria-pressed="true" aria-label="In use: prices">In use</,
  );
  const entries = await fixture.store.audit.list({ limit: 9 });
  assert.deepEqual(entries.map(({ changes }) => changes["rulesOff"]).filter((change) => change !== undefined), [
    { before: ["prices"], after: [] },
    { before: [], after: ["prices"] },
  ]);
});

Deno.test("the rules page tells how often each rule decided, when last, and what it threw", async () => {
  await using office = await open();
  const { store, deps } = office.fixture;
  const from = new Date(store.now().getTime() - 3_600_000);
  await writePast(store, {
    set: deps.rules.current(),
    conversations: [["the price?"], ["hello"], ["what cost?"]],
    from,
  });
  office.fixture.clock.advance(30_000);
  const page = await pageOf(await office.visitor.get("/admin/rules"));
  assert.match(page, /prices.*title="2 in the last 24 hours, 2 in 7 days".*href="\/admin\/turns\//);
  assert.match(page, /dedup.*title="0 in the last 24 hours, 0 in 7 days"/);
});

Deno.test("a rule that threw is open on the rules page: its message, and the way to what it was asked", async () => {
  const rule = {
    name: "stock",
    description: "Looks into the stock",
    apply: () => {
      throw new Error("no shelf <3>");
    },
  };
  const good = { hash: "c3".repeat(6), rules: [{ rule, kind: "code" as const }], loadedAt: new Date(0) };
  const set = makeRuleSet([{ name: "30_stock.ts", faults: [], good }], new Date(0), []);
  await using office = await open({ rules: () => set });
  const { store, clock } = office.fixture;
  clock.advance(30_000);
  await writePast(store, { set, conversations: [["any left?"]], from: new Date(store.now().getTime() - 60_000) });
  const page = await pageOf(await office.visitor.get("/admin/rules"));
  const [, message, path = ""] =
    page.match(/<details [^>]*open>.*(it threw Error: no shelf &lt;3>).*href="([^"]+)">What/) ?? [];
  assert.ok(message);
  assert.match(await pageOf(await office.visitor.get(path)), /any left\?/);
});

/** The names of the chain's rules as the page lists them. */
function listed(page: string): string {
  return [...page.matchAll(/<th scope="row">.*?<summary [^>]*>(\S+) /g)].map(([, name]) => name).join(" ");
}

Deno.test("a rule is moved from its page: asked earlier at once, shown beside the file's place, and moved back", async () => {
  await using office = await open();
  const { visitor } = office;
  const page = await pageOf(await visitor.get("/admin/rules"));
  assert.equal(listed(page), "dedup takeover prices");
  assert.match(page, /aria-label="Move prices up"/);
  assert.doesNotMatch(page, /aria-label="Move (dedup up|prices down)"/);
  const { account, ver } = switchForm(page, "prices");
  assert.equal((await visitor.post("/admin/rules/move", { account, ver, rule: "prices", to: "up" })).status, 303);
  const changed = await pageOf(await visitor.get("/admin/rules"));
  assert.equal(listed(changed), "dedup prices takeover");
  assert.match(changed, /file: 3.*Back to the files’ order|Back to the files’ order.*file: 3/);
  const [entry] = await office.fixture.store.audit.list({ action: "settings.change", limit: 1 });
  assert.deepEqual(entry?.changes, { rulesOrder: { before: [], after: ["dedup", "prices", "takeover"] } });
  const tried = await pageOf(await visitor.get(tryPath({ texts: "what is the price?" })));
  assert.match(tried, /dedup.*prices.*takeover/);
  const form = { account, ver: switchForm(changed, "").ver, to: "files" };
  assert.equal((await visitor.post("/admin/rules/move", form)).status, 303);
  assert.equal(listed(await pageOf(await visitor.get("/admin/rules"))), "dedup takeover prices");
});

Deno.test("who moves a rule too late is shown both orders, and changes nothing", async () => {
  await using office = await open();
  const { visitor } = office;
  const { account, ver } = switchForm(await pageOf(await visitor.get("/admin/rules")), "");
  await visitor.post("/admin/rules/move", { account, ver, rule: "prices", to: "up" });
  const late = await visitor.post("/admin/rules/move", { account, ver, rule: "dedup", to: "down" });
  const page = await pageOf(late, 409);
  assert.match(page, /You wanted: .*prices → dedup → takeover.*Now it is: .*dedup → prices → takeover/);
  assert.equal(listed(page), "dedup prices takeover");
});
