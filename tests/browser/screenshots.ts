/** Takes every page in both themes and both widths: `deno task screenshots [folder]`, default `docs/screenshots`. */
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { launchBrowser, openWindow } from "@tests/browser/browser.ts";
import { type Office, openOffice, pagePaths, signIn } from "@tests/browser/office.ts";

const looks = [1280, 375].flatMap((width) => ["light", "dark"].map((scheme) => ({ width, scheme }))) as readonly {
  readonly width: 375 | 1280;
  readonly scheme: "light" | "dark";
}[];

/** Files are called by page, width and theme, e.g. `inbox-375-dark.png`. */
async function takePages(
  window: BrowserContext,
  { url, ids }: Office,
  fileOf: (page: string) => string,
): Promise<number> {
  const page = await window.newPage();
  await page.goto(`${url}/admin/login`);
  await page.screenshot({ path: fileOf("login") });
  await signIn(page, url);
  const pages = Object.entries(pagePaths(ids));
  for (const [name, path] of pages) {
    await page.goto(`${url}${path}`);
    await page.locator('#connection[data-state="live"], body.out').first().waitFor({ state: "attached" });
    await page.screenshot({ path: fileOf(name) });
  }
  return pages.length + 1;
}

const folder = Deno.args[0] ?? "docs/screenshots";
await using office = await openOffice();
const browser = await launchBrowser();
try {
  const counts = await Promise.all(looks.map(async (look) => {
    const window = await openWindow(browser, look);
    return await takePages(window, office, (page) => join(folder, `${page}-${look.width}-${look.scheme}.png`));
  }));
  const count = counts.reduce((sum, each) => sum + each);
  await Deno.stdout.write(new TextEncoder().encode(`${count} screenshots in ${folder}\n`));
} finally {
  await browser.close();
}
