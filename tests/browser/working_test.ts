import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { browserNote, complaints, launchBrowser, type Look, openWindow, skipsBrowser } from "@tests/browser/browser.ts";
import { type Office, openOffice, signIn } from "@tests/browser/office.ts";
import { saveCannedReply } from "@/backoffice/canned_actions.ts";
import { accountId, Story } from "@/backoffice/testing/seed.ts";

function browserTest(name: string, look: Partial<Look>, work: (page: Page, office: Office) => Promise<void>): void {
  Deno.test({
    name: `${name}${browserNote}`,
    ignore: skipsBrowser,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using office = await openOffice();
      const browser: Browser = await launchBrowser();
      try {
        const page = await (await openWindow(browser, look)).newPage();
        const found = complaints(page);
        await signIn(page, office.url);
        await work(page, office);
        assert.deepEqual(found, []);
      } finally {
        await browser.close();
      }
    },
  });
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with JavaScript" : "without JavaScript";

  browserTest(
    `a message can be sent ${how}, and stands there as queued`,
    { javaScript },
    async (page, { url, ids }) => {
      await page.goto(`${url}/admin/inbox/${ids.typing}`);
      await page.fill("#text", "Hola Marta, ¿en qué te ayudo?");
      await page.click("#composer button.primary");
      const bubble = page.locator("#timeline .entry.operator");
      await bubble.waitFor();
      assert.match(await bubble.innerText(), /Hola Marta[\s\S]*Queued/);
      assert.equal(await page.inputValue("#text"), "");
      assert.match(await page.innerText("#thread-head"), /Person until/);
    },
  );

  browserTest(
    `a conversation can be taken over, given back and closed ${how}`,
    { javaScript },
    async (page, { url, ids }) => {
      await page.goto(`${url}/admin/inbox/${ids.typing}`);
      await page.click("text=Take over");
      await page.waitForSelector("text=Give to bot");
      await page.click("text=Give to bot");
      await page.waitForSelector("text=Take over");
      await page.click("#thread-head >> text=Done");
      await page.waitForSelector("text=Reopen");
    },
  );

  browserTest(
    `settings can be saved, and what is wrong with them is said ${how}`,
    { javaScript },
    async (page, { url }) => {
      await page.goto(`${url}/admin/settings`);
      await page.fill("#debounceMs", "99");
      await page.click("text=Save settings");
      await page.waitForSelector("#debounceMs-error");
      assert.equal(await page.getAttribute("#debounceMs", "aria-invalid"), "true");
      await page.fill("#debounceMs", "4.5");
      await page.click("text=Save settings");
      await page.waitForSelector("text=/Saved .*effective now/");
      assert.equal(await page.inputValue("#debounceMs"), "4.5");
    },
  );

  browserTest(`the inbox can be searched ${how}`, { javaScript }, async (page, { url }) => {
    await page.goto(`${url}/admin/inbox?tab=all`);
    await page.fill("input[type=search]", "envios");
    await page.press("input[type=search]", "Enter");
    await page.waitForURL(/q=envios/);
    assert.equal(await page.locator("#inbox-list .row").count(), 1);
  });
}

browserTest(
  "a new message appears by itself and disturbs neither typing nor what was opened",
  {},
  async (page, { url, ids, fixture }) => {
    await page.goto(`${url}/admin/inbox/${ids.ana}`);
    await page.click("#timeline details.decision summary");
    await page.click("#text");
    await page.keyboard.type("I am still wri");
    await new Story(fixture.store, "101").says("¿sigues ahí?", 0, { mid: "late_1" });
    await page.locator("#timeline >> text=¿sigues ahí?").waitFor();
    await page.keyboard.type("ting");
    assert.equal(await page.inputValue("#text"), "I am still writing");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "text");
    assert.equal(await page.locator("#timeline details.decision[open]").count(), 1);
  },
);

