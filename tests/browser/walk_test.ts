/** Everything that people do all day, once with JavaScript and once without. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  accessibilityProblems,
  browserNote,
  complaints,
  launchBrowser,
  openWindow,
  skipsBrowser,
} from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";
import { adminToken } from "@/backoffice/testing/fixture.ts";
import { Story } from "@/backoffice/testing/seed.ts";

interface Walk {
  readonly page: Page;
  readonly office: Office;
  /** A conversation of more messages than a page shows. */
  readonly longId: string;
  go(path: string): Promise<void>;
}

type Task = readonly [name: string, walk: (walk: Walk) => Promise<void>];

/** Enough for a second page of the list, and of one conversation. */
async function fillUp({ fixture }: Office): Promise<string> {
  for (let n = 0; n < 45; n += 1) await new Story(fixture.store, `9${100 + n}`).says(`pregunta ${n}`, 7_200_000);
  const long = new Story(fixture.store, "9900");
  for (let n = 0; n < 60; n += 1) await long.says(`mensaje ${n}`, 3_600_000 - n * 1_000);
  return long.id;
}

const tasks: readonly Task[] = [
  ["sign out, and in again to where one wanted to go", async ({ page, office: { url } }) => {
    await page.click('form[action="/admin/logout"] button');
    await page.waitForURL(/\/admin\/login/);
    await page.goto(`${url}/admin/queue`);
    await page.waitForURL(/\/admin\/login\?next=/);
    await page.fill("#token", adminToken);
    await page.click("button.primary");
    await page.waitForURL(/\/admin\/queue/);
  }],
  ["list, filter, sort and turn the page", async ({ page, go }) => {
    await go("/admin/inbox?tab=all");
    assert.equal(await page.locator("#inbox-list .row").count(), 50);
    await page.click("#inbox-list .pager a");
    await page.waitForURL(/cursor=/);
    assert.match(await page.innerText("#inbox-list .pager"), /^51–/);
    await go("/admin/inbox?tab=all");
    await page.click(".filters summary");
    await page.click(".filters .stack a >> text=Newest");
    await page.waitForURL(/sort=newest/);
    await page.click(".filters summary");
    await page.click(".filters .stack >> text=Unread");
    await page.waitForURL(/unread=1/);
    assert.match(await page.innerText(".filters"), /Unread[\s\S]*Newest/);
  }],
  ["search, and open what was found", async ({ page, office: { ids }, go }) => {
    await go("/admin/inbox?tab=all");
    await page.fill("input[type=search]", "envios");
    await page.press("input[type=search]", "Enter");
    await page.waitForURL(/q=envios/);
    await page.click(`#row-${ids.ana} a`);
    await page.waitForURL(new RegExp(`/admin/inbox/${ids.ana}`));
  }],
  ["load earlier messages", async ({ page, longId, go }) => {
    await go(`/admin/inbox/${longId}`);
    await page.click("#timeline .pager a");
    await page.locator("#timeline >> text=mensaje 0").waitFor();
  }],
  ["send, and cancel what has not left", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await page.fill("#text", "Un momento, por favor");
    await page.click("#composer button.primary");
    const item = page.locator("#timeline .entry.unsent", { hasText: "Un momento, por favor" });
    await item.locator("button", { hasText: "Cancel" }).click();
    await page.locator("#timeline .entry.cancelled", { hasText: "Un momento, por favor" }).waitFor();
  }],
  ["save a note for the team", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await page.check('#composer input[value="note"]');
    await page.fill("#text", "Prefiere llamadas");
    await page.locator("#composer button.primary, #composer button.button >> text=Save note").first().click();
    await page.locator("#timeline .entry.note", { hasText: "Prefiere llamadas" }).waitFor();
  }],
  ["take over, give back, and mark as done", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    await page.click("#thread-head >> text=Take over");
    await page.click("#thread-head >> text=Give to bot");
    await page.locator("#thread-head >> text=Take over").waitFor();
    await page.click("#thread-head >> text=Done");
    await page.locator("#thread-head >> text=Reopen").waitFor();
  }],
  ["change what is known of the contact", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    await page.click("#edit-contact summary");
    await page.fill('#edit-contact [name="field.city"]', "Oaxaca");
    await page.fill('#edit-contact [name="tags"]', "vip, mayoreo");
    await page.click("#edit-contact button");
    await page.locator("#contact .facts", { hasText: "Oaxaca" }).waitFor();
    await page.locator("#contact .tags", { hasText: "mayoreo" }).waitFor();
  }],
  ["retry and discard in the queue", async ({ page, office: { ids }, go }) => {
    await go("/admin/queue");
    const failed = page.locator("#queue tr", { hasText: "evil.example" }).first();
    await failed.locator("button", { hasText: "Retry" }).click();
    await page.locator("#queue").waitFor();
    await go(`/admin/outbound/${ids.lost}_o1`);
    await page.locator("button", { hasText: "Discard" }).click();
    await page.locator("button", { hasText: "Bring back" }).waitFor();
  }],
  ["try a text with the rules", async ({ page, go }) => {
    await go("/admin/rules/try");
    await page.fill("#try-texts", "what is the price?");
    await page.click("form button >> text=/Try/");
    await page.waitForURL(/texts=/);
    assert.match(await page.innerText("#main"), /prices/);
  }],
  ["switch a rule off and move another", async ({ page, go }) => {
    await go("/admin/rules");
    await page.click('[aria-label="In use: prices"][aria-pressed="true"]');
    await page.locator('[aria-label="In use: prices"][aria-pressed="false"]').waitFor();
    await page.click('[aria-label="Move takeover up"]');
    await page.locator("text=Back to the files’ order").waitFor();
  }],
  ["save settings, and test the connection", async ({ page, go }) => {
    await go("/admin/settings");
    await page.fill("#cooldownMs", "8");
    await page.click("text=Save settings");
    await page.locator("text=/Saved .*effective now/").waitFor();
    await page.fill("#token", "IGAA-a-token-that-is-long-enough");
    await page.click("#instagram >> text=Test");
    await page.locator("#instagram li, #instagram dd").first().waitFor();
    assert.equal(await page.inputValue("#token"), "");
  }],
  ["find in the audit log what was done, and take it away as a file", async ({ page, office: { url }, go }) => {
    await go("/admin/audit");
    await page.fill('#main input[type="search"], #main input[name="q"]', "rulesOrder");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=rulesOrder/);
    await page.locator("#main", { hasText: "Order of the rules" }).waitFor();
    const href = await page.getAttribute('a[href*="csv"]', "href");
    const file = await page.request.get(`${url}${href}`);
    assert.equal(file.status(), 200);
    assert.match(await file.text(), /settings\.change/);
  }],
];

for (const javaScript of [true, false]) {
  Deno.test({
    name: `a day's work can be done ${javaScript ? "with" : "without"} JavaScript${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (t) => {
      await using office = await openOffice();
      const longId = await fillUp(office);
      const browser = await launchBrowser();
      try {
        const page = await (await openWindow(browser, { javaScript })).newPage();
        const found = complaints(page);
        await signIn(page, office.url);
        const go = async (path: string): Promise<void> => void await page.goto(`${office.url}${path}`);
        for (const [name, work] of tasks) {
          await t.step(name, async () => {
            await work({ page, office, longId, go });
            // What a task leaves behind is a state that no address leads to. Without JavaScript, axe cannot run.
            if (javaScript) assert.deepEqual(await accessibilityProblems(page), []);
          });
        }
        assert.deepEqual(found, []);
      } finally {
        await browser.close();
      }
    },
  });
}
