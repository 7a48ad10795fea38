/**
 * What each of Meta's error codes means for a message on its way. From Meta's error pages for the Send API and
 * the Graph API; rows that only running servers have seen say so. `ErrorClass` says what Moca does about it.
 */
import type { ErrorClass } from "@/store/records.ts";

export type { ErrorClass } from "@/store/records.ts";

export interface ErrorRow {
  /** Absent: any code, told by the subcode or the words alone. */
  readonly code?: number;
  /** Absent: also every subcode of the code that has no row of its own. */
  readonly subcode?: number;
  /** What Meta's message says, where the same code means different things. Such a row comes first. */
  readonly says?: RegExp;
  readonly class: ErrorClass;
  /** What happened, in plain words for the business. Both languages: `core.ig.*` in `locales/`. */
  readonly words: string;
  /** What a person must do before anything is sent again; absent when nothing more than `ErrorClass` says. */
  readonly cure?: string;
}

const reconnect = "give Moca a new access token in Settings";
const checkAccess = "check the app's access in the Meta dashboard";
const checkStatus = "look at the account's status in the Instagram app";

const window = { class: "window", words: "Instagram's time for answering is over" } as const;
const wrongRequest = { class: "fail", words: "Instagram found the request wrong" } as const;
const otherApp = { class: "fail", words: "another app controls this conversation" } as const;
const deleted = { class: "fail", words: "the message was deleted" } as const;
const unknownContact = { class: "recipient", words: "Instagram does not know the contact" } as const;
const unavailable = { class: "recipient", words: "the contact is not available right now" } as const;
const accountCalls = { class: "throttle", words: "the account made too many calls" } as const;
const appCalls = { class: "throttle", words: "the app made too many calls" } as const;
const pageCalls = { class: "throttle", words: "the page made too many calls" } as const;
const accountSends = { class: "throttle", words: "the account sent too many messages" } as const;
const deadToken = { class: "token", words: "the access token is no longer valid", cure: reconnect } as const;
const noPermission = { class: "config", words: "the app lacks a permission", cure: checkAccess } as const;

