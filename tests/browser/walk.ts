/** What somebody of the team does in one go, and what they see of it; every task works with JavaScript and without. */
import type { Page } from "playwright-core";
import type { Office } from "@tests/browser/office.ts";

export interface Walk {
  readonly page: Page;
  readonly office: Office;
  /** A conversation of more messages than a page shows. */
  readonly longId: string;
  go(path: string): Promise<void>;
  /** A window of another browser, without a session. */
  openOther(): Promise<Page>;
}

/** What it is called in the report, and the steps; a task may rely on what those before it have left. */
export type Task = readonly [name: string, walk: (walk: Walk) => Promise<void>];

/** What the browser is given to keep when the link is clicked. */
export async function download(page: Page, link: string): Promise<{ readonly name: string; readonly text: string }> {
  const given = page.waitForEvent("download");
  await page.click(link);
  const file = await given;
  return { name: file.suggestedFilename(), text: await Deno.readTextFile(await file.path()) };
}
