import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  accessibilityProblems,
  browserNote,
  complaints,
  launchBrowser,
  type Look,
  openWindow,
  skipsBrowser,
} from "@tests/browser/browser.ts";
import { accountId, Story } from "@/backoffice/testing/seed.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";

function keysTest(name: string, look: Partial<Look>, work: (page: Page, office: Office) => Promise<void>): void {
  Deno.test({
    name: `${name}${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using office = await openOffice();
      const browser = await launchBrowser();
      try {
        const page = await (await openWindow(browser, look)).newPage();
        const found = complaints(page);
        await signIn(page, office.url);
        await work(page, office);
        assert.deepEqual(found, []);
      } finally {
        await browser.close();
      }
    },
  });
}

async function focusedId(page: Page): Promise<string | undefined> {
  return await page.evaluate(() => document.activeElement?.id);
}

keysTest("inbox, conversation, reply and back: all by keyboard alone", {}, async (page, { url, ids }) => {
  await page.goto(`${url}/admin/inbox?tab=all`);
  const names = await page.locator("#inbox-list .row .name").allInnerTexts();
  const wanted = await page.locator(`#row-${ids.typing} .name`).innerText();
  for (let row = 0; row <= names.indexOf(wanted); row += 1) await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/admin/inbox/${ids.typing}`));
  await page.keyboard.press("r");
  assert.equal(await focusedId(page), "text");
  await page.keyboard.type("jkerb ?/g");
  assert.equal(await page.inputValue("#text"), "jkerb ?/g");
  await page.keyboard.press("Control+Enter");
  await page.locator("#timeline .entry.operator >> text=jkerb ?/g").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await focusedId(page), "main");
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/admin\/inbox(?:\?[^/]*)?$/);
});

keysTest(
  "a conversation is given back, closed, explained and left for the next by one key each",
  {},
  async (page, { url, ids }) => {
    await page.goto(`${url}/admin/inbox/${ids.ana}?tab=all`);
    await page.keyboard.press("w");
    await page.locator("#timeline details.decision[open]").waitFor();
    await page.keyboard.press("b");
    await page.waitForSelector("text=Give to bot");
    await page.keyboard.press("b");
    await page.waitForSelector("text=Take over");
    await page.keyboard.press("e");
    await page.waitForSelector("text=Reopen");
    await page.goto(`${url}/admin/inbox/${ids.ana}?tab=all`);
    await page.keyboard.press("j");
    await page.waitForURL((to) => to.pathname.startsWith("/admin/inbox/") && !to.pathname.endsWith(ids.ana));
  },
);

keysTest("two keys lead to each page, a stroke to the search, and none while the sheet is open", {}, async (page) => {
  const pages = { r: "rules", s: "simulator", q: "queue", t: "settings", a: "audit", i: "inbox" };
  for (const [key, path] of Object.entries(pages)) {
    // The simulator begins in its field.
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(new RegExp(`/admin/${path}$`));
  }
  await page.keyboard.press("/");
  await page.keyboard.type("envios");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=envios/);
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  await page.keyboard.press("/");
  assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute("name")), "q");
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor({ state: "detached" });
});

keysTest(
  "a row of the queue is ticked and opened by keys, and its text searched for",
  {},
  async (page, { url, ids }) => {
    await page.goto(`${url}/admin/queue?state=held`);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    assert.equal(await page.locator(".pick input:checked").count(), 1);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/admin/inbox/${ids.lost}`));
    await page.goto(`${url}/admin/queue`);
    await page.keyboard.press("/");
    await page.keyboard.type("talla m");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=talla/);
    assert.equal(await page.locator("#queue tbody tr").count(), 1);
  },
);

keysTest("rows of the inbox are ticked by a key, stay ticked while news come, and are done together", {}, async (
  page,
  { url, ids, fixture },
) => {
  await page.goto(`${url}/admin/inbox?tab=all&sort=newest`);
  await page.locator('#connection[data-state="live"]').waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.equal(await page.locator(".pick :checked").count(), 2);
  await new Story(fixture.store, "101").says("una cosa más", 0, { mid: "ticked_1" });
  await page.locator(`#row-${ids.ana} >> text=una cosa más`).waitFor();
  assert.equal(await page.locator(".pick :checked").count(), 2);
  await page.keyboard.press("e");
  await page.locator("text=2 conversations changed").waitFor();
});

keysTest("times are those of the zone that the browser is in", {}, async (page, { url }) => {
  await page.goto(`${url}/admin/display`);
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  assert.ok((await page.innerText("#zone-hint")).includes(`(${zone})`));
});

keysTest("the keys can be switched off, with the mouse and for good", {}, async (page, { url }) => {
  await page.click("#keys-open");
  await page.uncheck("#keys-on");
  await page.click("text=Close");
  await page.goto(`${url}/admin/inbox?tab=all`);
  for (const key of ["?", "j", "/"]) await page.keyboard.press(key);
  assert.equal(await page.locator("#keys[open]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  await page.click("#keys-open");
  assert.equal(await page.isChecked("#keys-on"), false);
});

/** Somebody else moves rules, until the page that is open shows it. */
async function reorder(page: Page, { deps, store }: Office["fixture"], rulesOrder: readonly string[]): Promise<void> {
  const account = await store.accounts.get(accountId);
  await deps.actions.changeSettings(accountId, { rulesOrder }, "eva", account?.ver);
  await page.locator("#chain tbody tr").first().locator("summary", { hasText: rulesOrder[0] }).waitFor();
}

keysTest(
  "rules are stepped through, opened and tried by key, and nothing that is done is disturbed by news",
  {},
  async (
    page,
    { url, fixture },
  ) => {
    await page.goto(`${url}/admin/rules`);
    for (const key of ["j", "j", "j", "k", "Enter"]) await page.keyboard.press(key);
    const opened = page.locator("#chain details[open] summary");
    assert.match(await opened.innerText(), /^takeover/);
    await reorder(page, fixture, ["takeover", "prices", "dedup"]);
    assert.match(await opened.innerText(), /^takeover/);
    assert.equal(await opened.evaluate((summary) => summary === document.activeElement), true);
    await page.focus('[aria-label="Move prices up"]');
    await reorder(page, fixture, ["dedup", "prices", "takeover"]);
    assert.equal(await page.evaluate(() => document.activeElement?.ariaLabel), "Move prices up");
    await page.keyboard.press("/");
    await page.keyboard.type("the price, j k");
    await reorder(page, fixture, ["prices", "dedup", "takeover"]);
    assert.deepEqual([await focusedId(page), await page.inputValue("#try-text")], ["try-text", "the price, j k"]);
    await page.keyboard.press("Enter");
    await page.locator("#announcer >> text=Rule prices matched: replied").waitFor({ state: "attached" });
  },
);

for (const look of [{ scheme: "dark", language: "es" }, { width: 375 }] as const) {
  keysTest(
    `the sheet of keys lists what the pages have, and is accessible (${JSON.stringify(look)})`,
    look,
    async (page, { url, ids }) => {
      for (const path of ["inbox", `inbox/${ids.ana}`, "queue", "audit", "rules"]) {
        await page.goto(`${url}/admin/${path}`);
        await page.keyboard.press("?");
        await page.locator("#keys[open]").waitFor();
        const onPage = await page.locator("[data-key]").evaluateAll((all) => all.map((one) => one.dataset["key"]));
        const listed = await page.locator("#keys dt").allInnerTexts();
        assert.deepEqual(onPage.filter((key) => !listed.map((text) => text.trim()).includes(key ?? "")), []);
        assert.deepEqual(await accessibilityProblems(page), []);
      }
    },
  );
}
