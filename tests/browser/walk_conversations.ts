/** The tasks of who answers: the list, one conversation, and who writes. */
import assert from "node:assert/strict";
import { adminToken } from "@/backoffice/testing/fixture.ts";
import { download, type Task } from "@tests/browser/walk.ts";

export const conversationTasks: readonly Task[] = [
  ["sign out, and in again to where one wanted to go", async ({ page, office: { url } }) => {
    await page.click('form[action="/admin/logout"] button');
    await page.waitForURL(/\/admin\/login/);
    await page.goto(`${url}/admin/queue`);
    await page.waitForURL(/\/admin\/login\?next=/);
    await page.fill("#token", adminToken);
    await page.click("button.primary");
    await page.waitForURL(/\/admin\/queue/);
  }],
  ["list and turn the page", async ({ page, go }) => {
    await go("/admin/inbox?tab=all");
    assert.equal(await page.locator("#inbox-list .row").count(), 50);
    const first = await page.locator("#inbox-list .row").first().getAttribute("href");
    await page.click("#inbox-list .pager a");
    await page.waitForURL(/cursor=/);
    assert.match(await page.innerText("#inbox-list .pager"), /^51–/);
    assert.notEqual(await page.locator("#inbox-list .row").first().getAttribute("href"), first);
  }],
  ["filter and sort", async ({ page, office: { ids }, go }) => {
    await go("/admin/inbox?tab=all");
    await page.click(".filters summary");
    await page.click(".filters .stack a >> text=Newest");
    await page.waitForURL(/sort=newest/);
    assert.equal(await page.locator("#inbox-list li").first().getAttribute("id"), `row-${ids.typing}`);
    await page.click(".filters summary");
    await page.click(".filters .stack >> text=vip");
    await page.waitForURL(/tag=vip/);
    assert.match(await page.innerText(".filters"), /vip[\s\S]*Newest/);
    assert.deepEqual(await page.locator("#inbox-list li .name").allInnerTexts(), ["Ana Sofía Ramírez"]);
  }],
  ["search, and open what was found", async ({ page, office: { ids }, go }) => {
    await go("/admin/inbox?tab=all");
    await page.fill("input[type=search]", "envios");
    await page.press("input[type=search]", "Enter");
    await page.waitForURL(/q=envios/);
    await page.click(`#row-${ids.ana} a`);
    await page.waitForURL(new RegExp(`/admin/inbox/${ids.ana}`));
    assert.equal(await page.innerText("#thread-title"), "Ana Sofía Ramírez");
    await page.locator("#timeline .entry", { hasText: "y hacen envíos?" }).waitFor();
  }],
  ["load earlier messages", async ({ page, longId, go }) => {
    await go(`/admin/inbox/${longId}`);
    await page.click("#timeline .pager a");
    await page.locator("#timeline >> text=mensaje 0").waitFor();
  }],
  ["send, and cancel what has not left", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await page.fill("#text", "Un momento, por favor");
    await page.click("#composer button.primary");
    const item = page.locator("#timeline .entry.unsent", { hasText: "Un momento, por favor" });
    await item.locator("button", { hasText: "Cancel" }).click();
    await page.locator("#timeline .entry.cancelled", { hasText: "Un momento, por favor" }).waitFor();
  }],
  ["keep a reply ready, and send it filled in", async ({ page, office: { ids }, go }) => {
    await go("/admin/replies/new");
    await page.fill("#title", "Horario");
    await page.fill("#shortcut", "horario");
    await page.fill("#body", "Hola {{name}}, abrimos de 10 a 19 h.");
    await page.click("#main form button.primary");
    await page.locator(".documents .card", { hasText: "Horario" }).waitFor();
    await go(`/admin/inbox/${ids.lost}`);
    await page.click("#canned summary");
    await page.click("#canned .choice >> text=Horario");
    const text = "Hola Camila Duarte, abrimos de 10 a 19 h.";
    await page.locator("#composer #canned:not([open])").waitFor();
    assert.equal((await page.inputValue("#text")).trim(), text);
    await page.click("#composer button.primary");
    await page.locator("#timeline .entry.operator", { hasText: text }).waitFor();
  }],
  ["save a note for the team", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.typing}`);
    await page.check('#composer input[value="note"]');
    await page.fill("#text", "Prefiere llamadas");
    await page.locator("#composer button.primary, #composer button.button >> text=Save note").first().click();
    await page.locator("#timeline .entry.note", { hasText: "Prefiere llamadas" }).waitFor();
  }],
  ["take over, give back, mark as done, and undo that", async ({ page, office: { ids }, go }) => {
    const head = page.locator("#thread-head");
    await go(`/admin/inbox/${ids.ana}`);
    await head.locator("text=Take over").click();
    await head.locator("text=/Person until/").waitFor();
    await head.locator("text=Give to bot").click();
    await head.locator("text=Take over").waitFor();
    await head.locator("text=Done").click();
    await head.locator("text=Reopen").waitFor();
    await page.click("#main .notice >> text=Undo");
    await head.locator("text=Done").waitFor();
    await page.locator("#timeline .system", { hasText: "admin reopened it" }).waitFor();
  }],
  ["change what is known of the contact", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    await page.click("#edit-contact summary");
    await page.fill('#edit-contact [name="field.city"]', "Oaxaca");
    await page.fill('#edit-contact [name="tags"]', "vip, mayoreo");
    await page.click("#edit-contact button");
    await page.locator("#contact .facts", { hasText: "Oaxaca" }).waitFor();
    await page.locator("#contact .tags", { hasText: "mayoreo" }).waitFor();
  }],
  ["take away everything that is kept of a contact", async ({ page, office: { ids }, go }) => {
    await go(`/admin/inbox/${ids.ana}`);
    const { name, text } = await download(page, "text=Download everything kept of them");
    assert.equal(name, "contact-101.json");
    const kept = JSON.parse(text);
    assert.equal(kept.contact.fields.city.value, "Oaxaca");
    assert.match(text, /y hacen envíos\?/);
  }],
];
