/** A search while it is typed: the list follows, and what is typed into stays as it is. */
import assert from "node:assert/strict";
import { browserNote, launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { openOffice, signIn } from "@tests/browser/office.ts";

Deno.test({
  name:
    `the list follows what is typed, the field keeps focus and caret, and the address is the search's${browserNote}`,
  ignore: skipsBrowser,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using office = await openOffice();
    const browser = await launchBrowser();
    try {
      const page = await (await openWindow(browser, { width: 1280 })).newPage();
      await signIn(page, office.url);
      await page.goto(`${office.url}/admin/inbox?tab=all`);
      const rows = page.locator("#inbox-list .rows > li");
      assert.ok(await rows.count() > 2);
      await page.keyboard.press("/");
      await page.keyboard.type("ana sof");
      await page.keyboard.press("ArrowLeft");
      await page.waitForURL(/q=ana/);
      assert.equal(await rows.count(), 1);
      const field = await page.evaluate(() => {
        const { name, value, selectionStart } = document.activeElement as HTMLInputElement;
        return { name, value, selectionStart };
      });
      assert.deepEqual(field, { name: "q", value: "ana sof", selectionStart: 6 });
      assert.match(await page.locator("#announcer").textContent() ?? "", /1 conversation found/);
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`/admin/inbox/${office.ids.ana}`));
      await page.goto(`${office.url}/admin/inbox?tab=all`);
      await page.keyboard.press("/");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("nobody at all");
      await page.getByText("nobody at all").first().waitFor();
      assert.equal(await rows.count(), 0);
    } finally {
      await browser.close();
    }
  },
});
