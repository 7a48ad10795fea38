/** What Instagram takes in one message. */
import { z } from "zod";

/** Bytes of UTF-8 that one message may have. */
export const messageBytes = 1_000;

/** Quick replies that one message may have. */
export const maxQuickReplies = 13;

/** What is wanted of a text that does not fit. */
export const messageWish = `is longer than the ${messageBytes} bytes of one message`;

/** One quick reply: Instagram shows 20 characters of it. */
export const quickReply = z.string({ error: "wants text; put quotes around a number" })
  .regex(/\S/, "wants a quick reply that is not empty")
  .refine((title) => [...title].length <= 20, "wants a quick reply of at most 20 characters");

export function fitsMessage(text: string): boolean {
  return new TextEncoder().encode(text).length <= messageBytes;
}
