/** Everything that people do all day, once with JavaScript and once without. */
import assert from "node:assert/strict";
import {
  accessibilityProblems,
  browserNote,
  complaints,
  launchBrowser,
  openWindow,
  skipsBrowser,
} from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";
import { fillUp, type Walk } from "@tests/browser/walk.ts";
import { conversationTasks } from "@tests/browser/walk_conversations.ts";
import { officeTasks } from "@tests/browser/walk_office.ts";
import { Story } from "@/backoffice/testing/seed.ts";

/** Enough for a second page of the list. */
async function fillList({ fixture }: Office): Promise<void> {
  for (let n = 0; n < 45; n += 1) await new Story(fixture.store, `9${100 + n}`).says(`pregunta ${n}`, 7_200_000);
}

for (const javaScript of [true, false]) {
  Deno.test({
    name: `a day's work can be done ${javaScript ? "with" : "without"} JavaScript${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (t) => {
      await using office = await openOffice();
      await fillList(office);
      const longId = await fillUp(office);
      const browser = await launchBrowser();
      try {
        const page = await (await openWindow(browser, { javaScript })).newPage();
        const found = complaints(page);
        await signIn(page, office.url);
        const walk: Walk = {
          page,
          office,
          longId,
          go: async (path) => void await page.goto(`${office.url}${path}`),
          openOther: async () => await (await openWindow(browser, { javaScript })).newPage(),
        };
        for (const [name, work] of [...conversationTasks, ...officeTasks]) {
          await t.step(name, async () => {
            await work(walk);
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
