/** Which mode holds for an answer: the account's, or that of what it is about. */
import type { Settings } from "@/conversation/settings.ts";

export type Mode = Settings["mode"];
export type Topic = Settings["topics"][number];

const strictness: Readonly<Record<Mode, number>> = { auto: 0, draft: 1, off: 2 };

/** The strictest of the account's topics among `names`; undefined when none of them is one. */
export function decidingTopic(settings: Settings, names: readonly string[]): Topic | undefined {
  return settings.topics.filter(({ name }) => names.includes(name))
    .toSorted((a, b) => strictness[b.mode] - strictness[a.mode])[0];
}

/** The mode for an answer about the topics; the account's own when it is about none of its topics. */
export function modeFor(settings: Settings, names: readonly string[]): Mode {
  return decidingTopic(settings, names)?.mode ?? settings.mode;
}
