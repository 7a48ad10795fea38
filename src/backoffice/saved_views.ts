/** Views of the inbox that an operator keeps under names. */
import { readView } from "@/backoffice/inbox_view.ts";
import { savedViewId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import { viewQuery } from "@views/parts/inbox_view.ts";

const maxNameLength = 40;
export const maxSavedViews = 20;

/** Where the inbox shows the view that a form was sent from; nothing else of what the form says goes into the URL. */
export function inboxPath(view: unknown): string {
  const asked = Object.fromEntries(new URLSearchParams(String(view ?? "")));
  return `/admin/inbox${viewQuery(readView(asked, "all"))}`;
}

/** Keeps the view under the form's name, if it has one and there is room; answers where it is shown. */
export async function saveView(
  { savedViews, now }: Pick<Store, "savedViews" | "now">,
  form: Readonly<Record<string, unknown>>,
  operator: string,
): Promise<string> {
  const path = inboxPath(form["view"]);
  const name = String(form["name"] ?? "").trim().slice(0, maxNameLength);
  const known = await savedViews.list(operator);
  const hasRoom = known.length < maxSavedViews || known.some((view) => view.name === name);
  if (name !== "" && hasRoom) {
    const query = new URL(path, "http://moca.invalid").search.slice(1);
    await savedViews.put({ id: savedViewId(operator, name), operator, name, query, savedAt: now() });
  }
  return path;
}
