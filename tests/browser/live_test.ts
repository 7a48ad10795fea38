import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserNote, complaints, launchBrowser, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";
import { Story } from "@/backoffice/testing/seed.ts";

function liveTest(name: string, work: (pages: readonly [Page, Page], office: Office) => Promise<void>): void {
  Deno.test({
    name: `${name}${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using office = await openOffice();
      const browser = await launchBrowser();
      try {
        const pages = await Promise.all([1, 2].map(async () => await (await openWindow(browser)).newPage()));
        const found = pages.map(complaints);
        for (const page of pages) await signIn(page, office.url);
        await work(pages as [Page, Page], office);
        assert.deepEqual(found.flat().filter((line) => !/ERR_|Failed to (load resource|fetch)/.test(line)), []);
      } finally {
        await browser.close();
      }
    },
  });
}

async function openLive(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#connection[data-state="live"]').waitFor();
}

/** How far what is on the page has moved by itself so far, as the browser measures it. */
async function layoutShift(page: Page): Promise<number> {
  return await page.evaluate(() =>
    new Promise<number>((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => resolve(sum), 100);
    })
  );
}

liveTest(
  "a message shows in two browsers by itself, in the conversation and in the list",
  async (pages, { url, ids, fixture }) => {
    for (const page of pages) await openLive(page, `${url}/admin/inbox/${ids.ana}?tab=all`);
    await new Story(fixture.store, "101").says("¿me oyen los dos?", 0, { mid: "live_1" });
    await Promise.all(pages.map((page) => page.locator("#timeline >> text=¿me oyen los dos?").waitFor()));
    for (const page of pages) await page.locator("#inbox-list >> text=¿me oyen los dos?").waitFor();
  },
);

liveTest("two hundred live updates disturb neither typing, nor focus, nor the place read at", async (pages, office) => {
  const [page] = pages;
  const { url, ids, fixture } = office;
  await openLive(page, `${url}/admin/inbox/${ids.ana}`);
  await page.click("#text");
  const story = new Story(fixture.store, "101");
  for (let n = 0; n < 200; n += 1) {
    if (n % 20 === 0) await page.keyboard.type("abcde");
    await story.says(`update ${n}`, 0, { mid: `many_${String(n).padStart(3, "0")}` });
  }
  await page.locator("#timeline >> text=update 199").waitFor();
  assert.equal(await page.inputValue("#text"), "abcde".repeat(10));
  assert.equal(await page.evaluate(() => document.activeElement?.id), "text");
});

liveTest("nothing that is read moves when live updates come", async ([page, other], { url, ids, fixture }) => {
  const long = new Story(fixture.store, "9902");
  for (let n = 0; n < 70; n += 1) await long.says(`old ${n}`, (100 - n) * 60_000, { mid: `old_${n}` });
  await openLive(page, `${url}/admin/inbox/${ids.ana}`);
  await other.setViewportSize({ width: 375, height: 740 });
  await openLive(other, `${url}/admin/inbox/${long.id}`);
  for (let n = 10; n < 30; n += 1) {
    await new Story(fixture.store, "101").says(`update ${n}`, 0, { mid: `few_${n}` });
    await long.says(`update ${n}`, 0, { mid: `long_${n}` });
  }
  for (const shown of [page, other]) {
    await shown.locator("#timeline >> text=update 29").waitFor();
    const shift = await layoutShift(shown);
    assert.ok(shift <= 0.02, `moved by ${shift}`);
  }
  assert.equal(await other.locator("#timeline .entry").count(), 70);
});

liveTest("who reads earlier messages stays there and is told of new ones", async ([page], { url, ids, fixture }) => {
  await page.setViewportSize({ width: 1280, height: 420 });
  await openLive(page, `${url}/admin/inbox/${ids.ana}`);
  await page.evaluate(() => document.getElementById("timeline")!.scrollTop = 0);
  await new Story(fixture.store, "101").says("una más", 0, { mid: "more_1" });
  await page.locator("#newer:not([hidden])").waitFor();
  assert.equal(await page.innerText("#newer"), "1 new ↓");
  assert.equal(await page.evaluate(() => document.getElementById("timeline")!.scrollTop), 0);
  assert.match(await page.locator("#log").innerText(), /una más/);
  await page.click("#newer");
  await page.locator("#newer").waitFor({ state: "hidden" });
});

liveTest("earlier messages come in above what is read, which stays in its place", async ([page], office) => {
  const { url, fixture } = office;
  const long = new Story(fixture.store, "9903");
  for (let n = 0; n < 120; n += 1) await long.says(`line ${n}.`, (200 - n) * 60_000, { mid: `line_${n}` });
  await openLive(page, `${url}/admin/inbox/${long.id}?tab=all`);
  // Something else is put in while they come, as news of the list are.
  await page.evaluate(() =>
    document.addEventListener("htmx:before:swap", ({ target }) => {
      const other = new CustomEvent("htmx:before:swap", { bubbles: true, detail: { ctx: {} } });
      if (target instanceof Element && target.id === "earlier") document.body.dispatchEvent(other);
    })
  );
  const topOf = (text: string): Promise<number> =>
    page.locator("#timeline .entry", { hasText: text }).evaluate((entry) => entry.getBoundingClientRect().top);
  for (const [first, earlier] of [[70, 20], [20, 0]]) {
    await page.locator("#earlier").focus();
    const before = await topOf(`line ${first}.`);
    await page.keyboard.press("Enter");
    await page.locator("#timeline .entry", { hasText: `line ${earlier}.` }).waitFor();
    assert.ok(Math.abs(await topOf(`line ${first}.`) - before) <= 1, `line ${first} moved`);
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY");
  }
  assert.equal(await page.locator("#earlier").count(), 0);
  await long.says("and a new one", 0, { mid: "line_new" });
  await page.locator("#newer:not([hidden])").waitFor();
  assert.equal(await page.locator("#timeline .entry").count(), 121);
});

liveTest("a row of an idle list goes to its new place without a jump", async ([page], { url, fixture }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await openLive(page, `${url}/admin/inbox?tab=all&sort=newest`);
  await new Story(fixture.store, "104").says("de vuelta", 0, { mid: "glide_1" });
  await page.locator("#inbox-list li").first().locator("text=de vuelta").waitFor();
  const shift = await layoutShift(page);
  assert.ok(shift <= 0.002, `moved by ${shift}`);
});

liveTest("the list does not move under the pointer", async ([page], { url, fixture }) => {
  await openLive(page, `${url}/admin/inbox?tab=all`);
  const first = page.locator("#inbox-list .row").first();
  await first.hover();
  const name = await first.locator(".name").innerText();
  await new Story(fixture.store, "9901").says("soy nueva aquí", 0, { mid: "new_1" });
  await page.locator("#inbox-newer:not([hidden])").waitFor();
  assert.equal(await first.locator(".name").innerText(), name);
  await page.mouse.move(900, 500);
  await page.locator("#inbox-list >> text=soy nueva aquí").waitFor();
});

liveTest("a server that cannot answer is told, and what is shown stays until it can", async ([page], office) => {
  const { url, ids, fixture } = office;
  await openLive(page, `${url}/admin/inbox/${ids.ana}`);
  const shown = await page.locator("#timeline .entry").count();
  await page.route("**/timeline?*", (route) => route.fulfill({ status: 503, body: "no" }));
  await new Story(fixture.store, "101").says("una más", 0, { mid: "later_1" });
  await page.locator('#connection[data-state="offline"]').waitFor();
  assert.equal(await page.locator("#timeline .entry").count(), shown);
  await page.unroute("**/timeline?*");
  await page.locator("#timeline >> text=una más").waitFor();
  await page.locator('#connection[data-state="live"]').waitFor();
});

liveTest("a lost connection says so and recovers by itself, with nothing missed", async ([page], office) => {
  const { url, ids, fixture } = office;
  await openLive(page, `${url}/admin/inbox/${ids.ana}`);
  await page.context().setOffline(true);
  office.cutStreams();
  await page.locator('#connection:not([data-state="live"])').waitFor();
  for (let n = 0; n < 50; n += 1) {
    await new Story(fixture.store, "101").says(`mientras ${n}`, 0, { mid: `off_${String(n).padStart(2, "0")}` });
  }
  await page.context().setOffline(false);
  await page.locator('#connection[data-state="live"]').waitFor();
  await page.locator("#timeline >> text=mientras 49").waitFor();
  const shown = await page.locator("#timeline .entry >> text=/mientras \\d+/").allInnerTexts();
  assert.deepEqual(shown, Array.from({ length: 50 }, (_, n) => `mientras ${n}`));
});

liveTest(
  "a message that does not reach the server stays in its field and says so; sent again, it goes out once",
  async ([page], { url, ids, fixture }) => {
    await page.goto(`${url}/admin/inbox/${ids.typing}`);
    await page.fill("#text", "¿Me lees?");
    const unsent = page.locator("#composer [data-unsent]");
    for (const fault of ["cut", "broken"] as const) {
      await page.route(
        "**/messages*",
        (route) => fault === "cut" ? route.abort("connectionfailed") : route.fulfill({ status: 503, body: "no" }),
      );
      await page.click("#composer button.primary");
      await unsent.waitFor();
      assert.equal(await page.inputValue("#text"), "¿Me lees?", fault);
      await page.unroute("**/messages*");
    }
    await page.click("#composer button.primary");
    await page.locator("#timeline .entry.operator", { hasText: "¿Me lees?" }).waitFor();
    assert.equal(await unsent.isVisible(), false);
    const { items } = await fixture.store.outbound.list({ conversationId: ids.typing, limit: 10 });
    assert.equal(items.length, 1);
  },
);

liveTest(
  "a text that fails while one looks on is told at once to who listens",
  async ([page], { url, ids, fixture }) => {
    await openLive(page, `${url}/admin/inbox/${ids.ana}`);
    const story = new Story(fixture.store, "101");
    await story.says("¿y en rojo?", 0, { mid: "alarm_1" });
    await story.writes("En rojo también", "alarm-command-1");
    await page.locator("#timeline .entry.operator", { hasText: "En rojo también" }).waitFor();
    assert.equal(await page.locator("#alarm").textContent(), "");
    await story.sends("failed");
    await page.locator("#timeline .entry.failed").waitFor();
    assert.match(await page.locator("#alarm").textContent() ?? "", /^Failed: Instagram's time for answering is over/);
  },
);
