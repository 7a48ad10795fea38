/** What a person asks to be sent, checked and told apart from what was asked before. */
import type { Aggregate } from "@/conversation/aggregate.ts";
import type { ActOptions } from "@/conversation/operator.ts";
import { openPlace } from "@/backoffice/canned_text.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import type { Store } from "@/store/store.ts";

export interface SendRequest {
  readonly text: string;
  /** Made by the asker, once per message: 8 to 100 letters, digits, `-` or `_`. */
  readonly commandId: string;
  /** Only by a person, knowingly, after the 24 h window. */
  readonly tag?: "HUMAN_AGENT";
  /** The conversation stays the bot's. Default false. */
  readonly keepsBot?: boolean;
  /** Of the newest answer that the asker knows of: when there is a newer one, nothing is sent. Absent: not looked at. */
  readonly seenUpTo?: Date;
}

export type SendProblem = "emptyText" | "tooManyParts" | "badCommandId" | "openPlace";

/** Parts that one message may be split into: about 10,000 letters. */
export const maxParts = 10;

export function findProblem(
  text: string,
  texts: readonly string[],
  commandId: string,
): { problem: SendProblem; reason: string } | undefined {
  const badCommand = findCommandProblem(commandId);
  if (badCommand !== undefined) return badCommand;
  if (text === "") return { problem: "emptyText", reason: "text wants at least one character" };
  const place = openPlace(text);
  if (place !== undefined) return { problem: "openPlace", reason: `text still has ${place} to fill in` };
  if (texts.length <= maxParts) return undefined;
  return { problem: "tooManyParts", reason: `text makes ${texts.length} messages, wants at most ${maxParts}` };
}

export function findCommandProblem(commandId: string): { problem: "badCommandId"; reason: string } | undefined {
  if (/^[\x21-\x7e]{1,200}$/.test(commandId)) return undefined;
  return { problem: "badCommandId", reason: "commandId wants 1 to 200 printable characters without spaces" };
}

/** The text as it is sent: one kind of line break, nothing around it. */
export function tidy(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}

/** SHA-256 of what was asked, so that a command id used for something else is noticed. */
export async function hashBody(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

export async function actOptions(
  { store }: { readonly store: Store },
  aggregate: Aggregate,
  operator: string,
): Promise<ActOptions> {
  const account = await store.accounts.get(aggregate.conversation.accountId);
  return { operator, settings: resolveSettings(account?.settings ?? {}), now: store.now() };
}
