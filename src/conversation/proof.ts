/** What is proven about one outbound item: the one line of the send ledger. */
import type { Attempt, OutboundItem } from "@/store/records.ts";

/**
 * - `sentOnce`: the contact has it, and no try can have delivered it a second time.
 * - `sentPerhapsTwice`: the contact has it, and of another try a person had it repeated before its outcome was known.
 * - `perhapsSent`: a try's outcome is open.
 * - `underWay`: a try's answer is awaited.
 * - `notSent`: no try can have delivered it.
 */
export type ProofVerdict = "sentOnce" | "sentPerhapsTwice" | "perhapsSent" | "underWay" | "notSent";

/** Something that says that the contact has the text. */
export interface Evidence {
  readonly kind: NonNullable<Attempt["evidence"]>;
  /** When it came; of `readBack` and `person`, when it was noted. */
  readonly at: Date;
}

export interface Proof {
  readonly verdict: ProofVerdict;
  /** Instagram's id of the message; absent when it is not known. */
  readonly mid?: string;
  /** In order of time; empty unless it was sent. */
  readonly evidence: readonly Evidence[];
  /** POSTs that were begun. */
  readonly tries: number;
}

/** `echoAt`: when Instagram's copy of the message came, if the history has one. */
export function proofOf(item: OutboundItem, echoAt?: Date): Proof {
  const verdict = verdictOf(item);
  const isSent = verdict === "sentOnce" || verdict === "sentPerhapsTwice";
  const { mid, attempt: tries } = item;
  return { verdict, tries, evidence: isSent ? evidenceOf(item, echoAt) : [], ...(mid === undefined ? {} : { mid }) };
}

function verdictOf({ state, attempts }: OutboundItem): ProofVerdict {
  const open = attempts.filter(({ outcome }) => outcome === "unknown").length;
  if (state === "sent") return open === 0 ? "sentOnce" : "sentPerhapsTwice";
  if (open > 0) return "perhapsSent";
  return state === "sending" ? "underWay" : "notSent";
}

function evidenceOf({ attempts }: OutboundItem, echoAt: Date | undefined): readonly Evidence[] {
  const told = attempts.flatMap(({ outcome, evidence, startedAt, endedAt = startedAt, settledAt = endedAt }) =>
    outcome === "sent" && evidence !== undefined ? [{ kind: evidence, at: settledAt }] : []
  );
  const isEchoTold = echoAt === undefined || told.some(({ kind }) => kind === "echo");
  const all: readonly Evidence[] = isEchoTold ? told : [...told, { kind: "echo", at: echoAt }];
  return all.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}
