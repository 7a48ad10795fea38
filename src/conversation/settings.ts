import { z } from "zod";
import { dateFormat } from "@/conversation/date_format.ts";

/** `HH:MM` on a 24-hour clock. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "wants HH:MM, e.g. 09:30");
const day = z.array(z.strictObject({ from: clockTime, to: clockTime }));

/** Opening hours by weekday, in the account's time zone; a day that is left out is closed. */
export const businessHoursSchema = z.strictObject({
  mon: day.optional(),
  tue: day.optional(),
  wed: day.optional(),
  thu: day.optional(),
  fri: day.optional(),
  sat: day.optional(),
  sun: day.optional(),
});
export type BusinessHours = z.infer<typeof businessHoursSchema>;

/** Something that contacts write about, with a mode of its own, so that trust in the agent can grow topic by topic. */
export const topicSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** As the account's `mode`; `off`: a person is asked. */
  mode: z.enum(["auto", "draft", "off"]),
  /** A burst in which one of them stands, as whole words, is about the topic, whatever the model says. */
  words: z.array(z.string().trim().min(1).max(100)).max(100).default([]),
});

/** Topics that an account may have. */
export const maxTopics = 30;

const topics = z.array(topicSchema).max(maxTopics).refine(
  (list) => new Set(list.map(({ name }) => name.toLowerCase())).size === list.length,
  "wants each topic once",
);

/** Letters, digits and `_`, a letter first. */
export const contactFieldName = /^\p{L}[\p{L}\d_]{0,39}$/u;

/** Something that the account's people want to know of every contact. */
export const contactFieldSchema = z.strictObject({
  name: z.string().trim().regex(contactFieldName, "wants a name of letters, digits and _, at most 40"),
  kind: z.enum(["text", "number", "date", "yesNo", "choice"]),
  /** Of a `choice`, one of which the value is; the other kinds have none. */
  options: z.array(z.string().trim().regex(/^[^,]{1,100}$/, "wants no comma and at most 100 characters")).max(50)
    .default([]),
}).refine(
  ({ kind, options }) => (kind === "choice") === (options.length > 0),
  "wants options for a choice, and for nothing else",
);

/** Fields that an account may define. */
export const maxContactFields = 30;

const contactFields = z.array(contactFieldSchema).max(maxContactFields).refine(
  (list) => new Set(list.map(({ name }) => name.toLowerCase())).size === list.length,
  "wants each field once",
);

const timeZone = z.string().refine(isTimeZone, "wants an IANA time zone, e.g. America/Mexico_City");

/**
 * What an account can be told, with units, ranges and defaults. Stored as the difference to the defaults;
 * effective at the next decision.
 */
export const settingsSchema = z.strictObject({
  /** Off: everything is kept, nothing is answered by the bot. */
  botEnabled: z.boolean().default(true),
  /** `draft`: answers wait for a person · `off`: the agent is not asked, rules still answer. */
  mode: z.enum(["auto", "draft", "off"]).default("auto"),
  /** Topics whose mode differs from the account's. Of several in one burst the strictest holds. */
  topics: topics.default([]),
  /** What is to be known of contacts, in the order in which it is shown. None: fields are free. */
  contactFields: contactFields.default([]),
  /** Quiet time after the last message before a burst is a turn. */
  debounceMs: z.int().min(0).max(30_000).default(3_500),
  /** The longest that a contact who keeps typing waits, from the first unanswered message. */
  debounceMaxMs: z.int().min(0).max(120_000).default(20_000),
  /** Pause after the bot's answer in which it gives no second one. */
  cooldownMs: z.int().min(0).max(600_000).default(7_000),
  /** `skip`: a burst inside the cooldown gets no answer · `defer`: it is answered when the cooldown ends. */
  cooldownPolicy: z.enum(["skip", "defer"]).default("skip"),
  /** Texts a second to Instagram, evenly spaced, over all instances. */
  sendsPerSecond: z.number().min(0.1).max(20).default(3),
  /** How long a conversation stays with a person after they wrote. */
  takeoverHours: z.number().min(0.1).max(720).default(12),
  timezone: timeZone.default("UTC"),
  /** Absent: always open. */
  businessHours: businessHoursSchema.optional(),
  /** Language of texts that Moca itself writes; BCP 47. */
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, "wants a language such as en or es-MX").default("en"),
  /** Who the agent is and how it speaks. */
  persona: z.string().max(20_000).default(""),
  /** What the agent may rely on: prices, hours, policies. */
  knowledge: z.string().max(200_000).default(""),
  /** Name of the model; empty: the one of `OPENAI_MODEL`. */
  model: z.string().trim().max(200).default(""),
  /** Absent: the provider's own. Many newer models take no other. */
  temperature: z.number().min(0).max(2).optional(),
  /** The model can see: pictures of the contact's are passed on to its provider. */
  seesPictures: z.boolean().default(false),
  /** Hosts or pages that the agent may link to, beside those in persona, knowledge and documents. */
  allowedLinks: z.array(z.string().trim().min(3).max(300)).max(100).default([]),
  /** Words that no answer of the agent's may hold, such as promises. */
  forbiddenPhrases: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  /** Names of rules that are switched off: the chain skips them, whatever their files say. */
  rulesOff: z.array(z.string().trim().min(1).max(200)).max(1_000).default([]),
  /** Names of rules in the order in which they are asked instead of that of their files; the others stay in place. */
  rulesOrder: z.array(z.string().trim().min(1).max(200)).max(1_000).default([]),
  /** Phrases with which a contact asks for a person. */
  handOffPhrases: z.array(z.string().min(1).max(200)).max(100).default([]),
  /** Words with which a contact asks not to be written to. */
  optOutWords: z.array(z.string().min(1).max(200)).max(100).default(["stop", "unsubscribe", "baja", "no escribir"]),
  /** Sentence that says that a machine answers; put before the first answer. Empty: none. */
  disclosure: z.string().max(500).default(""),
  /** The bot's turns an hour with one contact; then a person is asked. */
  maxTurnsPerHour: z.int().min(1).max(1_000).default(20),
  /** Tokens a day that the account's agent may use; then a person is asked. */
  dailyTokenBudget: z.int().min(0).max(1_000_000_000).default(2_000_000),
  /** Tokens that one turn may use; the model is not asked again once they are used up. */
  turnTokenBudget: z.int().min(1_000).max(1_000_000).default(60_000),
  /** Tokens a day that the turns of one contact may use; then a person is asked. */
  contactTokenBudget: z.int().min(0).max(1_000_000_000).default(300_000),
  /** What a million tokens cost, in any currency; 0: not known. */
  inputPrice: z.number().min(0).max(10_000).default(0),
  outputPrice: z.number().min(0).max(10_000).default(0),
  /** Days that messages are kept. */
  retentionDays: z.int().min(1).max(3_650).default(365),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

/** The account's settings in full: what is stored, over the defaults. Unreadable entries fall back to the default. */
export function resolveSettings(stored: Readonly<Record<string, unknown>>): Settings {
  const whole = settingsSchema.safeParse(stored);
  if (whole.success) return whole.data;
  const readable = Object.entries(stored).filter(([name, value]) =>
    settingsSchema.partial().safeParse({ [name]: value }).success
  );
  return settingsSchema.parse(Object.fromEntries(readable));
}

function isTimeZone(name: string): boolean {
  try {
    dateFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
