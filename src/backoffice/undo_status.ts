/** The offer to take back what one has just changed, on the page that comes after it. */
import type { Context } from "hono";
import { addMs } from "@/conversation/due_time.ts";
import { findEntry, tellsChange } from "@/backoffice/change_entries.ts";
import { listQuery } from "@/backoffice/conversation_path.ts";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { html, type VNode } from "@views/html.ts";
import { changeWords } from "@views/parts/change.ts";
import { actionButton, notice } from "@views/parts/form.ts";
import { contactName } from "@views/parts/person.ts";
import type { Ui } from "@views/ui.ts";

/** An older change is not offered: a page that is opened again later is no news. */
const offeredMs = 10 * 60_000;

/** For the change that the URL names; undefined when it is not a fresh one of whoever asks. */
export async function undoStatus(
  { store }: Pick<BackofficeDeps, "store">,
  c: Context<SessionEnv>,
  ui: Ui,
): Promise<VNode | undefined> {
  const entryId = c.req.query("undo") ?? "";
  const [, id] = /^(.+)\.\d+\.\d+$/.exec(entryId) ?? [];
  if (id === undefined) return undefined;
  const [entry, aggregate] = await Promise.all([findEntry(store, id, entryId), store.conversations.load(id)]);
  if (entry === undefined || aggregate === undefined || !tellsChange(entry)) return undefined;
  if (entry.actor !== ui.operator || entry.at < addMs(store.now(), -offeredMs)) return undefined;
  const undo = actionButton(ui, {
    action: `/admin/inbox/${encodeURIComponent(id)}/undo${listQuery(c)}`,
    label: ui.t("undo.button"),
    fields: { entry: entryId },
  });
  const words = html`<bdi>${contactName(aggregate.contact)}</bdi>: ${changeWords(ui, entry)} ${undo}`;
  return notice("ok", words);
}
