import { z } from "zod";
import { contactEventSchema, psidSchema } from "./contact_event.ts";
import { faultNames } from "./faults.ts";

/** What the simulator's routes take; every length and number is bounded. */

const text = z.string().min(1).max(4_000);
const name = z.string().min(1).max(80);

export const messagesSchema = z.strictObject({
  /** Absent: the contact of that name or handle, or a new one. */
  psid: psidSchema.optional(),
  name: name.optional(),
  texts: z.array(text).min(1).max(50),
  /** Pause before each text but the first. Default 0. */
  gapMs: z.int().min(0).max(60_000).optional(),
});

const deliverySchema = z.strictObject({
  copies: z.int().min(1).max(10).optional(),
  envelope: z.enum(["each", "shared"]).optional(),
  order: z.enum(["given", "reversed", "shuffled"]).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
});

/** A contact's event, beside it whose it is and how it travels. */
export const eventsSchema = z.intersection(
  z.looseObject({ psid: psidSchema, delivery: deliverySchema.optional() }),
  contactEventSchema,
);

export const appMessagesSchema = z.strictObject({ psid: psidSchema, text });

export const contactSchema = z.strictObject({
  psid: psidSchema,
  name: name.optional(),
  username: z.string().regex(/^[a-z0-9._]{1,30}$/).optional(),
  language: z.enum(["es", "en"]).optional(),
  follows: z.boolean().optional(),
  blocked: z.boolean().optional(),
});

/** One fault; a limit of calls; or a bad day's mixture, the end of all faults, the token's end, its renewal. */
export const faultsSchema = z.union([
  z.strictObject({
    fault: z.enum(faultNames),
    times: z.int().min(1).max(10_000).optional(),
    rate: z.number().min(0).max(1).optional(),
    on: z.enum(["send", "read", "any"]).optional(),
    psid: psidSchema.optional(),
    delayMs: z.int().min(0).max(600_000).optional(),
    atByte: z.int().min(0).max(100_000).optional(),
    error: z.strictObject({
      code: z.int().min(1),
      subcode: z.int().min(1).optional(),
      status: z.int().min(400).max(599).optional(),
      message: z.string().max(500).optional(),
    }).optional(),
    retryAfter: z.string().max(100).optional(),
  }),
  z.strictObject({
    callsPerHour: z.int().min(1).max(100_000),
    header: z.enum(["business", "app"]).default("business"),
  }),
  z.strictObject({ plan: z.enum(["badDay", "none", "expireToken", "renewToken"]) }),
]);

export type FaultsRequest = z.infer<typeof faultsSchema>;

/** By how much the sandbox's time is moved on. */
export const clockSchema = z.strictObject({ ms: z.int().min(1).max(30 * 24 * 3_600_000) });

export const logQuerySchema = z.object({
  psid: psidSchema.optional(),
  /** Only entries whose `seq` is higher. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
