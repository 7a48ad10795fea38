import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import {
  accessibilityProblems,
  browserNote,
  complaints,
  launchBrowser,
  type Look,
  openWindow,
  sidewaysOverflow,
  skipsBrowser,
} from "@tests/browser/browser.ts";
import { openOffice, pagePaths, signIn } from "@tests/browser/office.ts";

const looks: readonly Look[] = [
  { width: 1280, scheme: "light", language: "en", javaScript: true },
  { width: 1280, scheme: "dark", language: "es", javaScript: true },
  { width: 375, scheme: "light", language: "es", javaScript: true },
  { width: 375, scheme: "dark", language: "en", javaScript: true },
];

Deno.test({
  name: `every page is accessible, fits its window and breaks no rule of its own${browserNote}`,
  ignore: skipsBrowser,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using office = await openOffice();
    const browser = await launchBrowser();
    try {
      for (const look of looks) {
        // The second half of the looks has a banner above every page.
        if (look.width === 375) office.breakRuleFile();
        const window = await openWindow(browser, look);
        await t.step(`${look.width} px, ${look.scheme}, ${look.language}`, () => checkPages(window, office));
        await window.close();
      }
    } finally {
      await browser.close();
    }
  },
});

async function checkPages(
  window: BrowserContext,
  { url, ids }: { url: string; ids: Readonly<Record<string, string>> },
): Promise<void> {
  const page = await window.newPage();
  const found = complaints(page);
  await page.goto(`${url}/admin/login`);
  assert.deepEqual(await accessibilityProblems(page), [], "login");
  await signIn(page, url);
  const expected = ["Failed to load resource: the server responded with a status of 404 (Not Found)"];
  const problems: string[] = [];
  for (const [name, path] of Object.entries(pagePaths(ids))) {
    await page.goto(`${url}${path}`);
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${name}: ${problem}`));
    const overflow = await sidewaysOverflow(page);
    if (overflow > 0) problems.push(`${name}: can be scrolled sideways by ${overflow} px`);
    if (!await hasContent(page)) problems.push(`${name}: shows nothing but its title and tabs`);
    if (!(await page.title()).endsWith(" · Moca")) problems.push(`${name}: a script changed the title`);
  }
  assert.deepEqual(problems, []);
  assert.deepEqual(found.filter((line) => !expected.includes(line)), []);
}

/** Whether the page shows a control or a paragraph of its own, beside its heading and the ways to other pages. */
function hasContent(page: Page): Promise<boolean> {
  return page.locator("main :is(p, form, table, li)").filter({ visible: true }).count().then((count) => count > 0);
}
