import arrowLeft from "lucide-static/icons/arrow-left.svg" with { type: "text" };
import ban from "lucide-static/icons/ban.svg" with { type: "text" };
import bot from "lucide-static/icons/bot.svg" with { type: "text" };
import camera from "lucide-static/icons/camera.svg" with { type: "text" };
import chart from "lucide-static/icons/chart-column.svg" with { type: "text" };
import check from "lucide-static/icons/check.svg" with { type: "text" };
import checkCheck from "lucide-static/icons/check-check.svg" with { type: "text" };
import chevronDown from "lucide-static/icons/chevron-down.svg" with { type: "text" };
import chevronUp from "lucide-static/icons/chevron-up.svg" with { type: "text" };
import circleAlert from "lucide-static/icons/circle-alert.svg" with { type: "text" };
import circleHelp from "lucide-static/icons/circle-help.svg" with { type: "text" };
import clock from "lucide-static/icons/clock.svg" with { type: "text" };
import filter from "lucide-static/icons/list-filter.svg" with { type: "text" };
import hand from "lucide-static/icons/hand.svg" with { type: "text" };
import hourglass from "lucide-static/icons/hourglass.svg" with { type: "text" };
import inbox from "lucide-static/icons/inbox.svg" with { type: "text" };
import keyboard from "lucide-static/icons/keyboard.svg" with { type: "text" };
import listChecks from "lucide-static/icons/list-checks.svg" with { type: "text" };
import lock from "lucide-static/icons/lock.svg" with { type: "text" };
import logOut from "lucide-static/icons/log-out.svg" with { type: "text" };
import search from "lucide-static/icons/search.svg" with { type: "text" };
import send from "lucide-static/icons/send.svg" with { type: "text" };
import settings from "lucide-static/icons/settings.svg" with { type: "text" };
import sliders from "lucide-static/icons/sliders-horizontal.svg" with { type: "text" };
import smartphone from "lucide-static/icons/smartphone.svg" with { type: "text" };
import userCheck from "lucide-static/icons/user-check.svg" with { type: "text" };
import user from "lucide-static/icons/user.svg" with { type: "text" };
import { html, type VNode } from "@views/html.ts";

const sources = {
  arrowLeft,
  ban,
  bot,
  camera,
  chart,
  check,
  checkCheck,
  chevronDown,
  chevronUp,
  circleAlert,
  circleHelp,
  clock,
  filter,
  hand,
  hourglass,
  inbox,
  keyboard,
  listChecks,
  lock,
  logOut,
  search,
  send,
  settings,
  sliders,
  smartphone,
  user,
  userCheck,
};

export type IconName = keyof typeof sources;

/** All icons, once a page; made of the library's own files, never of data. */
const sprite = Object.entries(sources).map(([name, svg]) =>
  `<symbol id="i-${name}" viewBox="0 0 24 24">${paths(svg)}</symbol>`
)
  .join("");

function paths(svg: string): string {
  return svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
}

export function iconSprite(): VNode {
  return html`<svg class="sprite" aria-hidden="true" dangerouslySetInnerHTML=${{ __html: sprite }} />`;
}

/** An icon beside words that say the same. */
export function icon(name: IconName): VNode {
  return html`
    <svg class="icon" aria-hidden="true" focusable="false">
      <use href=${`#i-${name}`} />
    </svg>
  `;
}
