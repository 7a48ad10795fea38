import type { RuleContact, RuleMessage } from "@/rules/contract.ts";
import { fillText } from "@/rules/yaml/fill_text.ts";
import type { YamlRule } from "@/rules/yaml/rule_schema.ts";
import { asList } from "@/rules/yaml/turn_conditions.ts";

type Reply = NonNullable<YamlRule["reply"]>;
type Talk = { readonly contact: RuleContact; readonly history: readonly RuleMessage[] };

/** Every set of texts that a reply may consist of, as written. */
export function variantsOf(reply: Reply): readonly (readonly string[])[] {
  const isChoice = typeof reply === "object" && !Array.isArray(reply);
  return isChoice ? reply.oneOf.map((variant) => asList(variant)) : [asList(reply)];
}

/**
 * The texts to say, with the contact's data: of several variants the one after that which this contact heard last,
 * so that none is repeated before all were said. Texts of which nothing is left are left out.
 */
export function textsToSay(reply: Reply, { contact, history }: Talk): readonly string[] {
  const filled = variantsOf(reply).map((texts) => texts.map((text) => fillText(text, contact)).filter(Boolean));
  const said = history.filter(({ role }) => role === "assistant").map(({ text }) => text).toReversed();
  const heardLast = said.map((text) => filled.findIndex(([first]) => first === text)).find((index) => index >= 0) ?? -1;
  return filled[(heardLast + 1) % filled.length];
}
