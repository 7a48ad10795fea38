import type { Item } from "@/instagram/parse/shapes.ts";
import { type Content, readMessage, readReferral } from "@/instagram/parse/read_message.ts";
import { instantOf } from "@/instagram/parse/instant.ts";
import { itemHash } from "@/instagram/parse/item_hash.ts";

export interface ReadOptions {
  readonly psid: string;
  /** SHA-256 of the item; asked only where nothing else tells it from others. */
  readonly hash: () => string;
}

/**
 * What the item says, with its key. The key repeats when Meta delivers the item again, and differs from those
 * of other events about the same mid. Whatever is not understood is of kind `unknown`, keyed by its hash.
 */
export function readItem(item: Item, options: ReadOptions): Content {
  return readKnown(item, options) ?? { kind: "unknown", key: `unknown:${options.hash()}` };
}

function readKnown(item: Item, options: ReadOptions): Content | undefined {
  if (item.message !== undefined) return readMessage(item.message, options.hash);
  if (item.postback !== undefined) return readPostback(item, item.postback, options);
  if (item.reaction !== undefined) return readReaction(item, item.reaction, options);
  if (item.read !== undefined) return readSeen(item.read);
  if (item.message_edit !== undefined) return readEdit(item.message_edit);
  if (item.referral !== undefined) return readReferralAlone(item, options);
  if (item.optin !== undefined) return { kind: "optin", key: `optin:${options.hash()}` };
  return isHandover(item) ? { kind: "handover", key: `handover:${options.hash()}` } : undefined;
}

function readPostback(item: Item, postback: NonNullable<Item["postback"]>, options: ReadOptions): Content {
  const { mid, title, payload } = postback;
  const key = mid ?? `${options.psid}:${momentOf(item, options)}:${itemHash([title, payload])}`;
  return { kind: "postback", key: `pb:${key}`, mid, text: title, payload, referral: readReferral(postback.referral) };
}

function readReaction(
  item: Item,
  { mid, action, emoji, reaction }: NonNullable<Item["reaction"]>,
  options: ReadOptions,
): Content | undefined {
  if (mid === undefined || (action !== "react" && action !== "unreact")) return undefined;
  return {
    kind: "reaction",
    key: `re:${mid}:${action}:${momentOf(item, options)}`,
    refMid: mid,
    reaction: { action, emoji: emoji ?? reaction },
  };
}

function readSeen({ mid }: NonNullable<Item["read"]>): Content | undefined {
  return mid === undefined ? undefined : { kind: "seen", key: `rd:${mid}`, refMid: mid };
}

/** Each message may be accompanied by an "edit" of number 0: it is none, and its text is the message's own. */
function readEdit({ mid, text, num_edit: told }: NonNullable<Item["message_edit"]>): Content | undefined {
  const number = typeof told === "string" && told !== "" ? Number(told) : told;
  if (mid === undefined || !Number.isSafeInteger(number)) return undefined;
  const editNumber = Number(number);
  const key = `edit:${mid}:${editNumber}`;
  if (editNumber === 0) return { kind: "unknown", key, refMid: mid };
  return editNumber < 0 || text === undefined ? undefined : { kind: "edit", key, refMid: mid, text, editNumber };
}

function readReferralAlone(item: Item, options: ReadOptions): Content {
  const key = `ref:${options.psid}:${momentOf(item, options)}`;
  return { kind: "referral", key, referral: readReferral(item.referral) };
}

/** Instagram's time of the item in milliseconds; its hash when it has none, so that a repetition still matches. */
function momentOf(item: Item, { hash }: ReadOptions): string {
  return String(instantOf(item.timestamp) ?? hash());
}

function isHandover(item: Item): boolean {
  return [item.pass_thread_control, item.take_thread_control, item.request_thread_control, item.app_roles]
    .some((value) => value !== undefined);
}