export const errorTable: readonly ErrorRow[] = [
  { code: 1, class: "unknown", words: "Instagram had a problem of its own" },
  { code: 1, subcode: 99, ...noPermission },
  { code: 1, subcode: 1357046, class: "unknown", words: "Instagram reported a problem although it may have sent it" },
  { code: 1, says: /reduce the amount of data/i, class: "retry", words: "Instagram found the query too wide" },
  { code: 2, class: "unknown", words: "Instagram is unavailable for a moment, or the contact blocked the business" },
  { code: 2, subcode: 1545133, class: "retry", words: "Instagram is unavailable for a moment" },
  { code: 3, class: "config", words: "the app lacks a capability", cure: checkAccess },
  { code: 4, ...appCalls },
  { code: 9, subcode: 2018352, class: "fail", words: "the contact does too much at once" },
  {
    code: 10,
    class: "config",
    words: "the app's permission was removed",
    cure: "grant it again, then give Moca a new access token in Settings",
  },
  { code: 10, subcode: 2534022, ...window },
  { code: 10, subcode: 2018278, ...window },
  { code: 10, subcode: 2018065, ...window },
  { code: 10, subcode: 2018108, class: "recipient", words: "the contact cannot receive messages right now" },
  {
    code: 10,
    subcode: 2534077,
    class: "config",
    words: "the link between Instagram account and app is not confirmed",
    cure: "connect it again, then give Moca a new access token in Settings",
  },
  {
    code: 10,
    subcode: 1893063,
    class: "pause",
    words: "Instagram restricts the account for a breach of its rules",
    cure: checkStatus,
  },
  { code: 17, ...accountCalls },
  { code: 17, subcode: 2446079, ...accountCalls },
  { code: 27, class: "config", words: "another app controls conversations", cure: "set up Conversation Routing" },
  { code: 32, ...pageCalls },
  { code: 100, ...wrongRequest },
  {
    code: 100,
    says: /unsupported request - method type/i,
    class: "config",
    words: "the Instagram account has no accepted tester role in the app",
    cure: "accept the invitation under Apps and websites in Instagram",
  },
  { code: 100, subcode: 33, class: "fail", words: "what the request is about does not exist, or is not ours to use" },
  { code: 100, subcode: 2018001, ...unknownContact },
  { code: 100, subcode: 2534014, ...unknownContact },
  { code: 100, subcode: 2018008, class: "fail", words: "Instagram could not fetch the attachment" },
  { code: 100, subcode: 2018047, class: "fail", words: "the attachment is of another type than was said" },
  { code: 100, subcode: 2018074, class: "fail", words: "Instagram does not know the attachment" },
  { code: 100, subcode: 2018109, class: "fail", words: "the attachment is too large" },
  { code: 100, subcode: 2018294, class: "fail", words: "Instagram took too long to fetch the video" },
  { code: 100, subcode: 2534080, class: "fail", words: "Instagram does not take attachments of this format" },
  { code: 100, subcode: 2018014, ...wrongRequest },
  { subcode: 2534001, class: "fail", words: "the conversation was archived or deleted" },
  {
    code: 100,
    subcode: 2534013,
    class: "config",
    words: "the page is not linked to an Instagram account",
    cure: "link it in the Meta dashboard",
  },
  { code: 100, subcode: 2534015, class: "fail", words: "Instagram found the message wrong" },
  { code: 100, subcode: 2534025, class: "fail", words: "the comment was answered already" },
  {
    code: 100,
    subcode: 2534029,
    class: "pause",
    words: "Instagram blocked the business from its messaging",
    cure: checkStatus,
  },
  { code: 100, subcode: 2534037, ...otherApp },
  { code: 100, subcode: 2534068, class: "fail", words: "Instagram does not take several images at once here" },
  { code: 102, ...deadToken },
  { code: 190, ...deadToken },
  { code: 190, subcode: 458, class: "token", words: "the app was removed from the account", cure: reconnect },
  {
    code: 190,
    subcode: 459,
    class: "token",
    words: "Instagram wants the owner to sign in first",
    cure: "sign in to Instagram, then give Moca a new access token in Settings",
  },
  { code: 190, subcode: 460, class: "token", words: "the account's password was changed", cure: reconnect },
  { code: 190, subcode: 463, class: "token", words: "the access token has expired", cure: reconnect },
  {
    code: 190,
    subcode: 464,
    class: "token",
    words: "the account's owner is not confirmed",
    cure: "confirm the owner, then give Moca a new access token in Settings",
  },
  { code: 190, subcode: 467, class: "token", words: "the access token was made invalid", cure: reconnect },
  { code: 190, subcode: 492, class: "token", words: "the token's owner has no role on the page", cure: reconnect },
  { code: 200, ...noPermission },
  { code: 200, subcode: 1545041, ...unavailable },
  { code: 551, subcode: 1545041, ...unavailable },
  {
    code: 200,
    subcode: 2018028,
    class: "config",
    words: "the app may only write to its testers",
    cure: "ask Meta for review",
  },
  {
    code: 200,
    subcode: 2534041,
    class: "config",
    words: "access to messages is switched off in Instagram",
    cure: "allow it under Connected tools in Instagram",
  },
  { code: 230, class: "fail", words: "the contact has not agreed to that" },
  { code: 341, ...appCalls },
  { code: 368, class: "pause", words: "Instagram blocks the account for a while", cure: checkStatus },
  { code: 551, class: "recipient", words: "the contact does not receive messages from the business" },
  { code: 613, ...accountCalls },
  { code: 613, subcode: 2534040, ...accountSends },
  { code: 613, subcode: 2018338, class: "recipient", words: "Instagram finds that the contact is written to too much" },
  { code: 803, class: "fail", words: "what the request is about does not exist" },
  { code: 2022, class: "pause", words: "Instagram switched the business's messages off", cure: checkStatus },
  {
    // Meta counts it as a wrong request, but every request has this address: it fails all texts or none.
    code: 2500,
    class: "config",
    words: "Instagram does not know the address",
    cure: "check IG_GRAPH_URL and IG_GRAPH_VERSION",
  },
  {
    code: 36103,
    class: "config",
    words: "the account may not use messaging yet",
    cure: "check its status in the Meta dashboard",
  },
  { code: 80001, ...pageCalls },
  { code: 80002, ...accountCalls },
  { code: 80006, ...accountSends },
  { code: 80007, ...accountCalls },
  { subcode: 2018300, ...otherApp },
  { code: 9000001, ...deleted },
  { subcode: 9000001, ...deleted },
  {
    says: /to use .?human agent/i,
    class: "fail",
    words: "Meta has not approved the app's Human Agent feature",
    cure: "after 24 h only an approved app may answer",
  },
];
