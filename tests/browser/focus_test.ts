/** What has the focus can be seen (WCAG 2.4.11), and nothing has to be scrolled sideways (1.4.10). */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, launchBrowser, openWindow, sidewaysOverflow, skipsBrowser } from "@tests/browser/browser.ts";
import { type Office, openOffice, pagePaths, signIn } from "@tests/browser/office.ts";

function phoneTest(name: string, work: (page: Page, office: Office) => Promise<void>): void {
  Deno.test({
    name: `${name}${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using office = await openOffice();
      const browser = await launchBrowser();
      try {
        const page = await (await openWindow(browser, { width: 375 })).newPage();
        await signIn(page, office.url);
        await work(page, office);
      } finally {
        await browser.close();
      }
    },
  });
}

/** Stops of the tab key on a page, at most. */
const maxStops = 150;

/** What the focus comes to that a bar lies over, or that is outside the window. */
async function hiddenStops(page: Page): Promise<readonly string[]> {
  const hidden: string[] = [];
  for (let stop = 0; stop < maxStops; stop += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(hiddenFocus);
    if (found === "none") break;
    if (found !== "seen") hidden.push(found);
  }
  return hidden;
}

/**
 * Runs in the page. A field of many lines is scrolled to its cursor, so a part of it must do; the link that leads past
 * the header is meant to lie over it.
 */
function hiddenFocus(): string {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return "none";
  const { top, bottom, left, right } = focused.getBoundingClientRect();
  const end = focused.matches("textarea") ? top + 32 : bottom;
  const bars = [...document.querySelectorAll(".rail, .top, .save-bar, .bulk, .thread-head, #composer")].filter(
    (bar) => {
      const box = bar.getBoundingClientRect();
      return !bar.contains(focused) && box.height > 0 && top < box.bottom - 1 && end > box.top + 1 &&
        left < box.right && right > box.left;
    },
  );
  const isSeen = focused.matches(".skip") || (bars.length === 0 && top >= -1 && end <= innerHeight + 1);
  const under = bars.map(({ id, className }) => id || className).join();
  return isSeen ? "seen" : `${focused.outerHTML.slice(0, 80)} at ${top} to ${bottom} under ${under}`;
}

phoneTest("whatever has the focus on a phone can be seen", async (page, { url, ids }) => {
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
