/**
 * What is read of one item of Meta's JSON. Every field is lenient by itself: one of the wrong type counts as
 * absent and spoils nothing beside it. Fields that are not listed are not looked at, however deep they go.
 */
import { z } from "zod";

/** Longer ids than this are no ids; the longest that Instagram gives have about 170 characters. */
const maxIdLength = 512;

/** Instagram takes at most 1,000 bytes of text; what is far longer is cut, in UTF-16 units. */
const maxTextLength = 20_000;

const maxUrlLength = 8_192;

/** Ids are text; older samples carry numbers, of which those above 2^53 are rounded already. */
export const idShape = z.union([
  z.string().min(1).max(maxIdLength).transform(cleaned),
  z.number().refine(Number.isInteger).transform((id) => BigInt(id).toString()),
]);

const textShape = z.string().transform((text) => cleaned(text.slice(0, maxTextLength)));
const urlShape = z.string().min(1).max(maxUrlLength).transform(cleaned);
const flagShape = z.boolean().catch(false);

const id = lenient(idShape);
const text = lenient(textShape);
const url = lenient(urlShape);
const party = lenient(z.object({ id }));
const present = lenient(z.object({}));

const referral = lenient(z.object({
  ref: text,
  source: text,
  type: text,
  ad_id: id,
  referer_uri: url,
  ads_context_data: lenient(z.object({ ad_title: text, photo_url: url, video_url: url })),
  product: lenient(z.object({ id })),
}));

const message = z.object({
  mid: id,
  text,
  attachments: lenient(z.array(z.unknown())),
  quick_reply: lenient(z.object({ payload: text })),
  reply_to: lenient(z.object({ mid: id, story: lenient(z.object({ id, url })) })),
  referral,
  is_deleted: flagShape,
  is_unsupported: flagShape,
  is_echo: flagShape,
  is_self: flagShape,
});

/** One item of `messaging`, `standby` or `changes[].value`. */
export const itemShape = z.object({
  sender: party,
  recipient: party,
  timestamp: z.unknown().optional(),
  is_self: flagShape,
  message: lenient(message),
  postback: lenient(z.object({ mid: id, title: text, payload: text, referral, is_self: flagShape })),
  reaction: lenient(z.object({ mid: id, action: text, reaction: text, emoji: text })),
  read: lenient(z.object({ mid: id })),
  message_edit: lenient(z.object({ mid: id, text, num_edit: lenient(z.union([z.string(), z.number()])) })),
  referral,
  optin: present,
  pass_thread_control: present,
  take_thread_control: present,
  request_thread_control: present,
  app_roles: present,
});

/** One of a message's attachments. */
export const attachmentShape = z.object({
  type: lenient(z.string().min(1).max(100).transform(cleaned)),
  payload: lenient(z.object({ url, story_media_url: url, title: text })),
});

export type Item = z.infer<typeof itemShape>;
export type ItemMessage = z.infer<typeof message>;
export type ItemReferral = z.infer<typeof referral>;

/** The value, or undefined when it is missing or of another shape. */
function lenient<Shape extends z.ZodType>(shape: Shape): z.ZodCatch<z.ZodOptional<Shape>> {
  return shape.optional().catch(undefined);
}

/** Without halves of surrogate pairs and NULs, which databases refuse or cut at. */
function cleaned(value: string): string {
  return value.toWellFormed().replaceAll("\0", "\uFFFD");
}
