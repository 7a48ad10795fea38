/**
 * How long the back office takes to answer to keys and clicks on a phone's processor (a quarter of this machine's speed):
 * `deno task interactions`. Ends with 1 above 100 ms. Durations are the browser's own, from the input to the next paint
 * (https://www.w3.org/TR/event-timing/), in steps of 8 ms; shorter than 16 ms are not told.
 */
import type { Page } from "playwright-core";
import { launchBrowser, openWindow } from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";

const ceilingMs = 100;
const slowdown = 4;

/** Collects the durations of all that is pressed, typed and clicked from now on. */
async function listen(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const told: number[] = [];
    Object.assign(globalThis, { told });
    const options = { type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ("interactionId" in entry && entry.interactionId !== 0) told.push(entry.duration);
      }
    }).observe(options);
  });
  return async () => {
    await page.waitForTimeout(500);
    return await page.evaluate(() => (globalThis as unknown as { told: number[] }).told);
  };
}

type Work = readonly [name: string, path: (office: Office) => string, work: (page: Page) => Promise<void>];

const works: readonly Work[] = [
  ["inbox: search while typing, filters", () => "/admin/inbox?tab=all", async (page) => {
    await page.click("input[name=q]");
    await page.keyboard.type("bolso", { delay: 60 });
    await page.waitForTimeout(600);
    await page.click(".filters summary");
  }],
  ["inbox: through the rows by key, and tick", () => "/admin/inbox?tab=all", async (page) => {
    for (const key of "jjkjx") await page.keyboard.press(key, { delay: 40 });
  }],
  ["conversation: write and send", ({ ids }) => `/admin/inbox/${ids.typing}`, async (page) => {
    await page.click("#text");
    await page.keyboard.type("Un momento, por favor", { delay: 30 });
    await page.click("#composer button.primary");
    await page.locator("#timeline .entry.operator").first().waitFor();
  }],
  ["conversation: why", ({ ids }) => `/admin/inbox/${ids.ana}`, async (page) => {
    await page.keyboard.press("w");
    await page.keyboard.press("w");
  }],
  ["queue: tick", () => "/admin/queue", async (page) => {
    await page.locator("#queue input[type=checkbox]").first().click();
  }],
];

await using office = await openOffice();
const browser = await launchBrowser();
try {
  for (const [name, path, work] of works) {
    const window = await openWindow(browser, { width: 375 });
    const page = await window.newPage();
    await signIn(page, office.url);
    await page.goto(`${office.url}${path(office)}`);
    await page.locator('#connection[data-state="live"]').waitFor({ state: "attached" });
    const cdp = await window.newCDPSession(page);
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    const durations = await listen(page);
    await work(page);
    const longest = Math.max(0, ...await durations());
    if (longest > ceilingMs) Deno.exitCode = 1;
    await Deno.stdout.write(new TextEncoder().encode(`${name}: ${longest} ms at most, wants ${ceilingMs} or less\n`));
    await window.close();
  }
} finally {
  await browser.close();
}
