import { type Child, html, type VNode } from "@views/html.ts";
import { icon } from "@views/parts/icon.ts";
import type { Frame, Ui } from "@views/ui.ts";

/**
 * Keys and what they do. Only here: the pages put them as `data-key` on the link, button or field that is meant,
 * `keys.js` presses that, and the sheet lists them.
 */
const keys = {
  help: "?",
  search: "/",
  next: "j",
  previous: "k",
  conversationBefore: "[",
  conversationAfter: "]",
  open: "Enter",
  back: "Escape",
  reply: "r",
  note: "n",
  canned: "c",
  clear: "c",
  send: "Ctrl Enter",
  sendNext: "Ctrl Shift Enter",
  handler: "b",
  done: "e",
  why: "w",
  tick: "x",
} as const;

export type KeyName = keyof typeof keys;

/** A page is two keys away, wherever one is. */
const pages = {
  inbox: "g i",
  dashboard: "g d",
  rules: "g r",
  simulator: "g s",
  queue: "g q",
  settings: "g t",
  audit: "g a",
} as const;

type PageName = keyof typeof pages;

/** What makes an element the one that a key presses, its tooltip included. */
export function pressedBy({ t }: Ui, name: KeyName): Readonly<Record<string, string>> {
  return { "data-key": keys[name], title: t("keys.hint", { key: keys[name] }) };
}

/** The way to the sheet for who has a mouse in hand. */
export function keySheetButton(ui: Ui): VNode {
  return html`
    <button type="button" id="keys-open" class="button quiet" aria-label=${ui.t("keys.title")} ...${pressedBy(
      ui,
      "help",
    )}>${icon("keyboard")}</button>
  `;
}

/** All keys, as far as they do something for this person, and the switch that turns them off. */
export function keySheet(ui: Ui, { sandbox }: Pick<Frame, "sandbox">): VNode {
  const { t, role } = ui;
  const writes: readonly KeyName[] = role === "viewer"
    ? []
    : ["reply", "note", "canned", "send", "sendNext", "handler", "done"];
  const mine = (Object.keys(pages) as PageName[]).filter((page) =>
    page === "simulator" ? sandbox : role === "admin" || (page !== "settings" && page !== "audit")
  );
  return html`
    <dialog id="keys" class="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("keys.title")}</h2>
      <div class="key-groups">
        ${group(t("keys.goTo"), mine.map((page) => line(pages[page], pageLink(ui, page))))}
        ${group(t("keys.anywhere"), named(ui, ["search", "back", "help"]))}
        ${group(
          t("keys.lists"),
          named(ui, ["next", "previous", "open", ...(role === "viewer" ? [] : ["tick"] as const)]),
        )}
        ${group(t("keys.conversation"), named(ui, [...writes, "why", "conversationBefore", "conversationAfter"]))}
        ${sandbox && role !== "viewer" ? group(t("nav.simulator"), named(ui, ["why", "clear"])) : undefined}
      </div>
      <label class="tick"><input type="checkbox" id="keys-on" data-keys-on checked autocomplete="off" /> ${t(
        "keys.on",
      )}</label>
      <form method="dialog"><button class="button">${t("keys.close")}</button></form>
    </dialog>
  `;
}

function pageLink({ t }: Ui, page: PageName): VNode {
  const label = page === "audit" ? t("admin.tab.audit") : t(`nav.${page}`);
  return html`<a href=${`/admin/${page}`} data-key=${pages[page]}>${label}</a>`;
}

function named({ t }: Ui, names: readonly KeyName[]): readonly VNode[] {
  return names.map((name) => line(keys[name], t(`keys.name.${name}`)));
}

function group(title: string, lines: readonly VNode[]): VNode {
  return html`
    <section>
      <h3>${title}</h3>
      <dl>${lines}</dl>
    </section>
  `;
}

function line(key: string, what: Child): VNode {
  return html`
    <div>
      <dt>${key.split(" ").flatMap((part) => [html`<kbd>${part}</kbd>`, " "])}</dt>
      <dd>${what}</dd>
    </div>
  `;
}
