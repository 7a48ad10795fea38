/** The tasks of who looks after it: queue, rules, settings, people and the audit log. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { signIn } from "@tests/browser/office.ts";
import { download, type Task } from "@tests/browser/walk.ts";

export const officeTasks: readonly Task[] = [
  ["retry what failed, which is then under way again", async ({ page, go }) => {
    await go("/admin/queue?state=failed");
    const failed = page.locator("#queue tr", { hasText: "evil.example" });
    await failed.locator("button", { hasText: "Retry" }).click();
    await failed.waitFor({ state: "detached" });
    await go("/admin/queue?state=queued");
    await failed.locator("button", { hasText: "Cancel" }).waitFor();
  }],
  ["discard one text, and bring it back", async ({ page, office: { ids }, go }) => {
    await go(`/admin/outbound/${ids.lost}_o1`);
    await page.locator("button", { hasText: "Discard" }).click();
    await page.locator("button", { hasText: "Bring back" }).click();
    await page.locator("button", { hasText: "Discard" }).waitFor();
  }],
  ["discard all that failed, after a page that asks", async ({ page, go }) => {
    await go("/admin/queue?state=failed");
    await page.click("#queue >> text=Discard all 2 texts");
    await page.locator("h1", { hasText: "Discard all 2 texts" }).waitFor();
    await page.locator("#main li", { hasText: "No salió 1" }).waitFor();
    await page.click("#main form >> text=Discard all 2 texts");
    await page.locator("#main .notice", { hasText: "2 done, none refused" }).waitFor();
    await go("/admin/queue?state=failed");
    await page.locator("#queue .empty", { hasText: "Nothing" }).waitFor();
  }],
  ["try a text with the rules", async ({ page, go }) => {
    await go("/admin/rules/try");
    await page.fill("#try-texts", "what is the price?");
    await page.click("form button >> text=/Try/");
    await page.waitForURL(/texts=/);
    assert.match(await page.innerText("#try-result"), /prices/);
    await page.locator("#main", { hasText: "From $20." }).waitFor();
  }],
  ["switch a rule off and on, and move another", async ({ page, go }) => {
    const prices = (isOn: boolean): string => `[aria-label="In use: prices"][aria-pressed="${isOn}"]`;
    await go("/admin/rules");
    await page.click(prices(true));
    await page.locator("tr", { hasText: "prices" }).locator("text=by admin").waitFor();
    await page.click(prices(false));
    await page.locator(prices(true)).waitFor();
    await page.click('[aria-label="Move takeover up"]');
    await page.locator("text=Back to the files’ order").waitFor();
    assert.match(await page.locator("#chain tbody th").first().innerText(), /^takeover/);
  }],
  ["save settings, and test the connection", async ({ page, go }) => {
    await go("/admin/settings");
    await page.fill("#cooldownMs", "8");
    await page.click("text=Save settings");
    await page.locator("text=/Saved .*effective now/").waitFor();
    await page.fill("#token", "IGAA-a-token-that-is-long-enough");
    await page.click("#instagram >> text=Test");
    await page.locator("#instagram li", { hasText: "The pretended one of the sandbox" }).waitFor();
    assert.equal(await page.inputValue("#token"), "");
    await go("/admin/settings");
    assert.equal(await page.inputValue("#cooldownMs"), "8");
  }],
  ["add a person, who works, and end their session", async ({ page, office: { url, ids }, go, openOther }) => {
    await go("/admin/people");
    await page.fill('input[name="name"]', "lucia");
    await page.locator("#main button.primary").click();
    const key = await page.innerText(".notice code.key");
    const other = await openOther();
    await signIn(other, url, key, "lucia");
    await other.goto(`${url}/admin/inbox/${ids.luis}`);
    await other.click("#thread-head >> text=Done");
    await other.locator("#thread-head >> text=Reopen").waitFor();
    await go("/admin/people");
    assert.equal(await page.getByText(key).count(), 0);
    await page.getByRole("button", { name: /^Sign out: lucia/ }).click();
    await page.getByRole("button", { name: /^Sign out: lucia/ }).waitFor({ state: "detached" });
    await other.goto(`${url}/admin/inbox`);
    await other.waitForURL(/\/admin\/login/);
    await other.context().close();
  }],
  ["read it in another language, and in one's own again", async ({ page, go }) => {
    await go("/admin/display");
    await page.selectOption("#lang", "es");
    await page.locator("#main button.primary").click();
    await page.locator("#main .notice", { hasText: "Guardado." }).waitFor();
    assert.equal(await page.getAttribute("html", "lang"), "es");
    await page.click("#rail >> text=Bandeja");
    await page.locator("h1", { hasText: "Bandeja" }).waitFor();
    await go("/admin/display");
    await page.selectOption("#lang", "en");
    await page.locator("#main button.primary").click();
    await page.locator("#main .notice", { hasText: "Saved." }).waitFor();
    assert.equal(await page.getAttribute("html", "lang"), "en");
  }],
  ["find in the audit log what was done, by whom and when", async ({ page, go }) => {
    await go("/admin/audit");
    await narrow(page, { q: "rulesOrder" });
    await page.locator("#main tbody", { hasText: "Order of the rules" }).waitFor();
    await go("/admin/audit");
    await narrow(page, { actor: "lucia", action: "conversation.change" });
    assert.deepEqual(await whoAndWhat(page), [["lucia", "Changed a conversation"]]);
    const at = new Date(await page.locator("#main tbody time").first().getAttribute("datetime") ?? "");
    await narrow(page, { from: dayFrom(at, 2) });
    await page.locator("#main", { hasText: "Nothing here for this filter." }).waitFor();
    await narrow(page, { from: dayFrom(at, -2), to: dayFrom(at, 2) });
    assert.equal((await whoAndWhat(page)).length, 1);
  }],
  ["take what was found in the audit log away as a file", async ({ page, go }) => {
    await go("/admin/audit?actor=lucia");
    const { text } = await download(page, "#main >> text=CSV");
    const [, ...lines] = text.trimEnd().split("\n");
    assert.ok(lines.length > 0);
    assert.deepEqual(lines.filter((line) => !line.includes("lucia")), []);
  }],
];

/** Fills the fields of the audit log's filter, the others stay, and asks. */
async function narrow(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`form.filter [name="${name}"]`);
    if (name === "action") await field.selectOption(value);
    else await field.fill(value);
  }
  await page.click("form.filter button");
  const [[name, value] = ["", ""]] = Object.entries(fields);
  await page.waitForURL((url) => url.searchParams.get(name) === value);
}

async function whoAndWhat(page: Page): Promise<readonly (readonly string[])[]> {
  const rows = await page.locator("#main tbody tr").all();
  return await Promise.all(rows.map(async (row) => {
    const [who = "", what = ""] = await row.locator("th, td:nth-of-type(2)").allInnerTexts();
    return [who, what];
  }));
}

/** `2026-11-26`, so many days from the time. */
function dayFrom(at: Date, days: number): string {
  return new Date(at.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
