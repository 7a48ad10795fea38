/** What the common tasks cost: presses of a key, a chord being one, and clicks; typing is left out. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, complaints, launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";

/** Somebody's hands, counted. */
class Hands {
  readonly #page: Page;
  presses = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    this.presses += 1;
    await this.#page.keyboard.press(key);
  }

  async click(selector: string): Promise<void> {
    this.presses += 1;
    await this.#page.click(selector);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }
}

interface Task {
  readonly name: string;
  readonly presses: number;
  /** Where it begins. */
  readonly from: (ids: Office["ids"]) => string;
  /** Does it, and waits for what one wanted to see. */
  readonly work: (hands: Hands, page: Page, office: Office) => Promise<void>;
}

/** Those that change a conversation come after those that find it as it was. */
const tasks: readonly Task[] = [
  {
    name: "see why the bot spoke",
    presses: 1,
    from: ({ ana }) => `inbox/${ana}`,
    work: async (hands, page) => {
      await hands.press("w");
      await page.locator("#timeline details.decision[open]").waitFor();
    },
  },
  {
    name: "open the next one that needs a person",
    presses: 1,
    from: () => "inbox",
    work: async (hands, page) => {
      await page.locator("#inbox-list .row").first().click();
      const next = page.locator("#inbox-list li:has([aria-current]) + li .row");
      const href = await next.getAttribute("href");
      await hands.press("j");
      await page.waitForURL((to) => `${to.pathname}${to.search}${to.hash}` === href);
    },
  },
  {
    name: "find a contact and open it",
    presses: 2,
    from: () => "inbox?tab=all",
    work: async (hands, page, { ids }) => {
      await hands.press("/");
      await hands.type("ana sof");
      await page.locator('#inbox-tabs[data-q="ana sof"]').waitFor();
      await hands.press("Enter");
      await page.waitForURL(new RegExp(`/admin/inbox/${ids.ana}`));
    },
  },
  {
    name: "take over from the bot and reply",
    presses: 2,
    from: ({ ana }) => `inbox/${ana}`,
    work: async (hands, page) => {
      await hands.press("r");
      await hands.type("Con gusto, Ana");
      await hands.press("Control+Enter");
      await page.locator("#timeline .entry.operator", { hasText: "Con gusto, Ana" }).waitFor();
      await page.locator("#thread-head", { hasText: "Person until" }).waitFor();
    },
  },
  {
    name: "give it back to the bot",
    presses: 1,
    from: ({ ana }) => `inbox/${ana}`,
    work: async (hands, page) => {
      await hands.press("b");
      await page.locator("#thread-head >> text=Take over").waitFor();
    },
  },
  {
    name: "reply, close, go to the next",
    presses: 2,
    from: ({ typing }) => `inbox/${typing}?tab=all`,
    work: async (hands, page, { ids: { typing = "" }, fixture }) => {
      await hands.press("r");
      await hands.type("Claro que sí");
      await hands.press("Control+Shift+Enter");
      await page.waitForURL((to) => to.pathname.startsWith("/admin/inbox/") && !to.pathname.endsWith(typing));
      const aggregate = await fixture.store.conversations.load(typing);
      assert.deepEqual(aggregate?.outbound.map(({ text }) => text), ["Claro que sí"]);
      assert.equal(aggregate?.conversation.state, "closed");
    },
  },
  {
    name: "retry a failed message",
    presses: 1,
    from: ({ evil }) => `inbox/${evil}`,
    work: async (hands, page) => {
      await hands.click("#timeline .entry.failed button >> text=Retry");
      await page.locator("#timeline .entry.queued, #timeline .entry.unsent", { hasText: "Queued" }).waitFor();
      assert.equal(await page.locator("#timeline .entry.failed").count(), 0);
    },
  },
];

Deno.test({
  name: `the common tasks take no more presses than they should${browserNote}`,
  ignore: skipsBrowser,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using office = await openOffice();
    const browser = await launchBrowser();
    try {
      const page = await (await openWindow(browser)).newPage();
      const found = complaints(page);
      await signIn(page, office.url);
      for (const { name, presses, from, work } of tasks) {
        await t.step(`${name}: ${presses}`, async () => {
          await page.goto(`${office.url}/admin/${from(office.ids)}`);
          const hands = new Hands(page);
          await work(hands, page, office);
          assert.equal(hands.presses, presses);
        });
      }
      assert.deepEqual(found, []);
    } finally {
      await browser.close();
    }
  },
});
