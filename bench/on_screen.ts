/** How long a message takes from Instagram's webhook to the pages that people have open. */
import { launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import type { Page } from "playwright-core";
import type { DueFigures } from "./due_to_post.ts";
import { accountId, quantile, startMoca } from "./moca.ts";

const messages = 60;
const psid = "6000000000000001";

/**
 * Milliseconds from the moment a webhook leaves until its message stands in the same conversation in two windows, the
 * later of both; undefined where there is no browser.
 */
export async function measureOnScreen(): Promise<DueFigures | undefined> {
  if (skipsBrowser) return undefined;
  const dataDir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  await using moca = await startMoca({ dataDir });
  // Nobody answers: what is measured is one message a time.
  await moca.setSettings({ botEnabled: false });
  await moca.instagram.contactSends(psid, { kind: "text", text: "the first" });
  await using browser = await launchBrowser();
  const cookie = await moca.signIn();
  const pages = await Promise.all([1, 2].map(async () => {
    const window = await openWindow(browser);
    const [name = "", value = ""] = cookie.split("=");
    await window.addCookies([{ name, value, url: moca.url }]);
    const page = await window.newPage();
    await page.goto(`${moca.url}/admin/inbox?tab=all`);
    await shows(page, "the first");
    await page.goto(`${moca.url}/admin/inbox/${accountId}_${psid}`);
    await page.locator('#connection[data-state="live"]').waitFor();
    return page;
  }));
  const took: number[] = [];
  for (let n = 0; n < messages; n += 1) {
    const text = `message number ${n}.`;
    const startedAt = performance.now();
    const shown = Promise.all(pages.map((page) => shows(page, text)));
    await moca.instagram.contactSends(psid, { kind: "text", text });
    await shown;
    took.push(performance.now() - startedAt);
  }
  return { median: quantile(took, 0.5), p95: quantile(took, 0.95) };
}

async function shows(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: true }).first().waitFor();
}
