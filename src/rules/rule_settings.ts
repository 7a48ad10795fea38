import type { Settings } from "@/conversation/settings.ts";
import type { RuleSettings } from "@/rules/contract.ts";

/** The part of the settings that rules may look at. */
export function ruleSettings(settings: Settings): RuleSettings {
  const { cooldownPolicy, language, handOffPhrases, optOutWords, rulesOff, rulesOrder } = settings;
  return { cooldownPolicy, language, handOffPhrases, optOutWords, rulesOff, rulesOrder };
}
