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

/** Runs in the page: every word of the interface takes two fifths more room, as in wordier languages. */
function lengthenWords(): void {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const text = node.nodeValue ?? "";
    const isShown = node.parentElement?.closest("script, style, template, time, code, bdi, noscript") === null;
    if (!isShown || text.trim() === "") continue;
    const more = "xx ".repeat(Math.ceil(text.trim().length * 0.4 / 3)).trim();
    node.nodeValue = `${text.trimEnd()} ${more}`;
  }
}

/** Runs in the page: the spacing that a reader may choose (WCAG 1.4.12), by a sheet that no policy forbids. */
function spaceWords(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Runs in the page: buttons, links and labels whose words are cut off. */
function cutOff(): string[] {
  return [...document.querySelectorAll("button, a.button, label, th, legend, h1, h2, .chip, .tabs a")].filter((one) => {
    const isHidden = one.closest(".hidden") !== null || one.getClientRects().length === 0;
    const clips = getComputedStyle(one).overflowX !== "visible" && getComputedStyle(one).textOverflow !== "ellipsis";
    return !isHidden && clips && one.scrollWidth > one.clientWidth + 1;
  }).map((one) => (one.textContent ?? "").trim().slice(0, 60));
}

for (const [what, change] of [["words two fifths longer", lengthenWords], ["wide spacing", spaceWords]] as const) {
  phoneTest(`no page bursts or cuts anything off with ${what}`, async (page, { url, ids }) => {
    const problems: string[] = [];
    for (const [name, path] of Object.entries(pagePaths(ids))) {
      await page.goto(`${url}${path}`);
      await page.evaluate(change);
      const overflow = await sidewaysOverflow(page);
      if (overflow > 0) problems.push(`${name}: can be scrolled sideways by ${overflow} px`);
      problems.push(...(await page.evaluate(cutOff)).map((text) => `${name}: cuts off "${text}"`));
    }
    assert.deepEqual(problems, []);
  });
}
