import type { Proof } from "@/conversation/proof.ts";
import type { Translate } from "@views/i18n.ts";

/** How an instant is written in the line. */
export type TellTime = (at: Date) => string;

/** The one line that says what is proven about an outbound item. */
export function proofLine(t: Translate, { verdict, mid, tries, evidence }: Proof, tellTime: TellTime): string {
  const told = evidence.map(({ kind, at }) => t(`proof.by.${kind}`, { at: tellTime(at) })).join(", ");
  const known = mid === undefined ? told : [`mid ${mid}`, told].filter((part) => part !== "").join(", ");
  const line = t(`proof.${verdict}`, { tries });
  return known === "" || evidence.length === 0 ? line : `${line}: ${known}`;
}
