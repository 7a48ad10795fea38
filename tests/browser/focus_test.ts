/** What has the focus can be seen (WCAG 2.4.11), and nothing has to be scrolled sideways (1.4.10). */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, launchBrowser, openWindow, sidewaysOverflow, skipsBrowser } from "@tests/browser/browser.ts";
import { type Office, openOffice, pagePaths, signIn } from "@tests/browser/office.ts";

function phoneTest("whatever has the focus on a phone can be seen whole", async (page, { url, ids }) => {
  for (const path of ["inbox?tab=all", `inbox/${ids.luis}`, `inbox/${ids.ana}`, "queue", "settings"]) {
    await page.goto(`${url}/admin/${path}`);
    assert.deepEqual(await hiddenStops(page), [], path);
  }
});

phoneTest("no page is wider than a window of 320 pixels, which 400 % make of 1280", async (page, { url, ids }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of Object.values(pagePaths(ids))) {
    await page.goto(`${url}${path}`);
    assert.equal(await sidewaysOverflow(page), 0, path);
  }
});
