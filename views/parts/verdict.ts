import type { RuleTrace } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { chip, type Tone } from "@views/parts/chip.ts";
import type { IconName } from "@views/parts/icon.ts";
import { linkedText } from "@views/parts/linked_text.ts";
import type { Ui } from "@views/ui.ts";

const looks: Readonly<Record<RuleTrace["verdict"], readonly [Tone, IconName]>> = {
  pass: ["plain", "check"],
  reply: ["ok", "send"],
  silence: ["plain", "ban"],
  handOff: ["warn", "hand"],
  defer: ["info", "hourglass"],
  error: ["bad", "circleAlert"],
  off: ["plain", "ban"],
};

/** What a rule said, in a word and a sign. */
export function verdictChip(ui: Ui, verdict: RuleTrace["verdict"]): VNode {
  const [tone, name] = looks[verdict];
  return chip(tone, name, ui.t(`verdict.${verdict}`));
}

/** Texts as the contact would get them. */
export function spokenTexts(texts: readonly string[]): Child {
  return texts.map((text) => html`<p class="spoken" dir="auto">${linkedText(text)}</p>`);
}
