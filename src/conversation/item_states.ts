import type { OutboundState } from "@/store/records.ts";

/** The states of what has not come to its end: it waits to be sent, or for a person. */
export const unsettledStates: readonly OutboundState[] = [
  "failed",
  "held",
  "expired",
  "uncertain",
  "queued",
  "sending",
];
