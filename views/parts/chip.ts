import type { Handler, Message } from "@/store/records.ts";
import { html, type VNode } from "@views/html.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import { briefTime, duration } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export type Tone = "plain" | "ok" | "warn" | "bad" | "info" | "bot" | "person";

/** A state in a word and a sign; colour only underlines it. */
export function chip(tone: Tone, name: IconName, text: string, title?: string): VNode {
  return html`<span class=${`chip ${tone}`} title=${title}>${icon(name)}${text}</span>`;
}

/** Who answers: the bot, or a person until a time. */
export function handlerChip(ui: Ui, handler: Handler): VNode {
  if (handler.kind === "bot") return chip("bot", "bot", ui.t("handler.bot"));
  if (handler.needed) return chip("warn", "hand", ui.t("handler.needed"));
  const until = briefTime(ui, handler.until);
  return chip("person", "user", ui.t("handler.person", { until }));
}

/** How much is left of Instagram's 24 h; `opener`: the message that they are counted from. */
export function windowChip(ui: Ui, closesAt: Date | undefined, opener?: Message): VNode {
  const left = (closesAt?.getTime() ?? 0) - ui.now.getTime();
  if (closesAt === undefined) return chip("plain", "clock", ui.t("window.never"));
  if (left <= 0) return chip("bad", "ban", ui.t("window.closed"));
  const tone = left < 3_600_000 ? "bad" : left < 6 * 3_600_000 ? "warn" : "plain";
  const hint = opener && ui.t("window.opener", { what: whatOf(opener), at: briefTime(ui, opener.at) });
  return chip(tone, "clock", ui.t("window.open", { left: duration(ui, left) }), hint);
}

/** What Meta counts as writing: a text, a story that is answered or mentions the shop, a button. */
function whatOf({ kind, replyTo }: Message): "storyReply" | "storyMention" | "button" | "message" {
  if (replyTo?.story !== undefined) return "storyReply";
  if (kind === "storyMention") return kind;
  return kind === "postback" || kind === "quickReply" ? "button" : "message";
}
