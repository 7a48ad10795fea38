import { launchBrowser, openWindow } from "@tests/browser/browser.ts";
import { openOffice, pagePaths, signIn } from "@tests/browser/office.ts";
await using office = await openOffice();
const browser = await launchBrowser();
const paths = pagePaths(office.ids);
for (const [name, width, language, scheme] of JSON.parse(Deno.args[0])) {
  const page = await (await openWindow(browser, { width, language, scheme })).newPage();
  await signIn(page, office.url);
  await page.goto(office.url + (paths[name] ?? name));
  await page.screenshot({
    path: `/tmp/s_${String(name).replace(/\W/g, "_")}_${width}_${language}.png`,
    fullPage: true,
  });
}
await browser.close();
