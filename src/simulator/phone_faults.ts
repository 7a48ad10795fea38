/** What can go wrong, each once, on the way between a contact and the business. */

/** With the next answer to a contact. */
export const sendFaults = [
  "http429",
  "serverError",
  "timeout",
  "timeoutApplied",
  "windowClosed",
  "tokenExpired",
] as const;

/** With the webhook of what the contact does next. */
export const webhookFaults = ["duplicate", "outOfOrder"] as const;

export type SendFault = typeof sendFaults[number];
export type WebhookFault = typeof webhookFaults[number];
export type PhoneFault = SendFault | WebhookFault;
