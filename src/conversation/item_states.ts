import type { OutboundState } from "@/store/records.ts";

/** The states of what has not come to its end, those that need a person first: the others wait to be sent. */
export const unsettledStates: readonly OutboundState[] = [
  "failed",
  "held",
  "expired",
  "uncertain",
  "queued",
  "sending",
];
