import type { RuleTurn } from "@/rules/contract.ts";
import { mentions, saysOnly } from "@/rules/words.ts";

interface Asked {
  readonly texts: RuleTurn["texts"];
  readonly settings: Pick<RuleTurn["settings"], "optOutWords" | "handOffPhrases">;
}

/** The opt-out word that one message of the burst consists of; undefined when there is none. */
export function asksToStop({ texts, settings }: Asked): string | undefined {
  return texts.map((text) => saysOnly(text, settings.optOutWords)).find((word) => word !== undefined);
}

/** The phrase with which the burst asks for a person; undefined when it does not. */
export function asksForPerson({ texts, settings }: Asked): string | undefined {
  return mentions(texts, settings.handOffPhrases);
}
