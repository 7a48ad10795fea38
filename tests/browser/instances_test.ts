/** Two browsers, each on another instance of one Moca, and a message that reaches only one of the two. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, complaints, launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { signIn } from "@tests/browser/office.ts";
import { MocaCluster } from "@tests/support/moca_cluster.ts";
import { withMongo } from "@tests/support/mongo_server.ts";
import { adminToken } from "@tests/support/test_moca.ts";

await withMongo(({ uri }) => {
  Deno.test({
    name: `a message shows in the browsers of both instances, whichever took it, and so does the answer${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using cluster = await MocaCluster.start({ size: 2, uri, sendsPerSecond: 20, speed: 2 });
      const browser = await launchBrowser();
      try {
        const pages = await Promise.all(cluster.instances.map(async ({ url }) => {
          const page = await (await openWindow(browser)).newPage();
          await signIn(page, url, adminToken);
          await page.goto(`${url}/admin/inbox?tab=all`);
          await page.locator('#connection[data-state="live"]').waitFor();
          return page;
        }));
        const found = pages.map(complaints);
        cluster.writes("8001", 1);
        for (const page of pages) await openFirst(page);
        cluster.writes("8001", 1);
        for (const page of pages) {
          await page.locator("#timeline").getByText("w001x1", { exact: true }).waitFor();
          await page.locator("#timeline").getByText("second w001x1", { exact: true }).waitFor();
        }
        assert.deepEqual(found.flat(), []);
      } finally {
        await browser.close();
      }
    },
  });
});

/** Opens the conversation that came by itself into the list. */
async function openFirst(page: Page): Promise<void> {
  await page.locator("#inbox-list .row").first().waitFor();
  await page.locator("#inbox-list .row").first().click();
  await page.locator("#timeline").getByText("second w001x0", { exact: true }).waitFor();
  await page.locator('#connection[data-state="live"]').waitFor();
}
