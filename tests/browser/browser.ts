/** A real browser for tests. */
import axe from "axe-core/axe.min.js" with { type: "text" };
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Chromium is. */
export const executablePath = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether these tests must be left out: only where there is no browser, and never in CI. */
export const skipsBrowser = !hasBrowser() && Deno.env.get("CI") === undefined;

function hasBrowser(): boolean {
  try {
    return Deno.statSync(executablePath).isFile;
  } catch {
    return false;
  }
}

/** What these tests are called when they are left out, so that the reason is read in the report. */
export const browserNote = skipsBrowser ? ` (left out: no Chromium at ${executablePath}, set CHROMIUM_PATH)` : "";

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath, args });
}

export interface Look {
  readonly width: 375 | 1280;
  readonly scheme: "light" | "dark";
  readonly language: "en" | "es";
  readonly javaScript: boolean;
}

/** A browser window of its own: no cookies, the given size, colours and language. */
export async function openWindow(browser: Browser, look: Partial<Look> = {}): Promise<BrowserContext> {
  const { width = 1280, scheme = "light", language = "en", javaScript = true } = look;
  const window = await browser.newContext({
    viewport: { width, height: width === 375 ? 740 : 800 },
    colorScheme: scheme,
    locale: language,
    javaScriptEnabled: javaScript,
    reducedMotion: "reduce",
  });
  // Far beyond what anything takes: waits are for conditions, and a busy machine must not fail them.
  window.setDefaultTimeout(30_000);
  return window;
}

/** Chromium writes refused forms into the console; that they are refused is what some tests want to see. */
const refusedForm = /^Failed to load resource: the server responded with a status of (?:409|422)/;

/** Collects what a page complains about: errors, refused content, requests to elsewhere. */
export function complaints(page: Page): readonly string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint && !refusedForm.test(message.text())) found.push(message.text());
  });
  page.on("pageerror", (error) => found.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("http://127.0.0.1:") && !request.url().startsWith("data:")) {
      found.push(`foreign request: ${request.url()}`);
    }
  });
  return found;
}

/** What axe finds wrong with the page, one line a rule; in a window so high that no bar lies over what scrolls. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const size = page.viewportSize()!;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
  const problems = await axeProblems(page);
  await page.setViewportSize(size);
  return problems;
}

async function axeProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const options = { rules: { "target-size": { enabled: true } } };
    // deno-lint-ignore no-explicit-any -- axe puts itself on the page's own globals.
    const result = await (globalThis as any).axe.run(document, options);
    return result.violations.map((violation: { id: string; help: string; nodes: { html: string }[] }) =>
      `${violation.id}: ${violation.help}: ${violation.nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`
    );
  });
}

/** By how many pixels the page can be scrolled sideways. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
