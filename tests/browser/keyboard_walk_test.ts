/** A day's work without a mouse: every control is come to by the tab key or has a key, and the focus is never lost. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, complaints, launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { Keyboard } from "@tests/browser/keyboard.ts";
import { type Office, openOffice } from "@tests/browser/office.ts";
import { fillUp } from "@tests/browser/walk.ts";
import { adminToken } from "@/backoffice/testing/fixture.ts";

interface Sitting {
  readonly page: Page;
  readonly keyboard: Keyboard;
  readonly office: Office;
  readonly longId: string;
  /** Opens an address, as one types it. */
  go(path: string): Promise<void>;
}

type Task = readonly [name: string, work: (sitting: Sitting) => Promise<void>];

const tasks: readonly Task[] = [
  ["sign in, out, and in again", async ({ page, keyboard, go }) => {
    await go("/admin/login");
    await keyboard.type(adminToken);
    await keyboard.press("Enter");
    await page.waitForURL(/\/admin\/inbox/);
    await keyboard.use("button", "Sign out");
    await page.waitForURL(/\/admin\/login/);
    await keyboard.type(adminToken);
    await keyboard.use("button", "Sign in");
    await page.waitForURL(/\/admin\/inbox/);
  }],
  ["filter and sort the list", async ({ page, keyboard, go }) => {
    await go("/admin/inbox?tab=all");
    await keyboard.use("summary", "Filter", ".filters");
    await keyboard.use("link", "Newest", ".filters");
    await page.waitForURL(/sort=newest/);
    await keyboard.use("summary", "Filter", ".filters");
    await keyboard.use("link", "vip", ".filters");
    await page.waitForURL(/tag=vip/);
    assert.equal(await page.locator("#inbox-list .row").count(), 1);
  }],
  ["search, open, and load earlier messages", async ({ page, keyboard, longId, go }) => {
    await go("/admin/inbox?tab=all");
    await keyboard.press("/");
    await keyboard.type("mensaje 59");
    await page.waitForURL(/q=mensaje/);
    await keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/admin/inbox/${longId}`));
    await keyboard.useBefore("link", "Load earlier", "#timeline");
    await page.locator("#timeline .entry", { hasText: "mensaje 0" }).first().waitFor();
    await keyboard.keepsFocus();
  }],
  ["send, and cancel what has not left", async ({ page, keyboard, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await keyboard.press("r");
    await keyboard.type("Un momento, por favor");
    await keyboard.press("Control+Enter");
    await page.locator("#timeline .entry.unsent", { hasText: "Un momento" }).waitFor();
    await keyboard.keepsFocus();
    await go(`/admin/inbox/${ids.typing}`);
    await keyboard.use("button", "Cancel", "#timeline");
    await page.locator("#timeline .entry.cancelled", { hasText: "Un momento" }).waitFor();
  }],
  ["save a note", async ({ page, keyboard, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await keyboard.press("n");
    await keyboard.type("Prefiere llamadas");
    await keyboard.use("button", "Save note", "#composer");
    await page.locator("#timeline .entry.note", { hasText: "Prefiere llamadas" }).waitFor();
    await keyboard.keepsFocus();
  }],
  ["take over, give back, mark as done, and undo that", async ({ page, keyboard, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    await keyboard.use("button", "Take over", "#thread-head");
    await page.locator("#thread-head >> text=Give to bot").waitFor();
    await keyboard.useBefore("button", "Give to bot", "#thread-head");
    await page.locator("#thread-head >> text=Take over").waitFor();
    await keyboard.useBefore("button", "Done", "#thread-head");
    await page.locator("#thread-head >> text=Reopen").waitFor();
    await keyboard.useBefore("button", "Undo", "#main");
    await page.locator("#thread-head >> text=Done").waitFor();
  }],
  ["change what is known of the contact", async ({ page, keyboard, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    await keyboard.use("summary", "", "#edit-contact");
    await keyboard.tabTo("textbox", "city", "#edit-contact");
    await keyboard.retype("Oaxaca");
    await keyboard.press("Enter");
    await page.locator("#contact .facts", { hasText: "Oaxaca" }).waitFor();
  }],
  ["retry what failed, and discard the rest after a page that asks", async ({ page, keyboard, go }) => {
    await go("/admin/queue?state=failed");
    await keyboard.use("button", "Retry: <img", "#queue");
    await page.locator("#queue", { hasText: "evil.example" }).waitFor({ state: "detached" });
    await keyboard.use("link", "Discard all 2 texts", "#queue");
    await page.waitForURL(/\/admin\/queue\/all/);
    await keyboard.use("button", "Discard all 2 texts", "#main");
    await page.locator("#main .notice", { hasText: "2 done" }).waitFor();
  }],
  ["try a text with the rules", async ({ page, keyboard, go }) => {
    await go("/admin/rules");
    await keyboard.press("/");
    await keyboard.type("what is the price?");
    await keyboard.press("Enter");
    await page.waitForURL(/\/admin\/rules\/try/);
    await page.locator("#try-result", { hasText: "prices" }).waitFor();
  }],
  ["switch a rule off, and move another", async ({ page, keyboard, go }) => {
    await go("/admin/rules");
    await keyboard.use("button", "In use: prices");
    await page.locator('[aria-label="In use: prices"][aria-pressed="false"]').waitFor();
    await keyboard.use("button", "Move takeover up");
    await page.locator("text=Back to the files’ order").waitFor();
  }],
  ["save settings, and test the connection", async ({ page, keyboard, go }) => {
    await go("/admin/settings");
    await keyboard.tabTo("textbox", "Pause after an answer", "#main form");
    await keyboard.retype("8");
    await keyboard.press("Control+Enter");
    await page.locator("text=/Saved .*effective now/").waitFor();
    await keyboard.use("button", "Test connection", "#instagram");
    await page.locator("#instagram li").first().waitFor();
  }],
  ["find in the audit log what was done", async ({ page, keyboard, go }) => {
    await go("/admin/audit");
    await keyboard.press("/");
    await keyboard.type("rulesOrder");
    await keyboard.press("Enter");
    await page.waitForURL(/q=rulesOrder/);
    await page.locator("#main tbody", { hasText: "Order of the rules" }).waitFor();
    const given = page.waitForEvent("download");
    await keyboard.use("link", "CSV", "#main");
    assert.match(await Deno.readTextFile(await (await given).path()), /settings\.change/);
  }],
];

Deno.test({
  name: `a day's work can be done by the keyboard alone${browserNote}`,
  ignore: skipsBrowser,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using office = await openOffice();
    const longId = await fillUp(office);
    const browser = await launchBrowser();
    try {
      const page = await (await openWindow(browser)).newPage();
      const found = complaints(page);
      const go = async (path: string): Promise<void> => void await page.goto(`${office.url}${path}`);
      const sitting: Sitting = { page, keyboard: new Keyboard(page), office, longId, go };
      for (const [name, work] of tasks) await t.step(name, () => work(sitting));
      assert.deepEqual(found, []);
    } finally {
      await browser.close();
    }
  },
});
