/** What somebody of the team does in one go, and what they see of it; every task works with JavaScript and without. */
import type { Page } from "playwright-core";
import { Story } from "@/backoffice/testing/seed.ts";
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

/** A conversation of a second page, whose id it answers, and enough for an action on all that failed. */
export async function fillUp({ fixture }: Office): Promise<string> {
  const long = new Story(fixture.store, "9900");
  for (let n = 0; n < 60; n += 1) await long.says(`mensaje ${n}`, 3_600_000 - n * 1_000);
  for (const n of [1, 2]) {
    const failing = new Story(fixture.store, `990${n}`);
    await failing.says("¿Hola?", 7_200_000);
    await failing.writes(`No salió ${n}`, `failing-command-${n}`);
    await failing.sends("failed");
  }
  return long.id;
}
