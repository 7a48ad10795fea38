import { z } from "zod";

const psid = z.string().regex(/^[0-9]{1,32}$/);
const mid = z.string().min(1).max(512);
const text = z.string().min(1).max(4_000);
const url = z.url().max(2_000).optional();

/** What a contact can do on Instagram, as told to the pretend one. `mid`: the message that it is about. */
export const contactEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text, replyTo: mid.optional() }),
  z.object({
    kind: z.literal("burst"),
    texts: z.array(text).min(1).max(50).readonly(),
    /** Pause before each text but the first. Default 0. */
    gapMs: z.int().min(0).max(60_000).optional(),
  }),
  z.object({ kind: z.literal("quickReply"), title: text, payload: z.string().max(1_000) }),
  z.object({ kind: z.literal("postback"), title: text, payload: z.string().max(1_000) }),
  z.object({ kind: z.literal("image"), url }),
  z.object({ kind: z.literal("voice"), url }),
  z.object({ kind: z.literal("video"), url }),
  z.object({ kind: z.literal("file"), url }),
  z.object({ kind: z.literal("attachment"), type: z.string().min(1).max(64), url }),
  z.object({ kind: z.literal("viewOnce") }),
  z.object({ kind: z.literal("storyReply"), text, storyId: z.string().optional(), url }),
  z.object({ kind: z.literal("storyMention"), url }),
  z.object({ kind: z.literal("share"), url, title: z.string().max(2_200).optional() }),
  z.object({
    kind: z.literal("reaction"),
    mid,
    action: z.enum(["react", "unreact"]).optional(),
    reaction: z.enum(["angry", "sad", "wow", "love", "like", "laugh", "other"]).optional(),
    emoji: z.string().max(16).optional(),
  }),
  z.object({ kind: z.literal("seen"), mid }),
  /** `number`: which edit of the message it is; default the next one; 0 is Meta's edit that is none. */
  z.object({ kind: z.literal("edit"), mid, text, number: z.int().min(0).optional() }),
  z.object({ kind: z.literal("unsend"), mid }),
  z.object({ kind: z.literal("unsupported") }),
  z.object({ kind: z.literal("referral"), ref: z.string().max(250), source: z.string().optional() }),
  z.object({ kind: z.literal("standby"), text }),
]);

export const psidSchema = psid;

export type ContactEvent = z.infer<typeof contactEventSchema>;

/** Everything but the burst, which is several texts. */
export type SingleEvent = Exclude<ContactEvent, { readonly kind: "burst" }>;

/** One thing that a contact does, and how long after the one before it. */
export interface EventStep {
  readonly event: SingleEvent;
  readonly afterMs: number;
}

/** The single events of a list in which bursts may occur. */
export function toSteps(events: readonly ContactEvent[]): readonly EventStep[] {
  return events.flatMap((event): readonly EventStep[] =>
    event.kind !== "burst" ? [{ event, afterMs: 0 }] : event.texts.map((text, index) => ({
      event: { kind: "text", text },
      afterMs: index === 0 ? 0 : event.gapMs ?? 0,
    }))
  );
}

const withoutOwnMid: ReadonlySet<SingleEvent["kind"]> = new Set<SingleEvent["kind"]>([
  "reaction",
  "seen",
  "edit",
  "unsend",
  "referral",
]);

/** Whether it is a message (or a tap) of its own, with an id of its own, and so opens the 24 h window. */
export function hasOwnMid({ kind }: SingleEvent): boolean {
  return !withoutOwnMid.has(kind);
}
