import type { Attachment, MessageKind } from "@/store/records.ts";

/**
 * One thing that happened in a conversation, told in Moca's words. `src/instagram/` makes these of Meta's
 * JSON; the key makes a repetition recognisable (see the table of keys in docs/architecture.md).
 */
export interface InboundEvent {
  readonly accountId: string;
  /** The contact: the sender of what comes in, the recipient of an echo. */
  readonly psid: string;
  /** Unique within the account: `msg:<mid>`, `edit:<mid>:<n>`, `del:<mid>`, … */
  readonly key: string;
  readonly kind: MessageKind;
  /** `in`: from the contact · `out`: an echo of what the business's side sent. */
  readonly direction: "in" | "out";
  readonly mid?: string;
  readonly refMid?: string;
  readonly text?: string;
  readonly attachments: readonly Attachment[];
  readonly replyTo?: { readonly mid?: string; readonly story?: { readonly id?: string; readonly url?: string } };
  readonly payload?: string;
  readonly referral?: Readonly<Record<string, unknown>>;
  readonly reaction?: { readonly action: string; readonly emoji?: string };
  readonly editNumber?: number;
  /** Instagram's time, already within reason: never after its arrival plus 5 min. */
  readonly at: Date;
  readonly standby: boolean;
  readonly test: boolean;
  readonly source: "webhook" | "backfill";
  /** Of what was found by reading the thread: when a person had answered it already; absent: nobody had. */
  readonly answeredAt?: Date;
}

const content: ReadonlySet<MessageKind> = new Set<MessageKind>([
  "text",
  "media",
  "quickReply",
  "postback",
  "storyReply",
  "storyMention",
  "share",
  "unsupported",
  "referral",
]);

/** Whether the kind says something that wants a decision, as opposed to being about another message. */
export function isContent(kind: MessageKind): boolean {
  return content.has(kind);
}
