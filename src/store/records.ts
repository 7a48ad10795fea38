/**
 * What Moca keeps, as plain data. One interface a collection, each stored field documented: when it is
 * set, its unit, and what absence means. Instagram's ids are opaque text and are never parsed. Instants
 * are `Date` and end in `At`; durations are milliseconds and end in `Ms`.
 *
 * Glossary: an *account* is the business's Instagram professional account; a *contact* is a person who
 * writes to it; a *conversation* is all that the two exchange (there is one per contact); an *envelope*
 * is one webhook request and an *event* one item in it; a *turn* is one burst of messages and the
 * decision on it; an *outbound item* is one text on its way to the contact.
 */

/** `<accountId>_<psid>`: names a conversation and its contact. */
export type ConversationId = string;

/** Joins the two natural ids into the id that a conversation and its contact share. */
export function conversationId(accountId: string, psid: string): ConversationId {
  return `${accountId}_${psid}`;
}

// ---------------------------------------------------------------- accounts

/** One Instagram professional account that Moca answers for. */
export interface Account {
  /** Instagram's id of the account (`user_id` of `/me`, `entry.id` of webhooks). */
  readonly id: string;
  /** The handle without `@`; absent until it was asked from Instagram. */
  readonly username?: string;
  /** The access token; absent when none was ever given. */
  readonly token?: SealedToken;
  /** `paused`: nothing is sent, everything is kept; `pausedReason` says why in words. */
  readonly state: "active" | "paused";
  readonly pausedReason?: string;
  /** The owner asked Meta for deletion: by `code` it can be followed; `doneAt` once every contact is erased. */
  readonly deletion?: { readonly code: string; readonly requestedAt: Date; readonly doneAt?: Date };
  /** Only the settings that differ from the defaults, as checked by `parseSettings`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Raised by one at each write; the guard against lost updates. */
  readonly ver: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An access token as it lies in the store: unreadable without `MOCA_SECRET_KEY`. */
export interface SealedToken {
  /** AES-GCM text made by `sealSecret`, bound to the account's id. */
  readonly sealed: string;
  /** The last four characters, to recognise it by. */
  readonly ending: string;
  /** When it was given to Moca. */
  readonly savedAt: Date;
  /** Absent when Instagram never told. */
  readonly expiresAt?: Date;
  readonly refreshedAt?: Date;
  /** Times that refreshing was begun since it last went well; absent: none. */
  readonly refreshTries?: number;
  /** Not refreshed before; set as a try begins, for the one after it. */
  readonly refreshNotBefore?: Date;
  /** SHA-256 of the environment's token that Moca took last: the same one never replaces a token of Settings. */
  readonly environmentHash?: string;
}

// ---------------------------------------------------------------- the aggregate

/** The person on the other side. */
export interface Contact {
  readonly id: ConversationId;
  readonly accountId: string;
  /** Instagram's id of the person, scoped to this account. */
  readonly psid: string;
  /** The handle without `@`; absent until the profile was fetched. */
  readonly username?: string;
  readonly name?: string;
  /** `unknown`: not asked yet · `known` · `unavailable`: Instagram would not tell. */
  readonly profile: "unknown" | "known" | "unavailable";
  /** What is known about the contact, by field name (`email`, `sector`, …). */
  readonly fields: Readonly<Record<string, Fact>>;
  readonly tags: readonly string[];
  /** The contact asked not to be written to by the bot. */
  readonly optOut: boolean;
  /** An operator said that the bot never answers here. */
  readonly neverBot: boolean;
  readonly createdAt: Date;
}

/** One thing known about a contact, with its receipt. */
export interface Fact {
  readonly value: string;
  readonly source: "instagram" | "rule" | "agent" | "person";
  /** The rule's name or the operator; absent for Instagram and the agent. */
  readonly by?: string;
  /** The message it was read from; absent when it came from none. */
  readonly messageId?: string;
  readonly at: Date;
  /** The value that it replaced. */
  readonly previous?: string;
}

/** Who answers. A person's turn ends at `until`; then it is the bot's again, without any write. */
export type Handler =
  | { readonly kind: "bot" }
  | {
    readonly kind: "person";
    readonly since: Date;
    readonly until: Date;
    /** An operator's label, `instagram-app`, a rule's name, or `agent`. */
    readonly by: string;
    /** In words, for people. */
    readonly reason: string;
    /** True when Moca handed off and no person has answered yet. */
    readonly needed: boolean;
  };

export interface Conversation {
  readonly id: ConversationId;
  readonly accountId: string;
  readonly psid: string;
  /** Raised by one at each commit of the aggregate; 0 before the first. */
  readonly ver: number;
  /** Raised by one whenever what the contact said changes (message, edit, unsend). */
  readonly rev: number;
  /** `scheduled` while a deferred answer or a follow-up waits; `closed` until the contact writes again. */
  readonly state: "open" | "scheduled" | "closed";
  readonly handler: Handler;
  /** The operator it is assigned to. */
  readonly assignee?: string;
  /** Instagram's time of the contact's newest message. */
  readonly lastUserAt?: Date;
  /** When the bot's last answer was queued or sent, whichever is later. */
  readonly lastBotAt?: Date;
  /** When the bot's last answer was sent. */
  readonly lastBotSentAt?: Date;
  /** When any text last left for this contact; the next waits for the gap per thread. */
  readonly lastSendAt?: Date;
  /** `lastBotAt` plus the account's cooldown at that moment. */
  readonly cooldownUntil?: Date;
  /** The contact's newest message that opens Instagram's window, plus 24 h. */
  readonly windowClosesAt?: Date;
  /** When people were told that an answer waits which may leave too late for the window; absent when none does. */
  readonly windowNoticeAt?: Date;
  /** The contact's messages since an operator last looked. */
  readonly unread: number;
  readonly lastMessage?: LastMessage;
  /** The newest turn, kept so that its answer can be pulled back before it has begun to leave. */
  readonly lastTurn?: CommittedTurn;
  /** The newest turn's answer, while it waits for a person; gone once it is used, discarded or overtaken. */
  readonly draft?: WaitingDraft;
  /** Number that the next turn gets; the first is 1. */
  readonly nextTurn: number;
  /** Number that the next outbound item gets; the first is 1. */
  readonly nextSeq: number;
  /** When the outbound queue must look at this conversation again; absent when it need not. */
  readonly dueAt?: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface LastMessage {
  readonly messageId: string;
  readonly role: Message["role"];
  readonly author: Message["author"];
  readonly text: string;
  readonly at: Date;
}

/** An answer that a person may send, edit or discard. */
export interface WaitingDraft {
  /** Of this draft alone: a turn that is decided anew, because the contact wrote on, makes another one. */
  readonly id: string;
  readonly turnId: string;
  /** One a part, at most 1,000 UTF-8 bytes each. */
  readonly texts: readonly string[];
  readonly quickReplies?: readonly string[];
  /** What it is about, of the account's topics; absent when it is about none. */
  readonly topic?: string;
  readonly at: Date;
}

export interface CommittedTurn {
  readonly id: string;
  readonly number: number;
  readonly pending: readonly PendingMessage[];
  /** True when the contact had waited so long that it is not pulled back (C19). */
  readonly forced: boolean;
  /** Drafts thrown away before it; goes on counting when it is pulled back. */
  readonly supersedes: number;
}

/** A message of the contact's that no turn has answered yet. */
export interface PendingMessage {
  readonly messageId: string;
  /** Instagram's time of the message. */
  readonly at: Date;
  /** When Moca got it. */
  readonly receivedAt: Date;
}

/** What waits to become a turn. One row a conversation; made idle, never deleted. */
export interface Debounce {
  readonly conversationId: ConversationId;
  /** In order of Instagram's time, then id. Empty: idle. */
  readonly pending: readonly PendingMessage[];
  /** Arrival of the first pending message since a rule put the burst off; absent when none came since. */
  readonly firstAt?: Date;
  /** Arrival of the newest of them. */
  readonly lastAt?: Date;
  /** When the turn is due; absent when idle. */
  readonly dueAt?: Date;
  /** Tries to decide on what is pending; 0 after a turn was committed. */
  readonly attempts: number;
  /** Drafts thrown away because the contact wrote on. */
  readonly supersedes: number;
  /** What the model was asked in vain since the last turn: it counts as the next one's. Absent: nothing. */
  readonly spent?: ModelUse;
  /** Why the answer waits, when a rule deferred it. */
  readonly deferral?: { readonly until: Date; readonly reason: string; readonly by: string; readonly count: number };
  /** The decision in progress; a commit names it, so that a late one is told apart. */
  readonly snapshot?: TurnSnapshot;
}

export interface TurnSnapshot {
  readonly id: string;
  readonly turnNumber: number;
  readonly pending: readonly PendingMessage[];
  /** The conversation's `rev` that the decision is based on. */
  readonly rev: number;
  readonly startedAt: Date;
}

// ---------------------------------------------------------------- outbound

export type OutboundState =
  | "queued"
  | "sending"
  | "sent"
  | "failed"
  | "uncertain"
  | "held"
  | "cancelled"
  | "expired";

/** One text on its way to a contact. Its states are drawn in docs/architecture.md. */
export interface OutboundItem {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly accountId: string;
  readonly psid: string;
  /** Order within the conversation; the next is begun only after this one is settled. */
  readonly seq: number;
  readonly origin: OutboundOrigin;
  /** At most 1,000 UTF-8 bytes. */
  readonly text: string;
  /** Only on what a person sends, knowingly, after the 24 h window. */
  readonly tag?: "HUMAN_AGENT";
  /** Answers to tap below the text; absent: none. */
  readonly quickReplies?: readonly string[];
  readonly state: OutboundState;
  /** POSTs begun so far; written before each one, never lowered, so that a late result is told apart. */
  readonly attempt: number;
  /** Tries that count against the limit: being throttled does not, and a person's retry begins anew. */
  readonly spent: number;
  /** Not begun before this instant. */
  readonly notBefore: Date;
  /** While `sending`: after this the answer is no longer waited for. */
  readonly deadlineAt?: Date;
  /** While `uncertain`: when the thread may be read back. */
  readonly settleAt?: Date;
  /** Times the thread was read back in vain because reading failed. */
  readonly settleTries?: number;
  /** Why it is in this state, in words: of `cancelled`, `expired`, `failed`, `held`, and of a waiting retry. */
  readonly reason?: string;
  /** Instagram's id of the sent message. */
  readonly mid?: string;
  readonly sentAt?: Date;
  readonly attempts: readonly Attempt[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OutboundOrigin =
  /** Part `part` (from 1) of `parts` of a turn's answer. */
  | { readonly kind: "turn"; readonly turnId: string; readonly part: number; readonly parts: number }
  | {
    readonly kind: "operator";
    readonly operator: string;
    readonly commandId: string;
    readonly part: number;
    readonly parts: number;
    /** Of a draft that the operator let out: the turn that wrote it. */
    readonly turnId?: string;
  }
  /** A text that a turn planned for later, due at `notBefore`; what is said meanwhile goes ahead of it. */
  | {
    readonly kind: "followUp";
    readonly turnId: string;
    /** `rule:<name>` or `agent`. */
    readonly by: string;
    /** Why it was planned, in words. */
    readonly why: string;
    /** False: it is cancelled once the contact writes. */
    readonly evenIfAnswered: boolean;
  };

/** One POST of an item: the line of the send ledger. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  /** The conversation's `rev` then: another one says that the contact wrote on since. */
  readonly rev: number;
  readonly endedAt?: Date;
  /** When the outcome became known that was open at `endedAt`. */
  readonly settledAt?: Date;
  /** Absent while the answer is awaited. */
  readonly outcome?: "sent" | "notSent" | "refused" | "throttled" | "unknown" | "notDelivered";
  /** What proves the outcome; `person`: somebody of the team looked and said so. */
  readonly evidence?: "answer" | "echo" | "readBack" | "person";
  readonly error?: SendError;
}

/** How Moca takes a refusal of Instagram's; `src/instagram/errors_table.ts` says which code is what. */
export type ErrorClass =
  /** Surely not delivered, worth another try. */
  | "retry"
  /** Too fast; the whole account pauses. */
  | "throttle"
  /** Perhaps delivered; the thread is read before anything else. */
  | "unknown"
  /** This message can never be delivered. */
  | "fail"
  /** Instagram's time for answering is over. */
  | "window"
  /** This person cannot be written to now. */
  | "recipient"
  /** The access token is no longer good; the account pauses. */
  | "token"
  /** A permission or a switch is missing; the account pauses. */
  | "config"
  /** Instagram restricts the account; everything stops until a person has looked. */
  | "pause";

export interface SendError {
  /** In words, without any secret or message text. */
  readonly message: string;
  /** Absent when Instagram said nothing. */
  readonly class?: ErrorClass;
  readonly code?: number;
  readonly subcode?: number;
  readonly status?: number;
}

// ---------------------------------------------------------------- messages

export type MessageKind =
  | "text"
  | "media"
  | "quickReply"
  | "postback"
  | "storyReply"
  | "storyMention"
  | "share"
  | "unsupported"
  | "referral"
  | "reaction"
  | "seen"
  | "edit"
  | "unsend"
  | "optin"
  | "handover"
  /** What somebody of the team wrote for the others: it never leaves Moca, and no rule or model reads it. */
  | "note"
  | "unknown";

/** One event of the conversation's history. Written once per event key; later events only fill in fields. */
export interface Message {
  /** `<accountId>:<event key>`, so that a repeated event meets its own row. */
  readonly id: string;
  readonly accountId: string;
  readonly conversationId: ConversationId;
  /** Instagram's message id; absent for events that have none. */
  readonly mid?: string;
  /** The message that an edit, unsend, reaction or seen event is about. */
  readonly refMid?: string;
  /** `user`: the contact · `assistant`: the business's side · `system`: about messages. */
  readonly role: "user" | "assistant" | "system";
  readonly author: "contact" | "bot" | "operator" | "instagramApp" | "system";
  readonly kind: MessageKind;
  /** Absent when there is none, or when the contact unsent it. */
  readonly text?: string;
  readonly attachments: readonly Attachment[];
  readonly replyTo?: { readonly mid?: string; readonly story?: { readonly id?: string; readonly url?: string } };
  /** Of a message that Moca sent: the answers to tap that were shown with it. */
  readonly quickReplies?: readonly string[];
  /** Of a quick reply or postback: what the button stands for. */
  readonly payload?: string;
  readonly referral?: Readonly<Record<string, unknown>>;
  /** Of a reaction: `react` or `unreact`, and the sign. */
  readonly reaction?: { readonly action: string; readonly emoji?: string };
  /** Of an edit: its number, from 1. */
  readonly editNumber?: number;
  /** Another app holds the thread: kept, never answered. */
  readonly standby: boolean;
  /** Meta's dashboard test event: kept, never answered. */
  readonly test: boolean;
  /** Instagram's time, or the time of arrival when that is absurd. */
  readonly at: Date;
  readonly receivedAt: Date;
  /** `webhook`, `send`: written when Moca sent it, `backfill`: found by reading the thread, `team`: a note. */
  readonly source: "webhook" | "send" | "backfill" | "team";
  /** Of a contact's message that was found late: when somebody had answered it already, unknown to Moca. */
  readonly answeredAt?: Date;
  /** When the contact edited it last. */
  readonly editedAt?: Date;
  /** When the contact took it back: text and attachments are gone. */
  readonly unsentAt?: Date;
  /** On the business's side: when the contact saw it. */
  readonly seenAt?: Date;
  /** The contact's sign on it. */
  readonly reactionEmoji?: string;
  /** Of a contact's message: the turn that decided on it. Of an answer: the turn that gave it. */
  readonly turnId?: string;
  /** Of a message that Moca sent: its outbound item. */
  readonly outboundId?: string;
  /** Of a message that Moca sent: when Instagram's copy of it came; absent until then. */
  readonly echoAt?: Date;
  /** Of an operator's message or note: who. */
  readonly operator?: string;
}

export interface Attachment {
  /** Instagram's word (`image`, `video`, `audio`, `file`, `share`, `ig_reel`, …), kept as it came. */
  readonly type: string;
  readonly url?: string;
  readonly title?: string;
}

// ---------------------------------------------------------------- turns

/** One burst and the decision on it: the answer to "why". */
export interface Turn {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly accountId: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly messageIds: readonly string[];
  readonly startedAt: Date;
  readonly decidedAt: Date;
  /** What was checked before the rules, in order. */
  readonly checks: readonly Check[];
  /** Every rule that ran, in order. */
  readonly rules: readonly RuleTrace[];
  /** Version of the rule chain; absent when no rule ran. */
  readonly ruleSet?: string;
  /** Absent when no rule ran. */
  readonly situation?: RuleSituation;
  /** Absent when the agent was not asked. */
  readonly agent?: AgentTrace;
  readonly outcome: TurnOutcome;
  /** What it is about, of the account's topics; absent when it is about none. */
  readonly topic?: string;
  /** Of a draft: what a person made of it; absent while nobody did. */
  readonly review?: DraftReview;
  readonly outboundIds: readonly string[];
  /** Committed for good by the starvation guard: messages that came meanwhile, if any, wait for the next turn. */
  readonly forced: boolean;
  /** Drafts thrown away before this decision because the contact wrote on. */
  readonly supersedes: number;
  /** Tries that it took. */
  readonly attempts: number;
}

/** What a person made of a draft: sent as it was, sent with other words, or not sent. */
export interface DraftReview {
  readonly verdict: "unchanged" | "edited" | "discarded";
  /** The operator, or `instagram-app`. */
  readonly by: string;
  readonly at: Date;
}

/**
 * How things stood when the rules were asked, but for messages, fields and settings: kept so that other rules can be
 * tried on the same turn. Every field as in the rules' contract.
 */
export interface RuleSituation {
  readonly at: Date;
  readonly contact: {
    readonly tags: readonly string[];
    readonly optOut: boolean;
    readonly neverBot: boolean;
    readonly isFirstContact: boolean;
  };
  readonly conversation: {
    readonly handler: "bot" | "person";
    readonly handlerUntil?: Date;
    readonly handlerReason?: string;
    readonly windowClosesAt?: Date;
    readonly windowOpen: boolean;
    readonly cooldownUntil?: Date;
    readonly cooldownLeftMs: number;
    readonly lastBotAt?: Date;
    readonly deferrals: number;
    readonly deferredBy?: string;
  };
}

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** In words. */
  readonly detail: string;
}

export interface RuleTrace {
  readonly rule: string;
  /** `off`: it was switched off and not asked. */
  readonly verdict: "pass" | "reply" | "silence" | "handOff" | "defer" | "error" | "off";
  /** The rule's own reason, the matched words, or what was thrown. */
  readonly reason: string;
  readonly ms: number;
}

export interface AgentTrace {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By the account's prices at that time, in its currency; absent when they were not known. */
  readonly cost?: number;
  readonly ms: number;
  /** What the model was shown, as it saw it. */
  readonly prompt: readonly PromptLine[];
  readonly tools: readonly { readonly name: string; readonly args: string; readonly result: string }[];
  /** Absent unless the model failed; in words. */
  readonly error?: string;
}

/** What asking a model used up. */
export type ModelUse = Pick<AgentTrace, "calls" | "inputTokens" | "outputTokens" | "cost">;

export interface PromptLine {
  readonly role: string;
  readonly text: string;
  /** Where in `text` messages stand, in order, so that one that is taken back can be erased; absent when none does. */
  readonly shows?: readonly ShownMessage[];
}

/** What a message says, or what was learned from it, as the part of a text from `start` up to `end`, in UTF-16 units. */
export interface ShownMessage {
  readonly messageId: string;
  readonly start: number;
  readonly end: number;
}

export interface TurnOutcome {
  /** `pulledBack` is never stored: the answer was taken back and is decided anew (`asItStands`). */
  readonly kind: "replied" | "drafted" | "silent" | "handedOff" | "pulledBack";
  /** In words, for a shop owner. */
  readonly reason: string;
  /** `core`, `rule:<name>` or `agent`. */
  readonly by: string;
  /** The answer's texts, one a part; empty when silent. */
  readonly texts: readonly string[];
  /** Answers to tap below the last text; absent: none. */
  readonly quickReplies?: readonly string[];
}

// ---------------------------------------------------------------- the rest

/** A short text about the business that the agent may look up and rely on. */
export interface KnowledgeDocument {
  readonly id: string;
  readonly accountId: string;
  /** 1 to 120 characters. */
  readonly title: string;
  /** At most 20,000 characters. */
  readonly text: string;
  /** Raised by one at each write. */
  readonly ver: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The operator who wrote it last. */
  readonly updatedBy: string;
}

/** A view of the inbox that an operator keeps under a name. */
export interface SavedView {
  /** Made from operator and name (`savedViewId`): one of each name. */
  readonly id: string;
  readonly operator: string;
  /** 1 to 40 characters. */
  readonly name: string;
  /** The query of its URL, without `?`. */
  readonly query: string;
  readonly savedAt: Date;
}

export function savedViewId(operator: string, name: string): string {
  return `${operator}/${name}`;
}

/** A conversation of the simulator that is kept with what must come of it. */
export interface Simulation {
  readonly id: string;
  readonly accountId: string;
  /** 1 to 80 characters. */
  readonly name: string;
  /** Who says it. */
  readonly contact: Pick<Contact, "name" | "username">;
  /** Turn by turn; 1 to 20. */
  readonly steps: readonly SimulationStep[];
  readonly savedAt: Date;
  /** The operator who saved it. */
  readonly savedBy: string;
}

/** One burst, and what must be decided on it. */
export interface SimulationStep {
  /** When it was said: rules that look at the clock see the same hour again. */
  readonly at: Date;
  /** Oldest first; what is done to messages stands at its place, up to the next step. */
  readonly says: readonly SimulatedMessage[];
  /** What goes wrong on the way, by the simulator's names; absent: nothing. */
  readonly faults?: readonly string[];
  readonly expected: {
    readonly outcome: TurnOutcome["kind"];
    /** `core`, `rule:<name>` or `agent`. */
    readonly by: string;
    /** Must stand in the answer, whatever case; empty: any words will do. */
    readonly contains: string;
    /** Texts of the bot's that reach the contact before the next step begins; absent: any number. */
    readonly arrived?: number;
  };
}

/** What the contact says, or does to a message: an edit, an unsend or a reaction. */
export type SimulatedMessage =
  & Pick<
    Message,
    "kind" | "text" | "attachments" | "payload" | "replyTo" | "reaction" | "editNumber"
  >
  & {
    /** How long after the one before it, in milliseconds. Default 0. */
    readonly afterMs?: number;
    /** The message that it is done to; absent when it says something itself. */
    readonly about?: SimulatedTarget;
  };

/** A message of a case by its place among all that its author says there, from 0; referrals do not count. */
export interface SimulatedTarget {
  readonly author: "contact" | "bot";
  readonly place: number;
}

/** An answer that people keep ready, to send it with a few keys. */
export interface CannedReply {
  readonly id: string;
  readonly accountId: string;
  /** 1 to 80 characters. */
  readonly title: string;
  /** What calls it up behind a `/`: up to 30 lowercase letters, digits, `-` or `_`; empty: its title alone does. */
  readonly shortcut: string;
  /** 1 to 2,000 characters. `{{name}}` and the like are filled in when it is used. */
  readonly body: string;
  /** Raised by one at each write. */
  readonly ver: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The operator who wrote it last. */
  readonly updatedBy: string;
}

/** What an operator has typed in a conversation and not sent yet: one text an operator and conversation. */
export interface TypedText {
  readonly conversationId: ConversationId;
  readonly operator: string;
  /** Not empty. */
  readonly text: string;
  /** What it is meant to become. */
  readonly writing: "reply" | "note";
  /** Of the form it was typed into: once that was sent, nothing more is kept of it. */
  readonly commandId: string;
  readonly savedAt: Date;
}

/** One webhook request, as it came. Kept 7 days. */
export interface Envelope {
  /** SHA-256 of the body in lowercase hex. */
  readonly id: string;
  readonly body: Uint8Array;
  readonly state: "new" | "split" | "dead";
  readonly receivedAt: Date;
  /** Claims so far, raised at the claim, so that a body that kills the process counts too. */
  readonly attempts: number;
  /** Why it is `dead`, or what was passed over. */
  readonly note?: string;
}

/** An operator's action, kept so that a double click acts once. Kept 30 days. */
export interface Command {
  readonly id: string;
  readonly conversationId: ConversationId;
  /** SHA-256 of what was asked; another body under the same id is refused. */
  readonly bodyHash: string;
  /** What was answered. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** An operator's label, `bot`, `system` or `instagram-app`. */
  readonly actor: string;
  /** `conversation.takeOver`, `settings.change`, … */
  readonly action: string;
  /** What it was done to, e.g. a conversation's id. */
  readonly object: string;
  /** Field → before and after; never a secret or a message's text. */
  readonly changes: Readonly<Record<string, { readonly before?: unknown; readonly after?: unknown }>>;
}

/** Tells who watches that a conversation was committed. Kept an hour. */
export interface FeedEntry {
  /** Its place: one more than that of the entry before it, whoever wrote that. */
  readonly seq: number;
  /** Absent when the contact was erased since. */
  readonly conversationId?: ConversationId;
  readonly at: Date;
}

/** One running process, as it told of itself last. Kept a day after it was last heard of. */
export interface Instance {
  /** Made at its start; the name under which it takes leases. */
  readonly id: string;
  /** The machine's name. */
  readonly host: string;
  /** Moca's version. */
  readonly version: string;
  readonly startedAt: Date;
  readonly beatAt: Date;
  /** After this it is taken for gone, unless it beats again. */
  readonly aliveUntil: Date;
  /** Version of its rule chain; instances may differ for a moment while a new one is rolled out. */
  readonly ruleSet: string;
  /** What it works on, in the order in which a message meets them; not healthy: the last try failed. */
  readonly workers: readonly { readonly name: string; readonly healthy: boolean }[];
}

/** What an operator may do: `viewer` reads, `agent` also answers, `admin` also changes settings and people. */
export type Role = "admin" | "agent" | "viewer";

/** A person of the team. Whoever signs in with `MOCA_ADMIN_TOKEN` is `admin` and has no record. */
export interface Operator {
  /** The name they sign in with and are shown by: 2 to 30 lowercase letters, digits, `-`, `_` or `.`. */
  readonly id: string;
  readonly role: Role;
  /** SHA-256 of the key they sign in with, 256 random bits that were shown once. */
  readonly keyHash: string;
  /** Raised by one at each write; the guard against lost updates. */
  readonly ver: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A signed-in operator's session. */
export interface Session {
  /** SHA-256 of the cookie's value; the value itself is never stored. */
  readonly id: string;
  readonly operator: string;
  /** Browser and system that it began in, in words; absent when they were not told. */
  readonly device?: string;
  readonly csrfToken: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
}