browserTest(
  "a page that shows the newest message goes on showing it",
  { width: 375 },
  async (page, { url, ids, fixture }) => {
    await page.goto(`${url}/admin/inbox/${ids.ana}`);
    await new Story(fixture.store, "101").says("una pregunta más ".repeat(40), 0, { mid: "late_1" });
    await page.locator("#timeline >> text=una pregunta más").waitFor();
    const fromBottom = await page.evaluate(() => {
      const region = document.getElementById("timeline")!;
      return region.scrollHeight - region.scrollTop - region.clientHeight;
    });
    assert.ok(fromBottom < 50, `${fromBottom} px from the newest message`);
  },
);

browserTest(
  "on a phone, the conversation has the window and the way back",
  { width: 375 },
  async (page, { url, ids }) => {
    await page.goto(`${url}/admin/inbox?tab=all`);
    await page.click(`#row-${ids.luis} a`);
    await page.waitForSelector("#composer");
    assert.ok(await page.locator("#text").isVisible());
    assert.ok(!await page.locator("#inbox-list").isVisible());
    await page.click(".back");
    await page.waitForSelector("#inbox-list");
  },
);

browserTest("somebody can be played on the phone on screen", {}, async (page, { url }) => {
  await page.goto(`${url}/admin/simulator?persona=201`);
  await page.fill("#sim-text", "Do you ship abroad?");
  await page.press("#sim-text", "Enter");
  await page.locator("#phone >> text=Do you ship abroad?").waitFor();
  await page.locator("#trace >> text=Waits until").waitFor();
});

browserTest(
  "a ready reply is put in at the cursor behind a slash, and what is typed is there again on the next visit",
  {},
  async (page, { url, ids, fixture }) => {
    const body = "Hola {{name}}, tu pedido {{pedido}} sale hoy.";
    const save = { accountId, title: "Envíos", shortcut: "envios", body, operator: "ana" };
    await saveCannedReply(fixture.store, save);
    await page.goto(`${url}/admin/inbox/${ids.ana}`);
    await page.fill("#text", "¡Gracias! Saludos");
    for (let n = 0; n < "Saludos".length; n += 1) await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("/envi");
    await page.keyboard.press("Enter");
    const text = "¡Gracias! Hola Ana Sofía Ramírez, tu pedido {{pedido}} sale hoy.Saludos";
    assert.equal(await page.inputValue("#text"), text);
    await page.keyboard.type("A-17");
    await page.locator("#composer .saved:not([hidden])").waitFor();
    await page.keyboard.type(" y B-2");
    await page.goto(`${url}/admin/inbox`);
    await page.goto(`${url}/admin/inbox/${ids.ana}`);
    assert.match(await page.inputValue("#text"), /tu pedido A-17(?: y B-2)? sale hoy/);
  },
);

browserTest(
  "who leaves settings with something typed and not saved is asked first; Ctrl+Enter saves",
  {},
  async (page, { url }) => {
    await page.goto(`${url}/admin/settings`);
    await page.click("#debounceMs");
    await page.keyboard.press("ArrowUp");
    const asked = page.waitForEvent("dialog");
    const leaving = page.click("nav a[href='/admin/queue']");
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await leaving;
    assert.match(page.url(), /\/admin\/settings/);
    await page.focus("#debounceMs");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("text=/Saved .*effective now/");
    await page.click("nav a[href='/admin/queue']");
    await page.waitForURL(/\/admin\/queue/);
  },
);

browserTest("the token that is typed can be looked at, and is hidden from the start", {}, async (page, { url }) => {
  // Its stream is asked for with the cookie, or the answer is the sign-in page.
  await page.locator('#connection[data-state="live"]').waitFor();
  await page.context().clearCookies();
  await page.goto(`${url}/admin/login`);
  await page.fill("#token", "abc");
  assert.equal(await page.getAttribute("#token", "type"), "password");
  await page.check("[data-reveal]");
  assert.equal(await page.getAttribute("#token", "type"), "text");
  await page.uncheck("[data-reveal]");
  assert.equal(await page.getAttribute("#token", "type"), "password");
});
