import type { OutboundItem } from "@/store/records.ts";
import { addMs } from "@/conversation/due_time.ts";

/** A text of the business's side of which nobody knows whether the contact has it. */
export interface PerhapsSent {
  readonly text: string;
  /** When it was POSTed. */
  readonly at: Date;
}

/** Nobody goes on from what was said longer ago than this. */
const reachMs = 24 * 3_600_000;

/** The texts of a conversation that may have arrived, oldest first: under way, uncertain, or held for a person. */
export function perhapsSent(outbound: readonly OutboundItem[], now: Date): readonly PerhapsSent[] {
  return outbound.flatMap(({ text, state, attempts }) => {
    const last = attempts.at(-1);
    const isOpen = state === "sending" || state === "uncertain" || (state === "held" && last?.outcome === "unknown");
    const isRecent = last !== undefined && last.startedAt >= addMs(now, -reachMs);
    return isOpen && isRecent ? [{ text, at: last.startedAt }] : [];
  });
}
