/**
 * What Lighthouse says of the back office's pages: `deno task lighthouse [page…]`, default all pages, each as a phone
 * (slow 4G, a quarter of the speed) and as a desktop. Ends with 1 when a score is below what is wanted. Lighthouse comes
 * by npx, so that nobody who runs Moca fetches it.
 */
import { chromium } from "playwright-core";
import { executablePath } from "@tests/browser/browser.ts";
import { openOffice, pagePaths, signIn } from "@tests/browser/office.ts";

const lighthouse = "lighthouse@13.5.0";
const wanted = { performance: 98, accessibility: 100, "best-practices": 100 } as const;
const formFactors = ["mobile", "desktop"] as const;

type Category = keyof typeof wanted;

interface Report {
  readonly categories: Readonly<Record<Category, { readonly score: number | null }>>;
  readonly audits: Readonly<Record<string, { readonly numericValue?: number; readonly score: number | null }>>;
}

/** A browser whose pages are signed in, for Lighthouse to open tabs in. */
async function openBrowser(url: string, folder: string): Promise<{ port: string } & AsyncDisposable> {
  const window = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"],
  });
  await signIn(await window.newPage(), url);
  const [port = ""] = (await Deno.readTextFile(`${folder}/DevToolsActivePort`)).split("\n");
  return { port, [Symbol.asyncDispose]: () => window.close() };
}

async function measure(url: string, port: string, formFactor: typeof formFactors[number]): Promise<Report> {
  const { code, stdout, stderr } = await new Deno.Command("npx", {
    args: [
      "-y",
      lighthouse,
      url,
      "--quiet",
      "--output=json",
      `--port=${port}`,
      "--disable-storage-reset",
      `--only-categories=${Object.keys(wanted)}`,
      ...formFactor === "desktop" ? ["--preset=desktop"] : [],
    ],
  }).output();
  if (code === 0) return JSON.parse(new TextDecoder().decode(stdout));
  throw new Error(`Cannot measure ${url}: ${new TextDecoder().decode(stderr).slice(-500)}, wants a report`);
}

function scoresOf({ categories }: Report): Readonly<Record<Category, number>> {
  const score = (name: Category): number => Math.round((categories[name].score ?? 0) * 100);
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    "best-practices": score("best-practices"),
  };
}

/** One line of the table; what failed is named. */
function lineOf(name: string, report: Report): { readonly text: string; readonly isGood: boolean } {
  const scores = scoresOf(report);
  const isGood = (Object.keys(wanted) as Category[]).every((category) => scores[category] >= wanted[category]);
  const value = (audit: string): number => report.audits[audit]?.numericValue ?? NaN;
  const failed = Object.entries(report.audits).flatMap(([id, { score }]) => score === 0 ? [id] : []);
  const figures = `LCP ${Math.round(value("largest-contentful-paint"))} ms, CLS ${
    value("cumulative-layout-shift").toFixed(3)
  }, blocked ${Math.round(value("total-blocking-time"))} ms`;
  const text = `${Object.values(scores).join(" / ")}  ${name}: ${figures}${isGood ? "" : ` — ${failed.join(", ")}`}`;
  return { text, isGood };
}

await using office = await openOffice();
const folder = await Deno.makeTempDir({ prefix: "moca-lighthouse-" });
await using browser = await openBrowser(office.url, folder);
const paths = pagePaths(office.ids);
const names = Deno.args.length > 0 ? Deno.args : Object.keys(paths);
const unknown = names.filter((name) => paths[name] === undefined);
if (unknown.length > 0) throw new Error(`Cannot measure ${unknown.join(", ")}: wants ${Object.keys(paths).join(", ")}`);
for (const name of names) {
  for (const formFactor of formFactors) {
    const report = await measure(`${office.url}${paths[name]}`, browser.port, formFactor);
    const { text, isGood } = lineOf(`${name}, ${formFactor}`, report);
    if (!isGood) Deno.exitCode = 1;
    await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
  }
}
